//! Instants. A timestamp is any instant that RFC 3339 has a text for, whatever the offset, and is written as the one text that this
//! module chooses; it knows no time zone and no leap second.

use std::{fmt, str::FromStr, time::SystemTime};

use jiff::{
    SignedDuration,
    civil::{DateTime, date},
};

use super::parse_timestamp;
use crate::Problem;

/// What is said of an instant that no [`Timestamp`] holds.
const RANGE: &str = "timestamp, which has a year from 0000 to 9999";

const EPOCH: DateTime = date(1970, 1, 1).at(0, 0, 0, 0);

/// The first and the last second of the years that have four digits, from 1970 in UTC.
const FIRST: i64 = -62_167_219_200;
const LAST: i64 = 253_402_300_799;

/// The largest offset: 23 hours and 59 minutes.
const OFFSET: i64 = 86_340;

/// An instant, exact to the nanosecond, that has a year from 0000 to 9999 in UTC or at an offset. Written in UTC as RFC 3339:
/// `2026-01-31T08:30:00Z`; the few hours beyond those years are written at the smallest offset that keeps the year, such as
/// `9999-12-31T23:59:59-01:00`.
///
/// ```
/// # use isobar::Timestamp;
/// let forever: Timestamp = "9999-12-31T23:59:59Z".parse()?;
/// assert!(Timestamp::now() < forever);
/// let earlier: jiff::Timestamp = "2026-01-31T08:30:00+01:00".parse::<Timestamp>()?.try_into()?;
/// assert_eq!(earlier.to_string(), "2026-01-31T07:30:00Z");
/// # Ok::<(), isobar::Problem>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(SignedDuration);

impl Timestamp {
    /// `0000-01-01T00:00:00+23:59`.
    pub const MIN: Self = Self(SignedDuration::new(FIRST - OFFSET, 0));

    /// `9999-12-31T23:59:59.999999999-23:59`.
    pub const MAX: Self = Self(SignedDuration::new(LAST + OFFSET, 999_999_999));

    /// `1970-01-01T00:00:00Z`, which is also the default.
    pub const UNIX_EPOCH: Self = Self(SignedDuration::ZERO);

    /// What the system's clock says.
    pub fn now() -> Self {
        Self(jiff::Timestamp::now().as_duration()).clamp(Self::MIN, Self::MAX)
    }

    /// So many seconds and nanoseconds after 1970, or before if they are negative.
    ///
    /// # Errors
    /// [`Problem::OutOfRange`] outside of [`MIN`](Self::MIN) to [`MAX`](Self::MAX).
    pub fn new(seconds: i64, nanoseconds: i32) -> Result<Self, Problem> {
        let since = SignedDuration::from_secs(seconds).checked_add(SignedDuration::from_nanos(nanoseconds.into()));
        let seconds = || Problem::out_of_range(&format!("{seconds} s"), RANGE);
        since.and_then(Self::since_epoch).ok_or_else(seconds)
    }

    /// Whole seconds since 1970, rounded towards it.
    pub const fn as_second(self) -> i64 {
        self.0.as_secs()
    }

    /// The nanoseconds beside [`as_second`](Self::as_second), of the same sign.
    pub const fn subsec_nanosecond(self) -> i32 {
        self.0.subsec_nanos()
    }

    /// This much later, or earlier if it is negative; `None` outside of the range.
    pub fn checked_add(self, duration: SignedDuration) -> Option<Self> {
        self.0.checked_add(duration).and_then(Self::since_epoch)
    }

    /// The time from `earlier` to this; negative if that is later.
    pub fn duration_since(self, earlier: Self) -> SignedDuration {
        // Both are within some 10,000 years.
        self.0 - earlier.0
    }

    /// The instant at which a clock that is so many seconds ahead of UTC shows `local`.
    pub(super) fn at_offset(local: DateTime, seconds: i32) -> Option<Self> {
        Self::since_epoch(local.duration_since(EPOCH) - SignedDuration::from_secs(seconds.into()))
    }

    fn since_epoch(since: SignedDuration) -> Option<Self> {
        Some(Self(since)).filter(|it| (Self::MIN..=Self::MAX).contains(it))
    }

