//! The nearest name, since most wrong names are slips of the finger, and the article before a name.

/// Longer names than this are not typed by hand, and comparing them costs the square of their length.
const LONGEST: usize = 128;

/// The article that starts a sentence about a name: `An` before a vowel, else `A`.
#[must_use]
pub fn article(name: &str) -> &'static str {
    if name.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']) { "An" } else { "A" }
}

/// The candidate that `name` was probably meant to be, if one is near enough to suggest it.
///
/// Near enough is one slip (a wrong, missing, extra or swapped character) in each three characters, at most three in all,
/// or a name that is the start of a candidate. A difference in letter case alone is always near. Of equally near
/// candidates it is the one of the same length, then with the longer common start, then the first in the alphabet: the
/// answer doesn't depend on the candidates' order.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let length = wanted.chars().count();
    if length == 0 || length > LONGEST {
        return None;
    }
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .filter_map(|candidate| Some((distance(&wanted, length, candidate)?, candidate)))
        .min_by(|(left, left_name), (right, right_name)| {
            let longer = |name: &str| name.chars().count().abs_diff(length);
            let start = |name: &str| strsim::jaro_winkler(&wanted, name);
            left.cmp(right)
                .then_with(|| longer(left_name).cmp(&longer(right_name)))
                .then_with(|| start(right_name).total_cmp(&start(left_name)))
                .then_with(|| left_name.cmp(right_name))
        })
        .map(|(_, candidate)| candidate)
}

/// How many slips lie between a name in lower case and a candidate; `None` where they are too many.
fn distance(wanted: &str, length: usize, candidate: &str) -> Option<usize> {
    let candidate_length = candidate.chars().count();
    if candidate_length > LONGEST {
        return None;
    }
    let candidate = candidate.to_lowercase();
    if candidate == wanted {
        return Some(0);
    }
    let most = (length / 3).clamp(usize::from(length > 1), 3);
    let slips = (candidate_length.abs_diff(length) <= most).then(|| strsim::damerau_levenshtein(wanted, &candidate));
    match slips {
        Some(slips) if slips <= most => Some(slips),
        _ if length >= 3 && candidate.starts_with(wanted) => Some(most + 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;
    use crate::Diagnostic;

    #[test]
    fn slips_are_found_and_other_words_are_not() {
        let cases = [
            ("zonez", &["zone", "zones", "region"][..], Some("zones")),
            ("buckte", &["bucket", "buckets"], Some("bucket")),
            ("Region", &["region"], Some("region")),
            ("regi", &["region", "zone"], Some("region")),
            ("local_bucket.landng", &["local_bucket.landing", "local_bucket.lading"], Some("local_bucket.landing")),
            ("aws_s3_bucket_policy", &["aws_s3_bucket_acl"], None),
            ("orders", &["orders"], None),
            ("x", &["y"], None),
            ("ab", &["ac"], Some("ac")),
            ("bucket", &["schedule", ""], None),
            ("", &["a"], None),
            ("größe", &["grösse", "große"], Some("große")),
        ];
        for (name, candidates, expected) in cases {
            assert_eq!(nearest(name, candidates.iter().copied()), expected, "{name}");
            assert_eq!(nearest(name, candidates.iter().rev().copied()), expected, "{name}, candidates reversed");
        }
    }

    #[test]
    fn only_a_near_name_becomes_a_hint() {
        let diagnostic = Diagnostic::error("unknown-reference", "Reference to something that is not declared", "");
        assert_eq!(diagnostic.clone().suggest("zonez", ["zones"]).hints, ["Did you mean `zones`?"]);
        assert_eq!(diagnostic.suggest("zonez", ["bucket"]).hints, [""; 0]);
    }
}
