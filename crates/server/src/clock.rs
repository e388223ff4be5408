//! Moments, as the store keeps them and as answers tell them.
//!
//! Functions that decide by time take a [`Moment`], so a test can hold it still; only the outermost loops call
//! [`Moment::now`].

use std::{
    fmt,
    ops::{Add, Sub},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use time::{
    OffsetDateTime,
    format_description::{BorrowedFormatItem, well_known::Rfc3339},
    macros::format_description,
};

/// RFC 9110, section 5.6.7: a date as headers have it.
const HTTP_DATE: &[BorrowedFormatItem<'_>] =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");

/// A day as a person reads it.
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[day padding:none] [month repr:long] [year]");

/// A moment in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

impl Moment {
    /// Later than anything that happens.
    pub const NEVER: Self = Self(i64::MAX);

    /// The wall clock's moment.
    pub fn now() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }

    /// How long it is from `now` until this moment; zero when it is past.
    pub fn after(self, now: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(now.0)).unwrap_or(0))
    }

    /// It as a date in a header, to the second; empty if no calendar has it.
    pub fn http_date(self) -> String {
        let time = OffsetDateTime::from_unix_timestamp(self.0.div_euclid(1_000)).ok();
        time.and_then(|time| time.format(HTTP_DATE).ok()).unwrap_or_default()
    }

    /// The day that it is on in UTC, for people; empty if no calendar has it.
    pub fn day(self) -> String {
        let time = OffsetDateTime::from_unix_timestamp(self.0.div_euclid(1_000)).ok();
        time.and_then(|time| time.format(DAY).ok()).unwrap_or_default()
    }
}

impl Add<Duration> for Moment {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl Sub<Duration> for Moment {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// RFC 3339 in UTC with milliseconds where there are some.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000).map_err(|_| fmt::Error)?;
        f.write_str(&time.format(&Rfc3339).map_err(|_| fmt::Error)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_as_rfc_3339() {
        assert_eq!(Moment(1_700_000_000_123).to_string(), "2023-11-14T22:13:20.123Z");
    }

    #[test]
    fn a_moment_is_told_as_headers_have_dates() {
        assert_eq!(Moment(784_111_777_999).http_date(), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(Moment::NEVER.http_date(), "");
    }

    #[test]
    fn a_moment_has_a_day_for_people() {
        assert_eq!(Moment(784_111_777_999).day(), "6 November 1994");
        assert_eq!(Moment::NEVER.day(), "");
    }

    #[test]
    fn never_stays_never() {
        assert_eq!(Moment::NEVER + Duration::from_secs(1), Moment::NEVER);
        assert_eq!(Moment(5).after(Moment(9)), Duration::ZERO);
    }
}
