//! Messages of exceptions in the words of Python 2.7, where the interpreter has others.

/// The message as Python 2.7 would have it.
pub(super) fn released(message: &str) -> String {
    concatenation(message)
        .or_else(|| unpacking(message))
        .or_else(|| numbers(message))
        .or_else(|| unhashable(message))
        .or_else(|| encoding(message))
        .or_else(|| raised(message))
        .or_else(|| access(message))
        .or_else(|| arguments(message))
        .unwrap_or_else(|| message.to_owned())
}

fn between<'m>(message: &'m str, before: &str, after: &str) -> Option<&'m str> {
    message.strip_prefix(before)?.strip_suffix(after)
}

fn arguments(message: &str) -> Option<String> {
    if message == "index out of range" {
        return Some("string index out of range".to_owned());
    }
    if let Some((function, name)) = message.split_once(" got multiple values for argument ") {
        return Some(format!(
            "{function} got multiple values for keyword argument {name}"
        ));
    }
    if let Some((function, name)) = message.split_once("() got an unexpected keyword argument ") {
        let function = function.rsplit('.').next().unwrap_or(function);
        return Some(format!(
            "{function}() got an unexpected keyword argument {name}"
        ));
    }
    let (function, rest) = message.split_once("() takes ")?;
    let function = function.rsplit('.').next().unwrap_or(function);
    let (takes, given) = rest.split_once(" but ")?;
    let given = given
        .strip_suffix(" was given")
        .or_else(|| given.strip_suffix(" were given"))?;
    let takes = takes
        .strip_suffix(" positional argument")
        .or_else(|| takes.strip_suffix(" positional arguments"))?;
    let takes = match takes {
        "0" => "no arguments".to_owned(),
        "1" => "exactly 1 argument".to_owned(),
        range if range.starts_with("from ") => match range.rsplit_once(" to ")?.1 {
            "1" => "at most 1 argument".to_owned(),
            most => format!("at most {most} arguments"),
        },
        count => format!("exactly {count} arguments"),
    };
    Some(format!("{function}() takes {takes} ({given} given)"))
}

fn concatenation(message: &str) -> Option<String> {
    if let Some(other) = between(message, "can only concatenate str (not \"", "\") to str") {
        return Some(format!("cannot concatenate 'str' and '{other}' objects"));
    }
    if let Some(other) = between(
        message,
        "unsupported operand type(s) for +: 'str' and '",
        "'",
    ) {
        return Some(format!("cannot concatenate 'str' and '{other}' objects"));
    }
    let (left, right) = message.strip_prefix("Cannot add ")?.split_once(" and ")?;
    Some(format!(
        "can only concatenate {left} (not \"{right}\") to {left}"
    ))
}

fn encoding(message: &str) -> Option<String> {
    const NEW: &str = "codec can't encode character '";
    const UTF8: &str = "'utf-8' codec can't decode";
    if message.contains(NEW) {
        return Some(message.replace(NEW, "codec can't encode character u'"));
    }
    message
        .contains(UTF8)
        .then(|| message.replace(UTF8, "'utf8' codec can't decode"))
}

fn unpacking(message: &str) -> Option<String> {
    if message.starts_with("too many values to unpack (") {
        return Some("too many values to unpack".to_owned());
    }
    let (_, got) =
        between(message, "not enough values to unpack (expected ", ")")?.split_once(", got ")?;
    let values = if got == "1" { "value" } else { "values" };
    Some(format!("need more than {got} {values} to unpack"))
}

fn numbers(message: &str) -> Option<String> {
    if message == "division by zero" {
        return Some("integer division or modulo by zero".to_owned());
    }
    if let Some(text) = between(message, "could not convert string to float: '", "'") {
        return Some(format!("could not convert string to float: {text}"));
    }
    const REAL: &str = "a string, a bytes-like object or a real number";
    if message.contains(REAL) {
        return Some(message.replace(REAL, "a string or a number"));
    }
    message
        .contains(" format: a real number is required")
        .then(|| message.replace("a real number is required", "a number is required"))
}

fn access(message: &str) -> Option<String> {
    if let Some(kind) = between(message, "'", "' object is not subscriptable") {
        return Some(format!("'{kind}' object has no attribute '__getitem__'"));
    }
    if message.ends_with(" has no setter") && message.starts_with("property ") {
        return Some("can't set attribute".to_owned());
    }
    let (kind, rest) = message.split_once(" indices must be integers or slices")?;
    let (_, given) = rest.rsplit_once("not ")?;
    let given = given.trim_matches('\'');
    Some(format!("{kind} indices must be integers, not {given}"))
}

fn raised(message: &str) -> Option<String> {
    const NEW: &str = "exceptions must be classes or instances deriving from BaseException";
    const OLD: &str = "exceptions must be old-style classes or derived from BaseException";
    message.contains(NEW).then(|| message.replace(NEW, OLD))
}

fn unhashable(message: &str) -> Option<String> {
    let start = message.find("(unhashable type: ")?;
    let inner = message.get(start + 1..)?.strip_suffix(')')?;
    Some(inner.to_owned())
}

#[cfg(test)]
mod tests {
    use super::released;

    #[test]
    fn messages_are_those_of_python_2() {
        for (new, old) in [
            (
                "Cannot add list and NoneType",
                "can only concatenate list (not \"NoneType\") to list",
            ),
            (
                "can only concatenate str (not \"int\") to str",
                "cannot concatenate 'str' and 'int' objects",
            ),
            (
                "f() takes from 1 to 2 positional arguments but 3 were given",
                "f() takes at most 2 arguments (3 given)",
            ),
            (
                "C.m() takes 2 positional arguments but 3 were given",
                "m() takes exactly 2 arguments (3 given)",
            ),
            (
                "f() got multiple values for argument 'a'",
                "f() got multiple values for keyword argument 'a'",
            ),
            (
                "too many values to unpack (expected 2)",
                "too many values to unpack",
            ),
            (
                "not enough values to unpack (expected 3, got 2)",
                "need more than 2 values to unpack",
            ),
            (
                "could not convert string to float: 'x'",
                "could not convert string to float: x",
            ),
            (
                "cannot use 'list' as a dict key (unhashable type: 'list')",
                "unhashable type: 'list'",
            ),
            (
                "%d format: a real number is required, not str",
                "%d format: a number is required, not str",
            ),
            (
                "list indices must be integers or slices, not 'str'",
                "list indices must be integers, not str",
            ),
            (
                "exceptions must be classes or instances deriving from BaseException, not int",
                "exceptions must be old-style classes or derived from BaseException, not int",
            ),
            ("name 'x' is not defined", "name 'x' is not defined"),
        ] {
            assert_eq!(released(new), old);
        }
    }
}
