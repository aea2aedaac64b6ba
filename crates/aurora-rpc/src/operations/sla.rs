//! How available a job is, figured from how long its instances have been running.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use aurora_api::{LIVE_STATES, ScheduleStatus, ScheduledTask};
use aurora_jobkey::JobKey;

use crate::client::SchedulerClient;
use crate::error::Error;
use crate::reply::Reply;

/// For how long each instance of a job has been running, in whole seconds.
///
/// An instance counts if its task is live and has ever been running; its time begins with the first
/// event of that state. With the feature `serde`, it is a list of seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct Uptimes {
    /// Ascending. Less than zero where the scheduler's clock is ahead.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "ascending"))]
    seconds: Vec<i64>,
}

/// Asks for the live tasks of a job, and takes their times until now by the client's clock.
///
/// # Errors
/// As [`SchedulerClient::call`].
pub async fn job_uptimes(client: &SchedulerClient, job: &JobKey) -> Result<Reply<Uptimes>, Error> {
    let query = client.task_query(job, Some(LIVE_STATES), None)?;
    let reply = client.get_tasks_without_configs(query).await?;
    let now = client.clock().unix_time();
    Ok(reply.map(|tasks| Uptimes::of(&tasks, now)))
}

impl Uptimes {
    /// The times of `tasks` at `now`, a time since the beginning of 1970. Of several tasks
    /// of one instance the last one counts.
    pub fn of(tasks: &[ScheduledTask], now: Duration) -> Self {
        let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        let uptime = |task: &ScheduledTask| {
            let instance = task.assigned_task.as_ref()?.instance_id?;
            let mut events = task.task_events.iter().flatten();
            let running = events.find(|event| event.status == Some(ScheduleStatus::RUNNING))?;
            let since = running.timestamp?.div_euclid(1000);
            Some((instance, now.saturating_sub(since)))
        };
        let by_instance: BTreeMap<i32, i64> = tasks.iter().filter_map(uptime).collect();
        let mut seconds: Vec<i64> = by_instance.into_values().collect();
        seconds.sort_unstable();
        Self { seconds }
    }

    /// The times in seconds, ascending.
    pub fn seconds(&self) -> &[i64] {
        &self.seconds
    }

    /// How many percent of the instances have been running for `span` or longer; 0 without any.
    pub fn percent_up_for(&self, span: TimeSpan) -> f64 {
        if self.seconds.is_empty() {
            return 0.0;
        }
        let below = self
            .seconds
            .partition_point(|&uptime| span.is_longer_than(uptime));
        100.0 * count(self.seconds.len() - below) / count(self.seconds.len())
    }

    /// The seconds that `percentile` percent of the instances have been running for, or longer;
    /// `None` if that is less than one instance.
    pub fn at(&self, percentile: Percentile) -> Option<i64> {
        let total = self.seconds.len();
        let left_out = (percentile.0 / 100.0 * count(total)).floor() as usize;
        let index = total.checked_sub(left_out)?.checked_sub(1)?;
        self.seconds.get(index).copied()
    }

    /// The time from now until `percentile` percent of `total` instances have been running for `span`, if
    /// those that run continue to; zero if they have, `None` if too few run.
    pub fn time_until(
        &self,
        percentile: Percentile,
        span: TimeSpan,
        total: usize,
    ) -> Option<Duration> {
        let needed = (count(total) * percentile.0 / 100.0).ceil() as usize;
        if self.percent_up_for(span) >= percentile.0 {
            return Some(Duration::ZERO);
        }
        let index = self.seconds.len().checked_sub(needed)?;
        let uptime = *self.seconds.get(index)?;
        let left = i128::from(span.as_secs()) - i128::from(uptime);
        Some(Duration::from_secs(u64::try_from(left).unwrap_or(0)))
    }
}

/// Reads times in any order.
#[cfg(feature = "serde")]
fn ascending<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<i64>, D::Error> {
    let mut seconds: Vec<i64> = serde::Deserialize::deserialize(deserializer)?;
    seconds.sort_unstable();
    Ok(seconds)
}

/// A number of instances in a fraction: far fewer than a float can count.
fn count(instances: usize) -> f64 {
    instances as f64
}

/// A time span as the command line writes it: `1d2h3m4s`, in whole seconds.
///
/// Each unit may be left out, in upper or lower case. It is shown in the largest unit that gives a
/// whole number. With the feature `serde`, it is a number of seconds.
///
/// ```
/// # use aurora_rpc::operations::sla::TimeSpan;
/// let span: TimeSpan = "1h30m".parse()?;
/// assert_eq!((span.as_secs(), span.to_string()), (5400, "90 mins".to_owned()));
/// # Ok::<(), aurora_rpc::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TimeSpan(u64);

