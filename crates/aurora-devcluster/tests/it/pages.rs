//! The pages for people.

use aurora_api::ScheduleStatus;

use crate::common::{Place, data, id, job, key, process, simple};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_lead_from_roles_to_logs() {
    let place = Place::start().await;
    let data = data(
        "web",
        &[process("<b>&", "echo '<script>alert(1)</script>'")],
    );
    place.client.create(&job("web", &data)).await;
    let tasks = place
        .client
        .wait_for(&key("web"), ScheduleStatus::FINISHED)
        .await;

    for (path, link) in [
        ("/scheduler", "/scheduler/www"),
        ("/scheduler/", "/scheduler/www"),
        ("/scheduler/www", "/scheduler/www/test"),
        ("/scheduler/www/test", "/scheduler/www/test/web"),
    ] {
        let page = place.client.get(path).await;
        assert_eq!(page.code, 200, "{path}");
        assert!(
            page.text().contains(&format!("href=\"{link}\"")),
            "{path}: {}",
            page.text()
        );
        assert!(
            page.head
                .to_lowercase()
                .contains("content-security-policy: default-src 'none'")
        );
    }

    let page = place.client.get("/scheduler/www/test/web").await;
    let text = page.text();
    assert_eq!(page.code, 200);
    assert!(!text.contains("<b>&"), "{text}");
    assert!(text.contains("&lt;b&gt;&amp;"), "{text}");
    for state in ["PENDING", "ASSIGNED", "STARTING", "RUNNING", "FINISHED"] {
        assert!(text.contains(state), "{state}");
    }
    assert!(
        text.contains(place.sandbox(&id(&tasks[0])).to_str().unwrap()),
        "{text}"
    );

    let log = format!("/logs/{}/%3Cb%3E%26/0/stdout", id(&tasks[0]));
    assert!(text.contains(&format!("href=\"{log}\"")), "{text}");
    let log = place.client.get(&log).await;
    assert_eq!(log.text(), "<script>alert(1)</script>\n");
    let head = log.head.to_lowercase();
    assert!(
        head.contains("content-type: text/plain; charset=utf-8"),
        "{head}"
    );
    assert!(head.contains("x-content-type-options: nosniff"), "{head}");
    place.cluster.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_but_logs_can_be_read() {
    let place = Place::start().await;
    place
        .client
        .create(&simple(
            "web",
            "mkdir -p .logs/evil/0; ln -s /etc/passwd .logs/evil/0/stdout",
        ))
        .await;
    let tasks = place
        .client
        .wait_for(&key("web"), ScheduleStatus::FINISHED)
        .await;
    let task = id(&tasks[0]);
    for path in [
        format!("/logs/{task}/evil/0/stdout"),
        format!("/logs/{task}/..%2f..%2f..%2f..%2fetc/0/stdout"),
        format!("/logs/{task}/../0/stdout"),
        format!("/logs/{task}/main/..%2f..%2fcheckpoint/stdout"),
        format!("/logs/{task}/main/0/..%2fstdout"),
        "/logs/..%2f..%2fetc/main/0/stdout".to_owned(),
        "/logs/unknown/main/0/stdout".to_owned(),
        "/etc/passwd".to_owned(),
        "/scheduler/www/test/absent".to_owned(),
        "/scheduler/%3Cscript%3E".to_owned(),
    ] {
        let answer = place.client.get(&path).await;
        assert_eq!(answer.code, 404, "{path}");
        assert!(!answer.text().contains("root:"), "{path}");
        assert!(!answer.text().contains("<script>"), "{path}");
    }
    place.cluster.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn machines_find_health_and_numbers() {
    let place = Place::start().await;
    place.client.create(&simple("web", "true")).await;
    place
        .client
        .wait_for(&key("web"), ScheduleStatus::FINISHED)
        .await;
    assert_eq!(place.client.get("/health").await.text(), "OK\n");
    let vars: serde_json::Value =
        serde_json::from_slice(&place.client.get("/vars.json").await.body).unwrap();
    assert_eq!(vars["task_store_FINISHED"], 1);
    let home = place.client.get("/").await;
    assert_eq!(home.code, 307);
    assert!(home.head.to_lowercase().contains("location: /scheduler"));
    place.cluster.shutdown().await;
}
