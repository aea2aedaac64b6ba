//! When a cron job runs: five fields, as in crontab.
//!
//! The dialect of the schedules is the released scheduler's own: what the cron crates take beyond it (names of schedules,
//! seconds, `L`, `#`, Sunday as 7, both kinds of days at once) has to be refused here. So it is read by a parser of ours.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

use crate::Error;

const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// What one field can hold.
#[derive(Debug, Clone, Copy)]
struct Kind {
    name: &'static str,
    first: u32,
    last: u32,
    /// Names of the numbers from `first`.
    names: &'static [&'static str],
}

const MINUTE: Kind = kind("minute", 0, 59, &[]);
const HOUR: Kind = kind("hour", 0, 23, &[]);
const DAY: Kind = kind("day of month", 1, 31, &[]);
const MONTH: Kind = kind("month", 1, 12, &MONTHS);
const WEEKDAY: Kind = kind("day of week", 0, 6, &DAYS);

const fn kind(name: &'static str, first: u32, last: u32, names: &'static [&'static str]) -> Kind {
    Kind {
        name,
        first,
        last,
        names,
    }
}

/// The numbers of one field, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Field(u64);

impl Field {
    fn of(numbers: impl Iterator<Item = u32>) -> Self {
        Self(numbers.fold(0, |bits, number| bits | 1 << number))
    }

    fn all(kind: Kind) -> Self {
        Self::of(kind.first..=kind.last)
    }

    fn has(self, number: impl TryInto<u32>) -> bool {
        number
            .try_into()
            .is_ok_and(|number: u32| number < 64 && self.0 & 1 << number != 0)
    }

    fn numbers(self) -> impl Iterator<Item = u32> {
        (0..64).filter(move |number| self.has(*number))
    }
}

/// When a cron job runs, by the grammar of the scheduler of release 0.12.0: five fields for minute, hour, day of month,
/// month and day of week.
///
/// It shows itself in its normal form, with lists and ranges of numbers.
///
/// ```
/// use aurora_config::CronSchedule;
/// use jiff::{Timestamp, tz::TimeZone};
///
/// let schedule: CronSchedule = "*/30 9-17 * * MON-FRI".parse()?;
/// assert_eq!(schedule.to_string(), "0,30 9-17 * * 1-5");
/// let friday: Timestamp = "2015-12-04T17:45:00Z".parse()?;
/// let monday: Timestamp = "2015-12-07T09:00:00Z".parse()?;
/// assert_eq!(schedule.next_after(friday, &TimeZone::UTC), Some(monday));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CronSchedule {
    minute: Field,
    hour: Field,
    day: Field,
    month: Field,
    weekday: Field,
}

impl FromStr for CronSchedule {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::read(text).map_err(|reason| Error::CronSchedule { reason })
    }
}

impl CronSchedule {
    fn read(text: &str) -> Result<Self, String> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let trimmed = text.trim().len() == text.len();
        let &[minute, hour, day, month, weekday] = fields.as_slice() else {
            return Err(format!(
                "cron schedule `{text}` does not have five fields: minute, hour, day of month, month, day of week"
            ));
        };
        if !trimmed {
            return Err(format!("cron schedule `{text}` begins or ends with blanks"));
        }
        let schedule = Self {
            minute: field(minute, MINUTE)?,
            hour: field(hour, HOUR)?,
            day: field(day, DAY)?,
            month: field(month, MONTH)?,
            weekday: field(weekday, WEEKDAY)?,
        };
        if schedule.day != Field::all(DAY) && schedule.weekday != Field::all(WEEKDAY) {
            return Err(format!(
                "cron schedule `{text}` names both days of the month and days of the week; one of them has to be `*`"
            ));
        }
        Ok(schedule)
    }
}