/// The units of a [`TimeSpan`] in the order in which they are written.
const UNITS: [(char, u64, &str); 4] = [
    ('d', 86_400, "days"),
    ('h', 3_600, "hrs"),
    ('m', 60, "mins"),
    ('s', 1, "secs"),
];

impl TimeSpan {
    /// A span of that many seconds.
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds)
    }

    /// The span in seconds.
    pub const fn as_secs(self) -> u64 {
        self.0
    }

    /// Reads spans with commas between them, and sorts them. An empty element is zero, as
    /// in the released client.
    ///
    /// # Errors
    /// [`Error::BadTimeSpan`] with the first element that is none.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, Error> {
        let mut spans: Vec<Self> = text.split(',').map(str::parse).collect::<Result<_, _>>()?;
        spans.sort_unstable();
        Ok(spans)
    }

    fn is_longer_than(self, seconds: i64) -> bool {
        i128::from(self.0) > i128::from(seconds)
    }
}

impl From<TimeSpan> for Duration {
    fn from(span: TimeSpan) -> Self {
        Self::from_secs(span.0)
    }
}

impl From<Duration> for TimeSpan {
    /// The whole seconds of a duration.
    fn from(duration: Duration) -> Self {
        Self(duration.as_secs())
    }
}

impl FromStr for TimeSpan {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let read = || {
            let mut rest = text;
            let mut seconds = 0_u64;
            for (unit, size, _) in UNITS {
                let digits = rest
                    .find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(rest.len());
                let (number, after) = rest.split_at(digits);
                let Some(after) = after.strip_prefix([unit, unit.to_ascii_uppercase()]) else {
                    continue;
                };
                let number: u64 = number.parse().ok()?;
                seconds = seconds.checked_add(number.checked_mul(size)?)?;
                rest = after;
            }
            rest.is_empty().then_some(Self(seconds))
        };
        read().ok_or_else(|| Error::BadTimeSpan {
            text: text.to_owned(),
        })
    }
}

impl fmt::Display for TimeSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let divides = |(_, size, _): &&(char, u64, &str)| self.0.is_multiple_of(*size);
        let (_, size, name) = UNITS.iter().find(divides).unwrap_or(&UNITS[3]);
        write!(f, "{} {name}", self.0 / size)
    }
}

/// A percentile: a number above 0 and below 100.
///
/// ```
/// # use aurora_rpc::operations::sla::Percentile;
/// assert_eq!("99".parse::<Percentile>()?.to_string(), "99.0");
/// assert!("100".parse::<Percentile>().is_err());
/// # Ok::<(), aurora_rpc::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "f64"))]
pub struct Percentile(f64);

impl Percentile {
    /// That percentile.
    ///
    /// # Errors
    /// [`Error::BadPercentile`] when it is not above 0 and below 100.
    pub fn new(percent: f64) -> Result<Self, Error> {
        if percent > 0.0 && percent < 100.0 {
            Ok(Self(percent))
        } else {
            Err(Error::BadPercentile {
                text: percent.to_string(),
            })
        }
    }

    /// The number.
    pub const fn as_f64(self) -> f64 {
        self.0
    }

    /// Reads percentiles with commas between them, and sorts them.
    ///
    /// # Errors
    /// [`Error::BadPercentile`] with the first element that is none.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, Error> {
        let elements = text.split(',').map(str::parse);
        let mut percentiles: Vec<Self> = elements.collect::<Result<_, _>>()?;
        percentiles.sort_by(|a, b| a.0.total_cmp(&b.0));
        Ok(percentiles)
    }
}

impl TryFrom<f64> for Percentile {
    type Error = Error;

    fn try_from(percent: f64) -> Result<Self, Error> {
        Self::new(percent)
    }
}

impl FromStr for Percentile {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let number = text.trim().parse().unwrap_or(f64::NAN);
        Self::new(number).map_err(|_| Error::BadPercentile {
            text: text.to_owned(),
        })
    }
}

