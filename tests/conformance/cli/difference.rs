//! Where two values differ, for people.

use serde_json::Value;

/// The places where two values differ, each with both sides.
pub(crate) fn differences(ours: &Value, theirs: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", ours, theirs, &mut found);
    found
}

fn compare(place: &str, ours: &Value, theirs: &Value, found: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Object(left), Value::Object(right)) => {
            let more = right.keys().filter(|name| !left.contains_key(*name));
            for name in left.keys().chain(more) {
                let side = |fields: &serde_json::Map<String, Value>| {
                    fields.get(name).cloned().unwrap_or(Value::Null)
                };
                compare(&format!("{place}.{name}"), &side(left), &side(right), found);
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (index, (ours, theirs)) in left.iter().zip(right).enumerate() {
                compare(&format!("{place}[{index}]"), ours, theirs, found);
            }
        }
        _ if ours != theirs => found.push(format!("{place} is {ours} instead of {theirs}")),
        _ => {}
    }
}

#[test]
fn differences_have_their_place() {
    let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let ours = value(r#"{"a": [1, {"b": "x"}], "c": 1, "e": 0}"#);
    let theirs = value(r#"{"d": 2, "a": [1, {"b": "y"}], "e": 0}"#);
    assert_eq!(
        differences(&ours, &theirs),
        [
            ".a[1].b is \"x\" instead of \"y\"",
            ".c is 1 instead of null",
            ".d is null instead of 2"
        ]
    );
    assert_eq!(differences(&ours, &ours), [""; 0]);
}
