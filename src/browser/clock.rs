//! The browser's clock and calendar.

use js_sys::{Date, Object, Reflect};

/// A whole number of what JavaScript counts in floats; not-a-number is 0.
#[expect(clippy::cast_possible_truncation, reason = "saturates, far beyond any time or length")]
pub(super) fn whole(number: f64) -> i64 {
    number as i64
}

/// Milliseconds since 1970, as this machine believes.
pub fn now_ms() -> i64 {
    whole(Date::now())
}

/// An RFC 3339 time, or the date of an HTTP header.
pub fn parse_ms(text: &str) -> Option<i64> {
    let ms = Date::parse(text);
    ms.is_finite().then(|| whole(ms))
}

/// A day such as `21 May 2027`, in the visitor's time zone.
pub fn day(rfc3339: &str) -> String {
    let options = Object::new();
    for (name, value) in [("day", "numeric"), ("month", "short"), ("year", "numeric")] {
        // A fresh plain object takes every property.
        let _ = Reflect::set(&options, &name.into(), &value.into());
    }
    Date::new(&rfc3339.into()).to_locale_date_string("en-GB", &options).into()
}