fn field(text: &str, kind: Kind) -> Result<Field, String> {
    let mut bits = 0;
    for part in text.split(',') {
        let found = component(part, kind).ok_or_else(|| {
            format!(
                "`{part}` is not valid as the {} of a cron schedule; use `*`, `*/STEP`, and numbers, ranges and ranges/STEP from {} to {}",
                kind.name, kind.first, kind.last
            )
        })?;
        bits |= found.0;
    }
    Ok(Field(bits))
}

fn component(text: &str, kind: Kind) -> Option<Field> {
    if text == "*" {
        return Some(Field::all(kind));
    }
    if let Some(step) = text.strip_prefix("*/") {
        let step = digits(step).filter(|step| *step > 0)?;
        return Some(Field::of((kind.first..=kind.last).step_by(step)));
    }
    let (range, step) = match text.split_once('/') {
        None => (text, None),
        Some((range, step)) => (range, Some(digits(step)?)),
    };
    let Some((first, last)) = range.split_once('-') else {
        // A step needs a range.
        let number = number(range, kind)?;
        return step.is_none().then(|| Field::of(number..=number));
    };
    let (first, last) = (number(first, kind)?, number(last, kind)?);
    if first > last {
        return None;
    }
    let step = match step {
        None => 1,
        Some(step) if step > 0 && u32::try_from(step).is_ok_and(|step| step < last) => step,
        Some(_) => return None,
    };
    Some(Field::of((first..=last).step_by(step)))
}

fn number(text: &str, kind: Kind) -> Option<u32> {
    let named = kind
        .names
        .iter()
        .zip(kind.first..)
        .find(|(name, _)| name.eq_ignore_ascii_case(text));
    let number = match named {
        Some((_, number)) => number,
        None => u32::try_from(digits(text)?).ok()?,
    };
    (kind.first..=kind.last).contains(&number).then_some(number)
}

/// Digits and nothing else; `parse` alone would take a sign.
fn digits(text: &str) -> Option<usize> {
    let all = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().ok()).flatten()
}

impl fmt::Display for CronSchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = [
            normal(self.minute, MINUTE),
            normal(self.hour, HOUR),
            normal(self.day, DAY),
            normal(self.month, MONTH),
            normal(self.weekday, WEEKDAY),
        ];
        f.write_str(&fields.join(" "))
    }
}

fn normal(field: Field, kind: Kind) -> String {
    if field == Field::all(kind) {
        return "*".to_owned();
    }
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for number in field.numbers() {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => ranges.push((number, number)),
        }
    }
    let texts: Vec<String> = ranges
        .into_iter()
        .map(|(first, last)| {
            if first == last {
                first.to_string()
            } else {
                format!("{first}-{last}")
            }
        })
        .collect();
    texts.join(",")
}

impl CronSchedule {
    /// The first time after `now` at which the clock of the zone shows a time of the schedule; `None` if there is none
    /// within nine years, which is all leap years can take.
    ///
    /// Times that a change of the clock leaves out do not come; those that it repeats come twice.
    pub fn next_after(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        const DAYS_AHEAD: usize = 9 * 366;
        let mut date = now.to_zoned(zone.clone()).date();
        for _ in 0..DAYS_AHEAD {
            if self.has_day(date)
                && let Some(found) = self.first_on(date, now, zone)
            {
                return Some(found);
            }
            date = date.checked_add(1.day()).ok()?;
        }
        None
    }

    fn has_day(&self, date: Date) -> bool {
        self.month.has(date.month())
            && self.day.has(date.day())
            && self.weekday.has(date.weekday().to_sunday_zero_offset())
    }