    /// How many minutes ahead of UTC a clock must be to show a year of four digits: none, if UTC does.
    fn minutes_ahead(self) -> i64 {
        let second = self.0.as_secs() - i64::from(self.0.subsec_nanos() < 0);
        let up = |seconds: i64| (seconds + 59) / 60;
        if second < FIRST { up(FIRST - second) } else { -up((second - LAST).max(0)) }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = self.minutes_ahead();
        let local = EPOCH.saturating_add(self.0 + SignedDuration::from_secs(minutes * 60));
        match minutes {
            0 => write!(f, "{local}Z"),
            _ => {
                let (sign, minutes) = (if minutes < 0 { '-' } else { '+' }, minutes.abs());
                write!(f, "{local}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        parse_timestamp(text)
    }
}

impl TryFrom<jiff::Timestamp> for Timestamp {
    type Error = Problem;

    /// Refuses what lies before [`Timestamp::MIN`].
    fn try_from(instant: jiff::Timestamp) -> Result<Self, Problem> {
        Self::since_epoch(instant.as_duration()).ok_or_else(|| Problem::out_of_range(&instant.to_string(), RANGE))
    }
}

impl TryFrom<Timestamp> for jiff::Timestamp {
    type Error = Problem;

    /// Refuses what lies after [`jiff::Timestamp::MAX`], `9999-12-30T22:00:00.999999999Z`.
    fn try_from(instant: Timestamp) -> Result<Self, Problem> {
        let too_late = |_| Problem::out_of_range(&instant.to_string(), "jiff::Timestamp");
        jiff::Timestamp::from_duration(instant.0).map_err(too_late)
    }
}

impl TryFrom<SystemTime> for Timestamp {
    type Error = Problem;

    /// Refuses what no timestamp is.
    fn try_from(time: SystemTime) -> Result<Self, Problem> {
        let since = SignedDuration::system_until(SystemTime::UNIX_EPOCH, time).ok();
        since.and_then(Self::since_epoch).ok_or_else(|| Problem::out_of_range("a system time", RANGE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{TIMESTAMP_PATTERN, matches};
    use proptest::prelude::*;
    use std::time::Duration;

    #[test]
    fn what_utc_has_no_year_for_is_written_at_the_smallest_offset() {
        let table = [
            ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"),
            ("9999-12-31T23:59:59-01:00", "9999-12-31T23:59:59-01:00"),
            ("9999-12-31T23:00:00.5-01:00", "9999-12-31T23:59:00.5-00:01"),
            ("9999-12-31T23:59:59.999999999-23:59", "9999-12-31T23:59:59.999999999-23:59"),
            ("9999-12-31T22:59:59-01:00", "9999-12-31T23:59:59Z"),
            ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
            ("0000-01-01T00:00:30.25+00:01", "0000-01-01T00:00:30.25+00:01"),
            ("0000-01-01T00:59:59.25+01:00", "0000-01-01T00:00:59.25+00:01"),
            ("0000-01-01T00:00:00+23:59", "0000-01-01T00:00:00+23:59"),
            ("0000-01-01T01:00:00+01:00", "0000-01-01T00:00:00Z"),
        ];
        for (text, written) in table {
            let read: Timestamp = text.parse().unwrap();
            assert_eq!(read.to_string(), written, "{text}");
            assert_eq!(written.parse(), Ok(read), "{text}");
        }
        assert_eq!(Timestamp::MIN.to_string(), "0000-01-01T00:00:00+23:59");
        assert_eq!(Timestamp::MAX.to_string(), "9999-12-31T23:59:59.999999999-23:59");
        assert_eq!(format!("{:?}", Timestamp::UNIX_EPOCH), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn what_has_no_text_is_no_timestamp() {
        let beyond = SignedDuration::from_nanos(1);
        assert_eq!(Timestamp::MAX.checked_add(beyond), None);
        assert_eq!(Timestamp::MIN.checked_add(-beyond), None);
        assert_eq!(Timestamp::MAX.checked_add(SignedDuration::MAX), None);
        assert!(Timestamp::new(i64::MAX, 1_000_000_000).is_err());
        assert_eq!(
            Timestamp::new(LAST + OFFSET + 1, 0).unwrap_err().to_string(),
            "253402387140 s is out of range for timestamp, which has a year from 0000 to 9999"
        );
        let before = jiff::Timestamp::MIN;
        assert_eq!(
            Timestamp::try_from(before).unwrap_err().to_string(),
            "-009999-01-02T01:59:59Z is out of range for timestamp, which has a year from 0000 to 9999"
        );
        let last = Timestamp::try_from(jiff::Timestamp::MAX).unwrap();
        assert_eq!(jiff::Timestamp::try_from(last), Ok(jiff::Timestamp::MAX));
        let after = last.checked_add(beyond).unwrap();
        assert_eq!(
            jiff::Timestamp::try_from(after).unwrap_err().to_string(),
            "9999-12-30T22:00:01Z is out of range for jiff::Timestamp"
        );
        let system = SystemTime::UNIX_EPOCH + Duration::new(1, 5);
        assert_eq!(Timestamp::try_from(system), Timestamp::new(1, 5));
        assert!(Timestamp::now().duration_since(Timestamp::UNIX_EPOCH).is_positive());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            seconds in prop_oneof![FIRST - OFFSET..=LAST + OFFSET, FIRST - OFFSET..FIRST + OFFSET, LAST - OFFSET..=LAST + OFFSET],
            nanoseconds in prop_oneof![Just(0), 0..1_000_000_000],
        ) {
            let instant = Timestamp::new(seconds, nanoseconds).unwrap();
            let text = instant.to_string();
            prop_assert!(matches(TIMESTAMP_PATTERN, &text), "{}", text);
            prop_assert_eq!(text.parse(), Ok(instant));
            let same = Timestamp::new(instant.as_second(), instant.subsec_nanosecond());
            prop_assert_eq!(same, Ok(instant));
        }
    }
}
