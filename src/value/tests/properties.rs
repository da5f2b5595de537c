//! What holds of all values: codecs lose nothing, conversion settles at once, sets know no order.

mod common;

use common::{Parts, number, typed, value};
use mesh_value::{
    Number, Type, Value, can_convert, convert, decode_json_as, decode_msgpack, decode_whole, differing_paths,
    encode_json, encode_msgpack, encode_whole, from_json, to_json, unify,
};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn numbers_are_read_as_written(number in number()) {
        prop_assert_eq!(number.to_string().parse::<Number>(), Ok(number));
    }

    #[test]
    fn arithmetic_agrees_with_itself(left in number(), right in number()) {
        let sum = left.checked_add(&right).unwrap();
        prop_assert_eq!(&sum, &right.checked_add(&left).unwrap());
        prop_assert_eq!(&sum - &sum, Number::ZERO);
        prop_assert_eq!(left.cmp(&right), right.cmp(&left).reverse());
        prop_assert_eq!(left < right, &left - &right < Number::ZERO);
        prop_assert!(left.floor() <= left && left <= left.ceil());
        if !right.is_zero() {
            let quotient = left.checked_div(&right).unwrap();
            prop_assert!(quotient.is_zero() || quotient.is_negative() == (left.is_negative() != right.is_negative()));
            let rest = left.checked_rem(&right).unwrap();
            prop_assert!(rest.is_zero() || left.is_zero() || rest.abs() < right.abs() || rest.abs() < left.abs());
        }
    }

    #[test]
    fn small_arithmetic_is_exact(left in any::<i64>(), right in any::<i64>()) {
        let (a, b) = (Number::from(left), Number::from(right));
        prop_assert_eq!(a.checked_mul(&b).unwrap().to_string(), (i128::from(left) * i128::from(right)).to_string());
        prop_assert_eq!((&a + &b).to_string(), (i128::from(left) + i128::from(right)).to_string());
        prop_assert_eq!((&a - &b).to_string(), (i128::from(left) - i128::from(right)).to_string());
        if right != 0 {
            prop_assert_eq!(a.checked_rem(&b).unwrap().to_string(), (i128::from(left) % i128::from(right)).to_string());
        }
    }

    #[test]
    fn json_keeps_known_values((ty, value) in typed(Parts::Known)) {
        let json = to_json(&value, &ty).unwrap();
        prop_assert_eq!(&from_json(&json, &ty).unwrap(), &value);
        prop_assert_eq!(&decode_json_as(&json.to_string(), &ty).unwrap(), &value);
        let open = to_json(&value, &Type::Any).unwrap();
        prop_assert_eq!(&from_json(&open, &Type::Any).unwrap(), &value);
        let text = encode_json(&value).unwrap();
        prop_assert_eq!(&decode_json_as(&text, &ty).unwrap(), &value);
    }

    #[test]
    fn msgpack_keeps_all_but_marks((ty, value) in typed(Parts::All)) {
        let plain = value.without_marks_deep();
        prop_assert_eq!(&decode_msgpack(&encode_msgpack(&value, &ty).unwrap(), &ty).unwrap(), &plain);
        let open = encode_msgpack(&value, &Type::Any).unwrap();
        let decoded = decode_msgpack(&open, &Type::Any).unwrap();
        prop_assert_eq!(&decoded, &plain);
    }

    #[test]
    fn whole_values_survive((_, value) in typed(Parts::All)) {
        prop_assert_eq!(&decode_whole(&encode_whole(&value).unwrap()).unwrap(), &value);
        let json = serde_json::to_string(&value).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Value>(&json).unwrap(), &value);
    }

    #[test]
    fn damaged_bytes_are_refused((ty, value) in typed(Parts::All), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = encode_whole(&value).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = decode_whole(&bytes);
        let _ = decode_whole(&bytes[..at]);
        let _ = decode_msgpack(&bytes, &ty);
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..64), ty in common::ty()) {
        let _ = decode_whole(&bytes);
        let _ = decode_msgpack(&bytes, &ty);
        let _ = decode_msgpack(&bytes, &Type::Any);
    }

    #[test]
    fn types_survive(ty in common::ty()) {
        let json = serde_json::to_string(&ty).unwrap();
        prop_assert_eq!(serde_json::from_str::<Type>(&json).unwrap(), ty);
    }

    #[test]
    fn conversion_settles_at_once((ty, value) in typed(Parts::All), other in common::ty()) {
        prop_assert_eq!(convert(&value, &ty).unwrap(), value.clone());
        if let Ok(converted) = convert(&value, &other) {
            prop_assert_eq!(&converted.ty(), &other);
            prop_assert_eq!(&convert(&converted, &other).unwrap(), &converted);
            prop_assert_eq!(converted.marks() | value.marks(), converted.marks());
            prop_assert!(can_convert(&ty, &other));
        }
    }

    #[test]
    fn all_convert_to_what_they_have_in_common(left in common::ty(), right in common::ty()) {
        prop_assert_eq!(unify(&[left.clone(), left.clone()]), Some(left.clone()));
        if let Some(common) = unify(&[left.clone(), right.clone()]) {
            prop_assert!(can_convert(&left, &common), "{} to {}", left, common);
            prop_assert!(can_convert(&right, &common), "{} to {}", right, common);
        }
    }

    #[test]
    fn sets_know_no_order(
        (ty, values) in common::ty().prop_flat_map(|ty| {
            let values = prop::collection::vec(value(&ty, Parts::Known), 0..6);
            values.prop_map(move |values| (ty.clone(), values))
        }),
        rotation in 0usize..6,
    ) {
        let set = Value::set(ty.clone(), values.clone());
        let mut other: Vec<_> = values.iter().cloned().chain(values.iter().rev().cloned()).collect();
        other.rotate_left(rotation.min(values.len()));
        let other = Value::set(ty, other);
        prop_assert_eq!(&set, &other);
        prop_assert_eq!(set.content_hash(), other.content_hash());
        prop_assert_eq!(set.equals(&other).as_bool(), Some(true));
    }

    #[test]
    fn what_differs_is_found(pair in common::ty().prop_flat_map(|ty| (value(&ty, Parts::All), value(&ty, Parts::All)))) {
        let (left, right) = pair;
        let paths = differing_paths(&left, &right);
        prop_assert_eq!(paths.is_empty(), left.same(&right));
        prop_assert_eq!(left.same(&right), left.content_hash() == right.content_hash());
        prop_assert_eq!(left.same(&right), left.canonical_cmp(&right).is_eq());
        if left.is_wholly_known() && right.is_wholly_known() && !left.is_null() {
            prop_assert!(!left.same(&right) || left.equals(&right).as_bool() == Some(true));
        }
    }

    #[test]
    fn marks_survive_being_taken_off((_, value) in typed(Parts::All)) {
        let (plain, marks) = value.unmark_deep();
        prop_assert!(plain.deep_marks().is_empty());
        prop_assert_eq!(plain.with_marks_at(&marks), value);
    }
}