    fn first_on(&self, date: Date, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let mut first: Option<Timestamp> = None;
        for hour in self.hour.numbers() {
            for minute in self.minute.numbers() {
                let (hour, minute) = (i8::try_from(hour).ok()?, i8::try_from(minute).ok()?);
                let shown = date.at(hour, minute, 0, 0);
                let offsets = match zone.to_ambiguous_timestamp(shown).offset() {
                    AmbiguousOffset::Unambiguous { offset } => [Some(offset), None],
                    AmbiguousOffset::Gap { .. } => [None, None],
                    AmbiguousOffset::Fold { before, after } => [Some(before), Some(after)],
                };
                let times = offsets
                    .into_iter()
                    .flatten()
                    .filter_map(|offset| offset.to_timestamp(shown).ok());
                first = times.filter(|time| *time > now).chain(first).min();
            }
        }
        first
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn normal_form(text: &str) -> String {
        match text.parse::<CronSchedule>() {
            Ok(schedule) => schedule.to_string(),
            Err(error) => panic!("{text}: {error}"),
        }
    }

    #[test]
    fn schedules_have_a_normal_form() {
        for (given, normal) in [
            ("* * * * *", "* * * * *"),
            ("*/15 */6 * * *", "0,15,30,45 0,6,12,18 * * *"),
            ("0-59 0-23 1-31 1-12 0-6", "* * * * *"),
            ("1,2,3,7 5 * * 1-5", "1-3,7 5 * * 1-5"),
            ("0 0 1-31 * 3", "0 0 * * 3"),
            ("0 0 */1 jan,MAR-may Sun", "0 0 * 1,3-5 0"),
            ("0-30/10 1-5/2 * * *", "0,10,20,30 1,3,5 * * *"),
            ("0 0 */40 * *", "0 0 1 * *"),
            ("0 0  *\t* *", "0 0 * * *"),
            ("00 07 * * *", "0 7 * * *"),
        ] {
            assert_eq!(normal_form(given), normal, "{given}");
        }
    }

    #[test]
    fn days_and_months_have_the_numbers_of_their_names() {
        let days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
        for (number, name) in days.into_iter().enumerate() {
            assert_eq!(
                normal_form(&format!("0 0 * * {name}")),
                format!("0 0 * * {number}")
            );
        }
        let months = [
            "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
        ];
        for (number, name) in (1..).zip(months) {
            assert_eq!(
                normal_form(&format!("0 0 1 {name} *")),
                format!("0 0 1 {number} *")
            );
        }
    }

    #[test]
    fn every_day_of_the_week_comes_on_its_day() {
        // 1 March 2026 is a Sunday.
        for (date, day) in (2..).zip(["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]) {
            let found = next(
                &format!("0 12 * * {day}"),
                "2026-03-01T13:00:00Z",
                &TimeZone::UTC,
            );
            assert_eq!(found, Some(format!("2026-03-{date:02}T12:00:00Z")), "{day}");
        }
    }

    #[test]
    fn what_the_released_scheduler_refuses_is_refused() {
        for bad in [
            "",
            "* * * *",
            "* * * * * *",
            " * * * * *",
            "* * * * * ",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * 32 * *",
            "* * * 0 *",
            "* * * 13 *",
            "* * * * 7",
            "5/10 * * * *",
            "*/0 * * * *",
            "5-1 * * * *",
            "0-10/0 * * * *",
            "0-10/10 * * * *",
            "* * * * FRI-MON",
            "? * * * *",
            "* * L * *",
            "* * 1W * *",
            "* * * * 1#2",
            "@daily",
            "0 0 1 * 1",
            "+1 * * * *",
            "-1 * * * *",
            "1, * * * *",
            "1--2 * * * *",
            "99999999999999999999 * * * *",
            "* * * * MONDAY",
            "JAN * * * *",
        ] {
            assert!(bad.parse::<CronSchedule>().is_err(), "`{bad}`");
        }
        let error = "60 * * * *".parse::<CronSchedule>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`60` is not valid as the minute of a cron schedule; use `*`, `*/STEP`, and numbers, ranges and ranges/STEP from 0 to 59"
        );
        let error = "0 0 1 * 1".parse::<CronSchedule>().unwrap_err();
        assert!(
            error.to_string().contains("one of them has to be `*`"),
            "{error}"
        );
    }

    proptest! {
        #[test]
        fn no_text_does_harm(text in "[-*/,0-9a-zA-Z ?#]{0,40}|\\PC{0,40}") {
            let _ = text.parse::<CronSchedule>();
        }

        #[test]
        fn the_normal_form_means_the_same(
            minute in 0_u32..60,
            hours in (0_u32..24, 0_u32..24),
            step in 1_u32..32,
            month in 0_usize..12,
        ) {
            let (first, last) = (hours.0.min(hours.1), hours.0.max(hours.1));
            let text = format!("{minute},*/59 {first}-{last} */{step} {} *", MONTHS[month]);
            let schedule: CronSchedule = text.parse().unwrap();
            prop_assert_eq!(
                schedule.to_string().parse::<CronSchedule>().unwrap(),
                schedule
            );
        }

        #[test]
        fn a_run_comes_after_now_and_at_its_time(now in 0_i64..4_000_000_000_000, minute in 0_u32..60) {
            let schedule: CronSchedule = format!("{minute} * * * *").parse().unwrap();
            let time = Timestamp::from_millisecond(now).unwrap();
            let next = schedule.next_after(time, &TimeZone::UTC).unwrap().as_millisecond();
            prop_assert!(next > now && next - now <= 3_600_000);
            prop_assert_eq!(next % 3_600_000, i64::from(minute) * 60_000);
        }
    }

    fn next(schedule: &str, now: &str, zone: &TimeZone) -> Option<String> {
        let now: Timestamp = now.parse().unwrap();
        let schedule: CronSchedule = schedule.parse().unwrap();
        schedule.next_after(now, zone).map(|next| next.to_string())
    }

    #[test]
    fn the_next_run_is_after_now() {
        for (schedule, now, expected) in [
            (
                "* * * * *",
                "2026-03-01T10:00:00Z",
                Some("2026-03-01T10:01:00Z"),
            ),
            (
                "* * * * *",
                "2026-03-01T10:00:59.999Z",
                Some("2026-03-01T10:01:00Z"),
            ),
            (
                "0 7 * * *",
                "2026-03-01T07:00:00Z",
                Some("2026-03-02T07:00:00Z"),
            ),
            (
                "30 23 31 12 *",
                "2026-12-31T23:30:00Z",
                Some("2027-12-31T23:30:00Z"),
            ),
            // A Sunday.
            (
                "0 0 * * SUN",
                "2026-03-02T00:00:00Z",
                Some("2026-03-08T00:00:00Z"),
            ),
            (
                "0 0 29 2 *",
                "2096-03-01T00:00:00Z",
                Some("2104-02-29T00:00:00Z"),
            ),
            ("0 0 31 2 *", "2026-03-01T00:00:00Z", None),
        ] {
            let found = next(schedule, now, &TimeZone::UTC);
            assert_eq!(found.as_deref(), expected, "{schedule}");
        }
        let schedule: CronSchedule = "* * * * *".parse().unwrap();
        assert_eq!(schedule.next_after(Timestamp::MAX, &TimeZone::UTC), None);
    }

    #[test]
    fn changes_of_the_clock_leave_times_out_and_repeat_them() {
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        // On 29 March 2026 the clock goes from 02:00 to 03:00.
        assert_eq!(
            next("30 2 * * *", "2026-03-28T12:00:00Z", &zone).as_deref(),
            Some("2026-03-30T00:30:00Z")
        );
        // On 25 October 2026 it goes back from 03:00 to 02:00.
        assert_eq!(
            next("30 2 * * *", "2026-10-24T12:00:00Z", &zone).as_deref(),
            Some("2026-10-25T00:30:00Z")
        );
        assert_eq!(
            next("30 2 * * *", "2026-10-25T00:30:00Z", &zone).as_deref(),
            Some("2026-10-25T01:30:00Z")
        );
    }
}
