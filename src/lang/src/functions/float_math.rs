//! Logarithms and powers of 64-bit floats to the last digit as Go computes them, which other libraries miss by one.

/// The natural logarithm as Go computes it, by the algorithm of FreeBSD's `e_log.c` (Sun Microsystems, 1993): others
/// differ in the last digit.
pub(super) fn ln(value: f64) -> f64 {
    if !value.is_normal() || value < 0.0 {
        return value.ln();
    }
    let bits = value.to_bits();
    let mut exponent = f64::from(u32::try_from(bits >> 52).unwrap_or_default()) - 1022.0;
    let mut mantissa = f64::from_bits((bits & ((1 << 52) - 1)) | (1022 << 52));
    if mantissa < std::f64::consts::FRAC_1_SQRT_2 {
        mantissa *= 2.0;
        exponent -= 1.0;
    }
    let rest = mantissa - 1.0;
    let s = rest / (2.0 + rest);
    let s2 = s * s;
    let s4 = s2 * s2;
    let odd = 0.181_835_721_616_180_5 + s4 * 0.147_981_986_051_165_86;
    let odd = s2 * (0.666_666_666_666_673_5 + s4 * (0.285_714_287_436_623_9 + s4 * odd));
    let even = s4 * (0.399_999_999_994_094_2 + s4 * (0.222_221_984_321_497_84 + s4 * 0.153_138_376_992_093_73));
    let half = 0.5 * rest * rest;
    let (high, low) = (exponent * 6.931_471_803_691_238e-1, exponent * 1.908_214_929_270_587_7e-10);
    high - ((half - (s * (half + odd + even) + low)) - rest)
}

/// A power: the mantissa is squared and multiplied apart from the exponent, so that neither overflows on the way.
pub(super) fn pow(base: f64, power: f64) -> f64 {
    let (whole, fraction) = (power.abs().trunc(), power.abs().fract());
    let is_simple = base == 0.0 || base == 1.0 || !base.is_finite() || power == 0.0 || whole >= 9.2e18;
    if is_simple || (fraction != 0.0 && base < 0.0) {
        return base.powf(power);
    }
    if power.abs() == 0.5 {
        return if power < 0.0 { 1.0 / base.sqrt() } else { base.sqrt() };
    }
    let (fraction, whole) = if fraction > 0.5 { (fraction - 1.0, whole + 1.0) } else { (fraction, whole) };
    let mut mantissa = if fraction == 0.0 { 1.0 } else { (fraction * ln(base)).exp() };
    let mut exponent = 0_i64;
    let (mut square, mut square_exponent) = parts(base);
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and less than 2^63")]
    let mut left = whole as i64;
    while left != 0 {
        if square_exponent.abs() > 1 << 12 {
            exponent += square_exponent;
            break;
        }
        if left & 1 == 1 {
            mantissa *= square;
            exponent += square_exponent;
        }
        square *= square;
        square_exponent *= 2;
        if square < 0.5 {
            square += square;
            square_exponent -= 1;
        }
        left >>= 1;
    }
    if power < 0.0 { scaled(1.0 / mantissa, -exponent) } else { scaled(mantissa, exponent) }
}

/// A mantissa of at least a half and less than one, with the sign, and the exponent of two.
fn parts(value: f64) -> (f64, i64) {
    let (value, shift) = if value.is_normal() { (value, 0) } else { (value * 2_f64.powi(64), 64) };
    let bits = value.to_bits();
    let exponent = i64::try_from((bits >> 52) & 0x7ff).unwrap_or_default() - 1022 - shift;
    (f64::from_bits((bits & !(0x7ff << 52)) | (1022 << 52)), exponent)
}

/// A value times a power of two.
fn scaled(value: f64, exponent: i64) -> f64 {
    let mut value = value;
    let mut left = exponent.clamp(-5000, 5000);
    while left != 0 {
        let step = left.clamp(-1000, 1000);
        value *= 2_f64.powi(i32::try_from(step).unwrap_or_default());
        left -= step;
    }
    value
}
