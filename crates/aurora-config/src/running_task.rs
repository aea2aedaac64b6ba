//! What a command for a running task may refer to.

use std::collections::BTreeMap;

use pystachio::{Error, Reference, Step, Substitution, substitute};

/// A running task as it is known from outside: by what its scheduler reports.
///
/// ```
/// use aurora_config::RunningTask;
///
/// let ports = [("http".to_owned(), 31000)].into();
/// let task = RunningTask { task_id: "42-www-prod-web-7", instance: 7, ports: &ports };
/// let done = task.substitute("curl localhost:{{thermos.ports[http]}}/{{mesos.instance}} {{mesos.hostname}}")?;
/// assert_eq!(done.text, "curl localhost:31000/7 {{mesos.hostname}}");
/// # Ok::<(), pystachio::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RunningTask<'a> {
    /// `{{thermos.task_id}}`
    pub task_id: &'a str,
    /// `{{mesos.instance}}`
    pub instance: u32,
    /// `{{thermos.ports[name]}}`: the assigned ports by name.
    pub ports: &'a BTreeMap<String, i32>,
}

impl RunningTask<'_> {
    /// Puts the three values into a text. All other references stay as they are and are reported.
    ///
    /// # Errors
    /// When a tag does not hold an address.
    pub fn substitute(&self, text: &str) -> Result<Substitution, Error> {
        substitute(text, |reference| self.value(reference))
    }

    fn value(&self, reference: &Reference) -> Option<String> {
        let name = |step: &Step, name: &str| matches!(step, Step::Name(text) if &**text == name);
        match reference.steps() {
            [first, second] if name(first, "mesos") && name(second, "instance") => {
                Some(self.instance.to_string())
            }
            [first, second] if name(first, "thermos") && name(second, "task_id") => {
                Some(self.task_id.to_owned())
            }
            [first, second, Step::Index(port)]
                if name(first, "thermos") && name(second, "ports") =>
            {
                self.ports.get(&**port).map(ToString::to_string)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> String {
        let ports = [("http".to_owned(), 31000), ("0".to_owned(), 5)].into();
        let task = RunningTask {
            task_id: "t-1",
            instance: 3,
            ports: &ports,
        };
        task.substitute(text).unwrap().text
    }

    #[test]
    fn three_names_have_values_and_all_others_stay() {
        assert_eq!(
            text(
                "{{thermos.task_id}} {{thermos.ports[http]}} {{thermos.ports[0]}} {{mesos.instance}}"
            ),
            "t-1 31000 5 3"
        );
        let others = "{{unknown}} {{mesos.hostname}} {{thermos.ports[nope]}} {{thermos.ports}} {{thermos[task_id]}} \
                      {{thermos.ports.http}} {{mesos.instance.x}}";
        assert_eq!(text(others), others);
    }

    #[test]
    fn escapes_and_nested_tags_are_those_of_all_templates() {
        assert_eq!(text("{{&mesos.instance}}"), "{{mesos.instance}}");
        assert_eq!(text("${HOME} {{{mesos.instance}}}"), "${HOME} {3}");
    }

    #[test]
    fn a_tag_that_holds_no_address_is_an_error() {
        let ports = BTreeMap::new();
        let task = RunningTask {
            task_id: "t",
            instance: 0,
            ports: &ports,
        };
        assert!(task.substitute("echo {{ x }}").is_err());
    }
}
