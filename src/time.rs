//! Instants and durations. No clock and no formatting in here: the browser's `Intl` formats, the caller says what time
//! it is.

use crate::model::{Task, TaskStatus};
use std::ops::RangeInclusive;

/// Milliseconds in a day.
const DAY: i64 = 86_400_000;

/// The years that four digits can tell, 0000 to 9999, in milliseconds since the Unix epoch.
const YEARS: RangeInclusive<i64> = -62_167_219_200_000..=253_402_300_799_999;

/// A point in time, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// The instant that many milliseconds after the Unix epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the Unix epoch.
    pub fn millis(self) -> i64 {
        self.0
    }

    /// Reads an RFC 3339 date and time that in UTC is in the years 0000 to 9999. The service documents UTC with milliseconds; other offsets,
    /// any number of decimals, and a missing offset (taken as UTC) are understood too. A leap second counts as the
    /// first moment of the next minute. Anything else is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader(text.trim().as_bytes());
        let year = reader.digits(4)?;
        reader.one_of(b"-")?;
        let month = reader.digits(2)?;
        reader.one_of(b"-")?;
        let day = reader.digits(2)?;
        reader.one_of(b"Tt ")?;
        let hour = reader.digits(2)?;
        reader.one_of(b":")?;
        let minute = reader.digits(2)?;
        reader.one_of(b":")?;
        let second = reader.digits(2)?;
        let millis = reader.fraction()?;
        let offset = reader.offset()?;
        let valid = (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second <= 60;
        let clock = ((hour * 60 + minute - offset) * 60 + second) * 1000 + millis;
        (valid && reader.0.is_empty())
            .then(|| days_since_epoch(year, month, day) * DAY + clock)
            .filter(|millis| YEARS.contains(millis))
            .map(Self)
    }

    /// The instant in UTC as the service writes it, `2020-06-15T02:21:18.669Z`: the value of a `datetime` attribute.
    pub fn to_iso(self) -> String {
        let (year, month, day) = civil(self.0.div_euclid(DAY));
        let clock = self.0.rem_euclid(DAY);
        let (hour, minute) = (clock / 3_600_000, clock / 60_000 % 60);
        let (second, millis) = (clock / 1000 % 60, clock % 1000);
        let mut text = String::with_capacity(24);
        for (value, width, end) in [
            (year, 4, '-'),
            (month, 2, '-'),
            (day, 2, 'T'),
            (hour, 2, ':'),
            (minute, 2, ':'),
            (second, 2, '.'),
            (millis, 3, 'Z'),
        ] {
            push_padded(&mut text, value, width);
            text.push(end);
        }
        text
    }
}

/// Appends a non-negative number with leading zeros.
fn push_padded(text: &mut String, value: i64, width: u32) {
    for position in (0..width).rev() {
        let digit = value / 10_i64.pow(position) % 10;
        text.push(char::from(b'0' + u8::try_from(digit).unwrap_or(0)));
    }
}

/// What is left to read of a date and time.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        head.iter().try_fold(0, |value, byte| byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0')))
    }

    fn one_of(&mut self, set: &[u8]) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        set.contains(&first).then(|| {
            self.0 = rest;
            first
        })
    }

    /// `.` or `,` and one or more decimals, in milliseconds, cut off below; nothing is zero.
    fn fraction(&mut self) -> Option<i64> {
        if self.one_of(b".,").is_none() {
            return Some(0);
        }
        let length = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        let millis = (0..3).fold(0, |value, i| value * 10 + digits.get(i).map_or(0, |byte| i64::from(byte - b'0')));
        (length > 0).then_some(millis)
    }

    /// `Z`, `±hh:mm` or `±hhmm` in minutes; nothing is UTC.
    fn offset(&mut self) -> Option<i64> {
        if self.0.is_empty() {
            return Some(0);
        }
        let sign = match self.one_of(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Some(0),
        };
        let hours = self.digits(2)?;
        let _ = self.one_of(b":");
        let minutes = self.digits(2)?;
        (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
    }
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar. Years are taken to begin in March, so that the
/// leap day is a year's last and months have a regular pattern of lengths.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let before = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    before + (month * 153 + 2) / 5 + day - 1 - 719_468
}