impl fmt::Display for Percentile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aurora_api::{AssignedTask, TaskEvent};

    const NOW: Duration = Duration::from_millis(1_449_000_000_900);

    fn task(instance: i32, running_at_ms: i64) -> ScheduledTask {
        let event = |timestamp, status| TaskEvent {
            timestamp: Some(timestamp),
            status: Some(status),
            ..TaskEvent::default()
        };
        ScheduledTask {
            assigned_task: Some(AssignedTask {
                instance_id: Some(instance),
                ..AssignedTask::default()
            }),
            task_events: Some(vec![
                event(running_at_ms - 5000, ScheduleStatus::PENDING),
                event(running_at_ms, ScheduleStatus::RUNNING),
                event(running_at_ms + 1000, ScheduleStatus::RUNNING),
            ]),
            ..ScheduledTask::default()
        }
    }

    fn ten_instances() -> Uptimes {
        let seconds_up = [
            30, 61, 599, 600, 3600, 7200, 43_200, 86_400, 604_800, 700_000,
        ];
        let tasks: Vec<_> = (0..)
            .zip(seconds_up)
            .map(|(instance, up)| task(instance, (1_449_000_000 - up) * 1000 + 999))
            .collect();
        Uptimes::of(&tasks, NOW)
    }

    #[test]
    fn up_counts_are_those_of_the_release() {
        let uptimes = ten_instances();
        let lines: Vec<String> = TimeSpan::parse_list("7d,1m,10m,1h,12h")
            .unwrap()
            .into_iter()
            .map(|span| format!("{span} - {:.2} %", uptimes.percent_up_for(span)))
            .collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        1 mins - 90.00 %
        10 mins - 70.00 %
        1 hrs - 60.00 %
        12 hrs - 40.00 %
        7 days - 20.00 %
        ");
    }

    #[test]
    fn percentiles_are_those_of_the_release() {
        let uptimes = ten_instances();
        let lines: Vec<String> = Percentile::parse_list("99,95,90,85,75,60,50,30,10")
            .unwrap()
            .into_iter()
            .rev()
            .map(|p| format!("{p} {}", uptimes.at(p).unwrap()))
            .collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        99.0 30
        95.0 30
        90.0 30
        85.0 61
        75.0 599
        60.0 600
        50.0 3600
        30.0 43200
        10.0 604800
        ");
    }

    #[test]
    fn without_instances_there_is_nothing_to_tell() {
        let none = Uptimes::of(&[ScheduledTask::default()], NOW);
        let half = Percentile::new(50.0).unwrap();
        assert_eq!(none.percent_up_for(TimeSpan::default()), 0.0);
        assert_eq!(none.at(half), None);
        assert_eq!(none.time_until(half, TimeSpan::from_secs(1), 2), None);
    }

    #[test]
    fn the_last_task_of_an_instance_counts_and_the_future_is_below_zero() {
        let tasks = [task(0, 1_448_999_000_000), task(0, 1_449_000_010_000)];
        assert_eq!(Uptimes::of(&tasks, NOW).seconds(), [-10]);
    }

    #[test]
    fn the_time_until_enough_are_up_is_that_of_the_youngest_that_is_needed() {
        let uptimes = ten_instances();
        let until = |percentile, span, total| {
            let percentile = Percentile::new(percentile).unwrap();
            let left = uptimes.time_until(percentile, TimeSpan::from_secs(span), total);
            left.map(|left| left.as_secs())
        };
        assert_eq!(until(90.0, 60, 10), Some(0), "they are");
        assert_eq!(until(95.0, 60, 10), Some(30), "all ten are needed");
        assert_eq!(until(80.0, 620, 10), Some(21));
        assert_eq!(until(95.0, 60, 20), None, "twenty are needed and ten run");
    }

    #[test]
    fn time_spans_are_read_and_shown_as_released() {
        let shown = |text: &str| text.parse::<TimeSpan>().unwrap().to_string();
        for (text, expected) in [
            ("90s", "90 secs"),
            ("3600s", "1 hrs"),
            ("1H30m", "90 mins"),
            ("0s", "0 days"),
            ("", "0 days"),
            ("1d1h1m1s", "90061 secs"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
        for text in [
            "5x",
            "1m1h",
            "h",
            "-1s",
            "1.5h",
            "1d 2h",
            "99999999999999999999s",
            "1dd",
            "7",
        ] {
            let error = text.parse::<TimeSpan>().unwrap_err();
            assert!(matches!(error, Error::BadTimeSpan { .. }), "{text}");
        }
        assert_eq!(TimeSpan::parse_list("1m,,2s").unwrap().len(), 3);
        let error = TimeSpan::parse_list("1m,soon").unwrap_err();
        insta::assert_snapshot!(error, @"`soon` is not a duration; write days, hours, minutes and seconds, such as `1d2h3m4s`");
    }

    #[test]
    fn percentiles_lie_between_0_and_100() {
        let sorted = Percentile::parse_list("99.9, 50,0.5").unwrap();
        let shown: Vec<_> = sorted.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["0.5", "50.0", "99.9"]);
        for text in ["0", "100", "-1", "nan", "inf", "", "ten"] {
            let error = text.parse::<Percentile>().unwrap_err();
            assert!(matches!(error, Error::BadPercentile { .. }), "{text}");
        }
        let error = "100".parse::<Percentile>().unwrap_err();
        insta::assert_snapshot!(error, @"`100` is not a percentile; write a number greater than 0 and less than 100");
    }
}
