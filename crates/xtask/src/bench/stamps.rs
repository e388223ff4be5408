//! Times and words out of lines of JSON that programs of ours write: enough of a reader for what is measured.

use std::time::Duration;

/// The text of `name` in a flat JSON line.
pub(super) fn text<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = line.split_once(&format!("\"{name}\":\""))?;
    after.split('"').next()
}

/// The number of `name` in a flat JSON line.
pub(super) fn number(line: &str, name: &str) -> Option<u64> {
    let (_, after) = line.split_once(&format!("\"{name}\":"))?;
    after.split([',', '}']).next()?.trim().parse().ok()
}

/// An RFC 3339 moment in UTC, counted from some midnight: right within a month.
pub(super) fn moment(stamp: &str) -> Option<Duration> {
    let (date, time) = stamp.strip_suffix('Z')?.split_once('T')?;
    let day: u64 = date.rsplit('-').next()?.parse().ok()?;
    let mut parts = time.split(':');
    let (hour, minute): (u64, u64) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let second: f64 = parts.next()?.parse().ok()?;
    Some(Duration::from_secs((day * 24 + hour) * 3600 + minute * 60) + Duration::try_from_secs_f64(second).ok()?)
}

/// The value below which `share` (of 1) of the sorted `values` lie.
pub(super) fn percentile(values: &[Duration], share: f64) -> Duration {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place in a list"
    )]
    let at = ((values.len() as f64) * share).ceil() as usize;
    values.get(at.saturating_sub(1)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_line_says_is_read() {
        let line = r#"{"timestamp":"2026-11-22T21:18:26.5Z","step":"made","max_running":10}"#;
        assert_eq!(text(line, "step"), Some("made"));
        assert_eq!((number(line, "max_running"), number(line, "running")), (Some(10), None));
        let at = moment(text(line, "timestamp").unwrap()).unwrap();
        assert_eq!(moment("2026-11-22T21:17:26Z").unwrap() + Duration::from_millis(60_500), at);
        assert_eq!(moment("yesterday"), None);
    }

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let values: Vec<_> = (1..=100).map(Duration::from_millis).collect();
        assert_eq!(percentile(&values, 0.99), Duration::from_millis(99));
        assert_eq!(percentile(&values[..3], 0.99), Duration::from_millis(3));
        assert_eq!(percentile(&[], 0.99), Duration::ZERO);
    }
}
