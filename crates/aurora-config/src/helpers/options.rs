//! Command line options out of names and values.

use super::{Helpers, Keywords};
use pystachio::{Data, Dict, Error as ObjectError, ProblemKind, Result};

impl Helpers {
    /// `java_options(…)`, also `Options.java`.
    pub(crate) fn java_options(&self, args: &[Data], keywords: Keywords) -> Result<String> {
        options("-", "-", args, keywords).map(|options| options.join(" "))
    }

    /// `python_options(…)`, also `Options.python`.
    pub(crate) fn python_options(&self, args: &[Data], keywords: Keywords) -> Result<String> {
        options("-", "--", args, keywords).map(|options| options.join(" "))
    }
}

/// `Options.render_option`: a name with its prefix, and a value unless that is empty.
pub(crate) fn option(short: &str, long: &str, name: &str, value: &Data) -> String {
    let prefix = if name.chars().count() == 1 {
        short
    } else {
        long
    };
    if value.is_true() {
        format!("{prefix}{name} {value}")
    } else {
        format!("{prefix}{name}")
    }
}

/// `Options.render_options`: texts are options without value, dictionaries and keywords options
/// with values, in the order of a Python 2 dictionary.
pub(crate) fn options(
    short: &str,
    long: &str,
    args: &[Data],
    keywords: Keywords,
) -> Result<Vec<String>> {
    let mut rendered = Vec::new();
    for arg in args {
        match arg {
            Data::Text(text) => rendered.push(option(short, long, &text.text, &Data::None)),
            Data::Dict(dict) => {
                for (name, value) in dict.clone().ordered().entries {
                    rendered.push(option(short, long, &name.to_string(), &value));
                }
            }
            other => {
                let message = format!(
                    "Got an unexpected argument to render_options: {}",
                    other.repr()
                );
                return Err(ObjectError::new(ProblemKind::Value, message));
            }
        }
    }
    let entries = keywords
        .into_iter()
        .map(|(name, value)| (Data::text(name), value));
    // Handed from one function to the next, the keywords go through two dictionaries.
    let passed = Dict::filled(Dict::filled(entries).ordered().entries);
    for (name, value) in passed.ordered().entries {
        rendered.push(option(short, long, &name.to_string(), &value));
    }
    Ok(rendered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pystachio::DictKind;

    fn helpers() -> Helpers {
        Helpers::new(crate::schema::Schema::of(aurora_compat::Compat::Released))
    }

    fn keyword(name: &str, value: impl Into<Data>) -> (String, Data) {
        (name.to_owned(), value.into())
    }

    #[test]
    fn options_follow_the_order_of_python_2() {
        let keywords = vec![
            keyword("Xmx", "2g"),
            keyword("Xms", "512m"),
            keyword("verbose", Data::None),
            keyword("port", Data::int(8080)),
            keyword("g", Data::int(1)),
            keyword("host", "localhost"),
        ];
        assert_eq!(
            helpers().java_options(&[], keywords).unwrap(),
            "-verbose -g 1 -host localhost -Xmx 2g -port 8080 -Xms 512m"
        );
        let args = [
            "v".into(),
            "dry-run".into(),
            Data::Dict(Dict {
                kind: DictKind::Ordered,
                entries: vec![("n".into(), Data::int(3)), ("zero".into(), Data::int(0))],
            }),
        ];
        let keywords = vec![keyword("log", "/tmp/x")];
        assert_eq!(
            helpers().python_options(&args, keywords).unwrap(),
            "-v --dry-run -n 3 --zero --log /tmp/x"
        );
        assert!(helpers().java_options(&[Data::int(1)], Vec::new()).is_err());
    }
}