/// The inverse of [`days_since_epoch`]: year, month, day.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

/// How long a task took, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskDuration {
    /// It has not started, or an instant is missing, unreadable or contradicts another.
    Unknown,
    /// It runs since so long, and counts on.
    Running(u64),
    /// It ended after so long.
    Took(u64),
}

impl TaskDuration {
    /// The duration of a task, told at `now`. Never negative: a task that ended before it started has none that could
    /// be told, and one that starts in the reader's future has just started.
    pub fn of(task: &Task, now: Instant) -> Self {
        let read = |text: &Option<String>| text.as_deref().and_then(Instant::parse);
        match (read(&task.started_at), task.finished_at.as_deref()) {
            (Some(started), Some(finished)) => Instant::parse(finished)
                .and_then(|finished| u64::try_from(finished.millis() - started.millis()).ok())
                .map_or(Self::Unknown, Self::Took),
            (Some(started), None) if task.status == Some(TaskStatus::Running) => {
                Self::Running(u64::try_from(now.millis().saturating_sub(started.millis())).unwrap_or(0))
            }
            _ => Self::Unknown,
        }
    }

    /// Milliseconds, where there are any to tell.
    pub fn millis(self) -> Option<u64> {
        match self {
            Self::Unknown => None,
            Self::Running(millis) | Self::Took(millis) => Some(millis),
        }
    }
}

/// A duration split for reading, rounded to whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Whole hours.
    pub hours: u64,
    /// Minutes, 0 to 59.
    pub minutes: u64,
    /// Seconds, 0 to 59.
    pub seconds: u64,
}

impl Clock {
    /// Splits milliseconds.
    pub fn of_millis(millis: u64) -> Self {
        let seconds = millis / 1000 + u64::from(millis % 1000 >= 500);
        Self { hours: seconds / 3600, minutes: seconds / 60 % 60, seconds: seconds % 60 }
    }

    /// What of it is told: from an hour on, no seconds.
    #[must_use]
    pub fn told(self) -> Self {
        if self.hours == 0 { self } else { Self { seconds: 0, ..self } }
    }
}

/// A unit that a distance in time is told in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Month,
    Year,
}

impl Unit {
    /// Each, the greatest first; its length and the least distance that is told in it, both in milliseconds. Hours
    /// go up to two days and days up to two months, so that a distance never loses more than half of itself.
    const EACH: [(Self, i64, i64); 6] = [
        (Self::Year, 365 * DAY + DAY / 4, 731 * DAY),
        (Self::Month, 30 * DAY + 2 * DAY / 5, 61 * DAY),
        (Self::Day, DAY, 2 * DAY),
        (Self::Hour, 3_600_000, 3_600_000),
        (Self::Minute, 60_000, 60_000),
        (Self::Second, 1000, 0),
    ];

    /// The name that `Intl.RelativeTimeFormat` knows it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// How far an instant is from now: so many units, negative in the past. Cut off towards now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Distance {
    /// How many; negative in the past.
    pub value: i64,
    /// Of what.
    pub unit: Unit,
    /// When this begins to be told in another way.
    pub until: Instant,
}

impl Distance {
    /// From `now` to an instant.
    pub fn of(instant: Instant, now: Instant) -> Self {
        let millis = instant.0.saturating_sub(now.0);
        let size = millis.saturating_abs();
        let fits = |(_, _, least): &(Unit, i64, i64)| size >= *least;
        let (unit, length, _) = Unit::EACH.into_iter().find(fits).unwrap_or((Unit::Second, 1000, 0));
        let value = millis / length;
        let passed = size / length * length;
        let until = if value > 0 { instant.0 - passed + 1 } else { instant.0 + passed + length };
        Self { value, unit, until: Instant(until) }
    }
}

/// From how much on two clocks are told to differ, in milliseconds. An answer may be on its way for half of that.
const SKEW: i64 = 60_000;

/// How far the clock that dated an answer is ahead of the reader's, in milliseconds; 0 if the two hardly differ.
pub fn skew(served: Option<Instant>, now: i64) -> i64 {
    let skew = served.map_or(0, |served| served.0.saturating_sub(now));
    if skew.saturating_abs() >= SKEW { skew } else { 0 }
}
