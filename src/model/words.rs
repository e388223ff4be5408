//! Numbers as people read them. English only, for now.

/// `2:04`, or `1:02:04` from an hour on.
pub fn length(ms: i64) -> String {
    let s = ms.max(0) / 1_000;
    let (hours, minutes, seconds) = (s / 3_600, s / 60 % 60, s % 60);
    let pad = |n: i64| if n < 10 { ["0", &n.to_string()].concat() } else { n.to_string() };
    if hours == 0 {
        [&minutes.to_string(), ":", &pad(seconds)].concat()
    } else {
        [&hours.to_string(), ":", &pad(minutes), ":", &pad(seconds)].concat()
    }
}

/// `8 s` under a minute and a half, else `5 min`.
pub fn about(seconds: u32) -> String {
    if seconds < 90 {
        [&seconds.to_string(), " s"].concat()
    } else {
        [&((seconds + 30) / 60).to_string(), " min"].concat()
    }
}

/// `8.4 MB`, `120 kB`, `1.2 GB`: of a thousand, as disks are sold, with a place behind the point below ten.
pub fn bytes(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1_000 => return [&bytes.to_string(), " bytes"].concat(),
        1_000..1_000_000 => (1_000, " kB"),
        1_000_000..1_000_000_000 => (1_000_000, " MB"),
        _ => (1_000_000_000, " GB"),
    };
    let tenths = bytes / (unit / 10);
    if tenths < 100 && !tenths.is_multiple_of(10) {
        [&(tenths / 10).to_string(), ".", &(tenths % 10).to_string(), name].concat()
    } else {
        [&(tenths / 10).to_string(), name].concat()
    }
}

/// `1st`, `2nd`, `3rd`, `11th`.
pub fn ordinal(n: u32) -> String {
    let suffix = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    [&n.to_string(), suffix].concat()
}

/// `$2.52`; under a cent, the four places that still say something.
pub fn usd(dollars: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "saturates far beyond any price")]
    let ten_thousandths = (dollars * 10_000.0 + 0.5) as i64;
    let (unit, places) = if ten_thousandths < 100 { (ten_thousandths, 4) } else { ((ten_thousandths + 50) / 100, 2) };
    let mut digits = unit.max(0).to_string();
    while digits.len() <= places {
        digits.insert(0, '0');
    }
    let (whole, part) = digits.split_at_checked(digits.len() - places).unwrap_or((&digits, ""));
    ["$", whole, ".", part].concat()
}

/// How long ago: `just now`, `5 min ago`, `3 h ago`, `yesterday`, `4 days ago`; older than a week is the caller's to date.
pub fn age(ms: i64) -> Option<String> {
    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    Some(match ms {
        _ if ms < MINUTE => "just now".to_owned(),
        _ if ms < HOUR => [&(ms / MINUTE).to_string(), " min ago"].concat(),
        _ if ms < DAY => [&(ms / HOUR).to_string(), " h ago"].concat(),
        _ if ms < 2 * DAY => "yesterday".to_owned(),
        _ if ms < 8 * DAY => [&(ms / DAY).to_string(), " days ago"].concat(),
        _ => return None,
    })
}

/// `1 dub`, `3 dubs`.
pub fn count(n: usize, one: &str) -> String {
    [n.to_string().as_str(), " ", one, if n == 1 { "" } else { "s" }].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_like_a_players() {
        for (ms, text) in [(0, "0:00"), (8_400, "0:08"), (124_999, "2:04"), (3_724_000, "1:02:04"), (-5, "0:00")] {
            assert_eq!(length(ms), text);
        }
    }

    #[test]
    fn estimates_are_rounded() {
        assert_eq!([8, 89, 90, 300].map(about), ["8 s", "89 s", "2 min", "5 min"]);
    }

    #[test]
    fn sizes_are_told_in_the_largest_unit_that_fits() {
        for (size, text) in [
            (7, "7 bytes"),
            (8_440_000, "8.4 MB"),
            (120_900, "120 kB"),
            (100_000_000, "100 MB"),
            (2_000_000_000, "2 GB"),
        ] {
            assert_eq!(bytes(size), text);
        }
    }

    #[test]
    fn places_in_the_queue_are_ordinals() {
        let texts = [1, 2, 3, 4, 11, 12, 13, 21, 102, 111].map(ordinal);
        assert_eq!(texts, ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th"]);
    }

    #[test]
    fn prices_have_cents_and_tiny_ones_more() {
        assert_eq!([2.52, 0.0, 0.008, 12.999, 0.05].map(usd), ["$2.52", "$0.0000", "$0.0080", "$13.00", "$0.05"]);
    }

    #[test]
    fn ages_grow_coarser_and_then_become_dates() {
        let ages = [-1, 59_999, 300_000, 10_800_000, 86_400_000, 4 * 86_400_000].map(|ms| age(ms).unwrap());
        assert_eq!(ages, ["just now", "just now", "5 min ago", "3 h ago", "yesterday", "4 days ago"]);
        assert_eq!(age(8 * 86_400_000), None);
    }
}
