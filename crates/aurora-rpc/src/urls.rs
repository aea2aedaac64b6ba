//! Addresses of the scheduler's web pages.
//!
//! `base` is what [`SchedulerClient::base_url`](crate::SchedulerClient::base_url) gives. The word
//! `scheduler` is joined to it as a relative reference, and nothing is escaped: names of jobs need
//! no escaping.

use aurora_cluster::BaseUrl;
use aurora_jobkey::JobKey;

/// The page of the whole scheduler.
///
/// ```
/// let base = "http://h:8081".parse()?;
/// assert_eq!(aurora_rpc::urls::scheduler(&base), "http://h:8081/scheduler");
/// # Ok::<(), aurora_cluster::Error>(())
/// ```
pub fn scheduler(base: &BaseUrl) -> String {
    base.join("scheduler")
}

/// The page of a role.
pub fn role(base: &BaseUrl, role: &str) -> String {
    format!("{}/{role}", scheduler(base))
}

/// The page of an environment of a role.
pub fn environment(base: &BaseUrl, role: &str, environment: &str) -> String {
    format!("{}/{role}/{environment}", scheduler(base))
}

/// The page of a job.
pub fn job(base: &BaseUrl, job: &JobKey) -> String {
    format!(
        "{}/{}",
        environment(base, job.role(), job.environment()),
        job.name()
    )
}

/// The page of an update of a job.
pub fn update(base: &BaseUrl, key: &JobKey, id: &str) -> String {
    format!("{}/update/{id}", job(base, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_nest() {
        let key = JobKey::new("west", "www", "prod", "web").unwrap();
        let base = &"http://h:1/x/y".parse().unwrap();
        assert_eq!(scheduler(base), "http://h:1/x/scheduler");
        assert_eq!(role(base, "www"), "http://h:1/x/scheduler/www");
        assert_eq!(
            environment(base, "www", "prod"),
            "http://h:1/x/scheduler/www/prod"
        );
        assert_eq!(job(base, &key), "http://h:1/x/scheduler/www/prod/web");
        assert_eq!(
            update(base, &key, "u-1"),
            "http://h:1/x/scheduler/www/prod/web/update/u-1"
        );
    }
}
