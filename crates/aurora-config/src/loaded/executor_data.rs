//! The text that the executor reads.

use pystachio::{Data, Error as ObjectError, Object, dumps};

/// The fields of a job that the executor does not get.
const LEFT_OUT: [&str; 2] = ["instances", "update_config"];

/// The executor data of an interpolated job.
pub(super) fn executor_data(job: &Object) -> Result<String, ObjectError> {
    let without = LEFT_OUT.map(|field| (field.to_owned(), Data::Empty));
    // Interpolated again, as the released client does: this resolves deferred references.
    dumps(&job.refine(without.to_vec())?.interpolate()?.0.get())
}

#[cfg(test)]
mod tests {
    use aurora_compat::Compat;

    use super::executor_data;
    use pystachio::{Data, Dict, DictKind, Object};

    use crate::schema::Schema;

    /// What a configuration file does: objects by hand, with keywords.
    fn new<const N: usize>(ty: &str, fields: [(&str, Data); N]) -> Data {
        let ty = Schema::of(Compat::Released).ty(ty);
        let fields = fields.map(|(name, value)| (name.to_owned(), value));
        ty.construct(Vec::new(), fields.into()).unwrap().into()
    }

    fn literal<const N: usize>(entries: [(&str, Data); N]) -> Data {
        Data::Dict(Dict {
            kind: DictKind::Literal,
            entries: entries.map(|(k, v)| (k.into(), v)).into(),
        })
    }

    fn data_of(job: Data) -> String {
        let Data::Object(job) = job else {
            unreachable!("a constructed struct is an object")
        };
        let job: Object = *job;
        executor_data(&job.interpolate().unwrap().0).unwrap()
    }

    fn resources() -> Data {
        new(
            "Resources",
            [
                ("cpu", Data::Float(1.5)),
                ("ram", Data::int(268_435_456)),
                ("disk", Data::int(536_870_912)),
            ],
        )
    }

    #[test]
    fn keys_follow_the_fields_that_are_there() {
        let rotate = new(
            "RotatePolicy",
            [("log_size", Data::int(4 << 20)), ("backups", Data::int(9))],
        );
        let logger = new(
            "Logger",
            [
                ("destination", "both".into()),
                ("mode", "rotate".into()),
                ("rotate", rotate),
            ],
        );
        let preheat = new(
            "Process",
            [
                ("name", "preheat".into()),
                ("cmdline", "kilnctl heat --target 1240C".into()),
                ("resources", resources()),
                ("max_failures", Data::int(3)),
                ("daemon", Data::Bool(false)),
                ("ephemeral", Data::Bool(true)),
                ("min_duration", Data::int(20)),
                ("logger", logger),
            ],
        );
        let cool = new(
            "Process",
            [
                ("name", "cool".into()),
                ("cmdline", "kilnctl cool".into()),
                ("final", Data::Bool(true)),
            ],
        );
        let task = new(
            "Task",
            [
                ("name", "glazing".into()),
                ("processes", Data::List(vec![preheat, cool])),
                ("resources", resources()),
            ],
        );
        let job = new(
            "MesosJob",
            [
                ("name", "glaze".into()),
                ("cluster", "kiln".into()),
                ("role", "pottery".into()),
                ("environment", "test".into()),
                ("task", task),
            ],
        );
        assert_eq!(
            data_of(job),
            "{\"environment\": \"test\", \"health_check_config\": {\"initial_interval_secs\": 15.0, \
             \"health_checker\": {\"http\": {\"expected_response_code\": 0, \"endpoint\": \
             \"/health\", \"expected_response\": \"ok\"}}, \"interval_secs\": 10.0, \
             \"timeout_secs\": 1.0, \"max_consecutive_failures\": 0}, \"name\": \"glaze\", \
             \"service\": false, \"max_task_failures\": 1, \"cron_collision_policy\": \
             \"KILL_EXISTING\", \"enable_hooks\": false, \"cluster\": \"kiln\", \"task\": \
             {\"processes\": [{\"daemon\": false, \"name\": \"preheat\", \"ephemeral\": true, \
             \"max_failures\": 3, \"min_duration\": 20, \"cmdline\": \"kilnctl heat --target \
             1240C\", \"logger\": {\"destination\": \"both\", \"rotate\": {\"backups\": 9, \
             \"log_size\": 4194304}, \"mode\": \"rotate\"}, \"final\": false, \"resources\": \
             {\"disk\": 536870912, \"ram\": 268435456, \"cpu\": 1.5}}, {\"daemon\": false, \
             \"name\": \"cool\", \"ephemeral\": false, \"max_failures\": 1, \"min_duration\": 5, \
             \"cmdline\": \"kilnctl cool\", \"final\": true}], \"name\": \"glazing\", \
             \"finalization_wait\": 30, \"max_failures\": 1, \"max_concurrency\": 0, \
             \"resources\": {\"disk\": 536870912, \"ram\": 268435456, \"cpu\": 1.5}, \
             \"constraints\": []}, \"production\": false, \"role\": \"pottery\", \"lifecycle\": \
             {\"http\": {\"graceful_shutdown_endpoint\": \"/quitquitquit\", \"port\": \
             \"health\", \"shutdown_endpoint\": \"/abortabortabort\"}}, \"priority\": 0}"
        );
    }

    #[test]
    fn objects_by_hand_and_objects_of_dictionaries_differ_in_order() {
        let process = |value: Data| {
            let task = new("Task", [("processes", Data::List(vec![value]))]);
            let text = data_of(new("MesosJob", [("task", task)]));
            let start = text.find("[{").unwrap();
            text[start..text.find("}]").unwrap()].to_owned()
        };
        let fields = || [("name", Data::from("p")), ("cmdline", Data::from("x"))];
        let by_hand = process(new("Process", fields()));
        assert!(by_hand.starts_with(
            "[{\"daemon\": false, \"name\": \"p\", \"ephemeral\": false, \"max_failures\": 1"
        ));
        let of_dictionary = process(literal(fields()));
        assert!(of_dictionary.starts_with(
            "[{\"daemon\": false, \"name\": \"p\", \"max_failures\": 1, \"ephemeral\": false"
        ));
    }

    #[test]
    fn maps_keep_the_order_of_the_dictionary_they_came_from() {
        let constraints = literal([
            ("host", "limit:1".into()),
            ("rack", "limit:10".into()),
            ("zone", "north".into()),
            ("kernel", "!3.2".into()),
            ("disk_generation", Data::int(4)),
            ("dedicated", "freight/sorter".into()),
            ("blade", "!".into()),
            ("note", "".into()),
        ]);
        let text = data_of(new("MesosJob", [("constraints", constraints)]));
        let start = text.find("\"constraints\": {").unwrap();
        assert_eq!(
            &text[start..text[start..].find('}').unwrap() + start],
            "\"constraints\": {\"kernel\": \"!3.2\", \"dedicated\": \"freight/sorter\", \
             \"zone\": \"north\", \"blade\": \"!\", \"note\": \"\", \"host\": \"limit:1\", \
             \"disk_generation\": \"4\", \"rack\": \"limit:10\""
        );
    }
}
