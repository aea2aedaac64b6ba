//! Lists in the form that the released client prints: that of Python.

use std::ffi::OsStr;

use aurora_jobkey::InstanceSet;
use python27::text_repr;

/// Instances as the released client prints them: `[0, 1, 4]`.
pub(crate) fn python_instances(instances: &InstanceSet) -> String {
    let numbers: Vec<_> = instances.iter().map(|number| number.to_string()).collect();
    format!("[{}]", numbers.join(", "))
}

/// The words of a command line as the released client logs them.
pub(crate) fn python_list(words: impl IntoIterator<Item: AsRef<OsStr>>) -> String {
    let quoted: Vec<_> = words
        .into_iter()
        .map(|word| text_repr(&word.as_ref().to_string_lossy(), false))
        .collect();
    format!("[{}]", quoted.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_logged_as_a_python_list() {
        let list = |words: &[&str]| python_list(words);
        assert_eq!(list(&[]), "[]");
        assert_eq!(
            list(&["job", "killall", "it's", r#"'"'"#, "a\nb\\"]),
            r#"['job', 'killall', "it's", '\'"\'', 'a\nb\\']"#
        );
    }
}
