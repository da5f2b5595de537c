//! Points in time as Terraform writes them for budgets: `2026-01-31_12:00`, in UTC.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use mesh_provider::ProviderDiagnostic;
use mesh_value::{AttributePath, Value};

/// The end that a budget has for which none is written.
pub(super) const FOR_EVER: &str = "2087-06-15_00:00";

/// A written time.
pub(super) fn parse(text: &str) -> Option<DateTime> {
    let (date, time) = text.split_once('_')?;
    let shape = |text: &str, lengths: &[usize], between: char| {
        let parts: Vec<_> = text.split(between).collect();
        parts.iter().map(|part| part.len()).eq(lengths.iter().copied())
            && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if !shape(date, &[4, 2, 2], '-') || !shape(time, &[2, 2], ':') {
        return None;
    }
    let read = DateTime::from_str(&format!("{date}T{time}:00Z"), Format::DateTime).ok()?;
    // A day that its month does not have would be another one.
    (write(&read).as_deref() == Some(text)).then_some(read)
}

/// A time in words.
pub(super) fn write(time: &DateTime) -> Option<String> {
    let text = time.fmt(Format::DateTime).ok()?;
    let (date, time) = text.split_once('T')?;
    Some(format!("{date}_{}", time.get(..5)?))
}

/// A text that is no such time.
pub(super) fn problems(config: &Value, name: &str) -> Vec<ProviderDiagnostic> {
    let text = config.get(name).and_then(Value::as_str).filter(|text| parse(text).is_none());
    let Some(text) = text else { return Vec::new() };
    let detail = format!("\"{text}\" is no time: write it like \"2026-01-31_12:00\", in UTC.");
    vec![ProviderDiagnostic::error("Invalid time", detail).at(AttributePath::attr(name))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_it_was_read() {
        for (text, seconds) in
            [("2026-01-31_12:00", 1_769_860_800), (FOR_EVER, 3_706_473_600), ("1970-01-01_00:01", 60)]
        {
            let time = parse(text).unwrap();
            assert_eq!((time.secs(), write(&time).as_deref()), (seconds, Some(text)));
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "2026-01-31", "2026-01-31 12:00", "2026-02-30_00:00", "26-1-3_1:0", "2026-01-31_25:00"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
