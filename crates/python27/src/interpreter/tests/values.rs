//! The values that a program leaves, and the errors that it ends with.

use std::time::Duration;

use crate::interpreter::{Error, Limit, Options, Value, run};

fn value(source: &str) -> Value {
    let outcome = run(source, &Options::default()).unwrap();
    let mut values = outcome.output.into_iter();
    let found = values.find(|(name, _)| name == "x");
    found.unwrap().1
}

fn error(source: &str, options: &Options) -> Error {
    run(source, options).unwrap_err()
}

#[test]
fn values_are_those_of_python_2() {
    let texts = |texts: &[&str]| texts.iter().copied().map(Value::from).collect::<Vec<_>>();
    assert_eq!(value("x = 7 / 2"), Value::from(3));
    assert_eq!(value("x = 2 ** 70 > 1"), Value::Bool(true));
    assert_eq!(
        value("x = (None, 0.5)"),
        Value::Tuple(vec![Value::None, Value::Float(0.5)])
    );
    let names = texts(&["environment", "cluster", "role"]);
    assert_eq!(
        value("x = {'role': 1, 'environment': 2, 'cluster': 3}.keys()"),
        Value::List(names)
    );
    assert_eq!(
        value("x = set(['role', 'environment'])"),
        Value::Set(texts(&["environment", "role"]))
    );
    assert_eq!(value("x = __name__"), Value::from("__main__"));
}

#[test]
fn a_value_inside_itself_is_cut_short() {
    let Value::List(elements) = value("x = [1]\nx.append(x)\n") else {
        panic!("x is a list");
    };
    let inner = Value::Other {
        type_name: "list".to_owned(),
        repr: "[1, [...]]".to_owned(),
    };
    assert_eq!(elements, [Value::from(1), inner]);
}

#[test]
fn errors_point_at_the_text() {
    let shown = |source: &str| error(source, &Options::default()).to_string();
    assert_eq!(
        shown("def f(n):\n  return 1 / n\n\nf(0)\n"),
        "<program>:2:10: ZeroDivisionError: integer division or modulo by zero"
    );
    assert_eq!(
        shown("x = 1\nprint nme\n"),
        "<program>:2:7: NameError: name 'nme' is not defined"
    );
    assert!(shown("x = (\n").starts_with("<program>:"));
    assert_eq!(
        shown("import sys\nsys.exit(3)\n"),
        "the program ended itself with the exit code 3"
    );
    let Error::Exception(exception) = error("names = 1\nnmes\n", &Options::default()) else {
        panic!("an exception");
    };
    assert_eq!(exception.hint.as_deref(), Some("did you mean `names`?"));
    assert!(exception.is_a("StandardError") || exception.is_a("Exception"));
}

#[test]
fn limits_end_a_program() {
    let options = Options {
        timeout: Some(Duration::from_millis(300)),
        ..Options::default()
    };
    let Error::Limit { limit, place } = error("while True: pass\n", &options) else {
        panic!("a limit");
    };
    assert_eq!(limit, Limit::Time(Duration::from_millis(300)));
    assert_eq!(place.line(), 1);
}

#[test]
fn a_refusal_counts_even_when_it_is_caught() {
    let options = Options {
        hermetic: true,
        ..Options::default()
    };
    let source = "try:\n  open('/etc/passwd')\nexcept BaseException:\n  pass\n";
    let Error::Refused { what, place, .. } = error(source, &options) else {
        panic!("a refusal");
    };
    assert_eq!(what, "open('/etc/passwd')");
    assert_eq!((place.line(), place.column()), (2, 3));
}
