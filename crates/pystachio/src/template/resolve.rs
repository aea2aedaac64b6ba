//! Resolves a text in passes until nothing more can be replaced.

use std::{borrow::Cow, collections::HashMap};

use crate::Error;

use super::{
    Reference, ReferenceError,
    circle::find_circle,
    scan::{Fragment, Fragments},
};

/// How many passes a text may take before it counts as a loop.
const MAX_PASSES: usize = 100;

/// How large a resolved text may become, in bytes. A handful of values that each repeat the next
/// one could otherwise fill any memory.
const MAX_BYTES: usize = 16 << 20;

/// Why a text could not be resolved; `E` is what the lookup failed with.
#[derive(Debug)]
pub(crate) enum ResolveError<E> {
    /// A tag does not hold an address.
    Reference(ReferenceError),
    /// Replacing went on and on; the text after the last pass, a reference still in it, and a
    /// circle of references, from one back to itself, if one was found.
    Loop {
        text: String,
        reference: Reference,
        circle: Vec<Reference>,
    },
    /// The text outgrew all bounds while this reference was replaced.
    TooLarge { reference: Reference },
    /// The value of a reference could not be had.
    Lookup(E),
}

/// A text with everything replaced that could be.
#[derive(Debug)]
pub(crate) struct Resolved<'a> {
    pub text: Cow<'a, str>,
    /// What was not found, in the order of the text, with repetitions.
    pub unbound: Vec<Reference>,
}

struct Pass {
    text: String,
    unbound: Vec<Reference>,
    replaced: Option<Reference>,
    deferred: bool,
}

fn push<E>(text: &mut String, piece: &str, by: &Reference) -> Result<(), ResolveError<E>> {
    if text.len() + piece.len() > MAX_BYTES {
        return Err(ResolveError::TooLarge {
            reference: by.clone(),
        });
    }
    text.push_str(piece);
    Ok(())
}

fn pass<E>(
    source: &str,
    lookup: &mut impl FnMut(&Reference) -> Result<Option<String>, E>,
) -> Result<Pass, ResolveError<E>> {
    let mut done = Pass {
        text: String::with_capacity(source.len()),
        unbound: Vec::new(),
        replaced: None,
        deferred: false,
    };
    let mut values: HashMap<Reference, Option<String>> = HashMap::new();
    let mut fragments = Fragments::new(source);
    while let Some(fragment) = fragments.next() {
        match fragment.map_err(ResolveError::Reference)? {
            Fragment::Literal(literal) => done.text.push_str(literal),
            Fragment::Deferred(content) => {
                done.deferred = true;
                done.text.push_str("{{&");
                done.text.push_str(content);
                done.text.push_str("}}");
            }
            Fragment::Tag(reference) => {
                let value = match values.get(&reference) {
                    Some(value) => value,
                    None => match lookup(&reference) {
                        Ok(value) => values.entry(reference.clone()).or_insert(value),
                        // A bad address wins over a failing lookup, wherever in the text it is.
                        Err(error) => {
                            return Err(match fragments.find_map(Result::err) {
                                Some(bad) => ResolveError::Reference(bad),
                                None => ResolveError::Lookup(error),
                            });
                        }
                    },
                };
                match value {
                    Some(value) => {
                        push(&mut done.text, value, &reference)?;
                        done.replaced = Some(reference);
                    }
                    None => {
                        done.text.push_str(&reference.tag());
                        done.unbound.push(reference);
                    }
                }
            }
        }
    }
    Ok(done)
}

/// Turns `{{&x}}` into `{{x}}`; everything else stays.
fn undefer(text: &str) -> Result<String, ReferenceError> {
    let mut out = String::with_capacity(text.len());
    for fragment in Fragments::new(text) {
        match fragment? {
            Fragment::Literal(literal) => out.push_str(literal),
            Fragment::Deferred(content) => {
                out.push_str("{{");
                out.push_str(content);
                out.push_str("}}");
            }
            Fragment::Tag(reference) => out.push_str(&reference.tag()),
        }
    }
    Ok(out)
}

/// Resolves all tags of a text, again and again.
pub(crate) fn resolve<E>(
    source: &str,
    mut lookup: impl FnMut(&Reference) -> Result<Option<String>, E>,
) -> Result<Resolved<'_>, ResolveError<E>> {
    if !source.contains("{{") {
        return Ok(Resolved {
            text: Cow::Borrowed(source),
            unbound: Vec::new(),
        });
    }
    let mut text = Cow::Borrowed(source);
    for remaining in (0..MAX_PASSES).rev() {
        let done = pass(&text, &mut lookup)?;
        let Some(reference) = done.replaced else {
            let text = if done.deferred {
                undefer(&done.text).map_err(ResolveError::Reference)?
            } else {
                done.text
            };
            return Ok(Resolved {
                text: Cow::Owned(text),
                unbound: done.unbound,
            });
        };
        if remaining == 0 {
            let circle = find_circle(&[source, &reference.tag()], |reference| {
                lookup(reference).ok().flatten()
            });
            return Err(ResolveError::Loop {
                text: done.text,
                reference,
                circle,
            });
        }
        if !done.text.contains("{{") {
            return Ok(Resolved {
                text: Cow::Owned(done.text),
                unbound: done.unbound,
            });
        }
        text = Cow::Owned(done.text);
    }
    Ok(Resolved {
        text,
        unbound: Vec::new(),
    })
}

/// A text after [`substitute`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Substitution {
    /// The text with every reference replaced that was found.
    pub text: String,
    /// The references that were not found, in the order of the text. They are still in it as tags.
    pub unbound: Vec<Reference>,
}

/// The message for text whose replacement does not end.
pub(crate) fn loop_words(reference: &Reference, circle: &[Reference]) -> String {
    if circle.is_empty() {
        return format!("{} needs more than 100 replacements", reference.tag());
    }
    let names: Vec<_> = circle.iter().map(Reference::to_string).collect();
    format!("references lead in a circle: {}", names.join(" -> "))
}

/// Replaces the tags of a text by what `lookup` has for them, until nothing more can be replaced.
///
/// # Errors
/// When a tag does not hold an address, when values refer to each other in a circle, and when the
/// text grows beyond 16 MiB.
pub fn substitute(
    text: &str,
    mut lookup: impl FnMut(&Reference) -> Option<String>,
) -> Result<Substitution, Error> {
    let found = |reference: &Reference| Ok::<_, std::convert::Infallible>(lookup(reference));
    match resolve(text, found) {
        Ok(resolved) => Ok(Substitution {
            text: resolved.text.into_owned(),
            unbound: resolved.unbound,
        }),
        Err(ResolveError::Reference(error)) => Err(Error::Reference(error)),
        Err(ResolveError::Loop {
            text,
            reference,
            circle,
        }) => Err(Error::Loop {
            reference,
            circle,
            text,
        }),
        Err(ResolveError::TooLarge { reference }) => Err(Error::TooLarge { reference }),
        Err(ResolveError::Lookup(never)) => match never {},
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn with(text: &str, table: &[(&str, &str)]) -> Result<Substitution, Error> {
        substitute(text, |reference| {
            let name = reference.to_string();
            let entry = table.iter().find(|(key, _)| *key == name);
            entry.map(|(_, value)| (*value).to_owned())
        })
    }

    fn text(text: &str, table: &[(&str, &str)]) -> String {
        with(text, table).unwrap().text
    }

    #[test]
    fn values_may_bring_tags() {
        let table = [("a", "{{b}}!"), ("b", "{{c}}?"), ("c", "end")];
        assert_eq!(text("{{a}} {{c}}", &table), "end?! end");
    }

    #[test]
    fn tags_may_be_put_together() {
        let table = [("level", "fine"), ("grade_fine", "cerium")];
        assert_eq!(text("{{grade_{{level}}}}", &table), "cerium");
        let table = [("pick", "berry"), ("berry", "rowan")];
        assert_eq!(text("{{{{pick}}}} {{{pick}}}", &table), "rowan {berry}");
        assert_eq!(
            text("{{half}}}", &[("half", "{{level}"), ("level", "x")]),
            "x"
        );
    }

    #[test]
    fn deferred_tags_lose_their_ampersand_at_the_end() {
        let table = [("a", "{{&b}}"), ("b", "no")];
        assert_eq!(text("{{a}} {{&c}} {{&d&}}", &table), "{{b}} {{c}} {{d}}");
    }

    #[test]
    fn what_is_not_found_stays_and_is_reported() {
        let done = with("{{x}} {{a}} {{x}}", &[("a", "{{y[0]}}")]).unwrap();
        assert_eq!(done.text, "{{x}} {{y[0]}} {{x}}");
        let unbound: Vec<_> = done.unbound.iter().map(Reference::to_string).collect();
        assert_eq!(unbound, ["x", "y[0]", "x"]);
    }

    #[test]
    fn circles_are_errors_that_show_them() {
        let error = with(
            "call {{note}}",
            &[("note", "{{tune}}"), ("tune", "{{note}}")],
        );
        assert_eq!(
            error.unwrap_err().to_string(),
            "references lead in a circle: note -> tune -> note: \
             after 100 replacements the text is `call {{note}}`"
        );
    }

    #[test]
    fn ninety_nine_replacements_are_fine() {
        let count = |steps: usize| {
            let mut left = steps;
            substitute("{{x}}", move |_| {
                left = left.saturating_sub(1);
                Some(if left == 0 { "{{&x}}" } else { "{{x}}" }.to_owned())
            })
        };
        assert_eq!(count(99).unwrap().text, "{{x}}");
        assert!(count(100).is_err());
    }

    #[test]
    fn a_long_chain_is_no_circle() {
        let error = substitute("{{x0}}", |reference| {
            let number: usize = reference.to_string()[1..].parse().ok()?;
            Some(format!("{{{{x{}}}}}", number + 1))
        });
        let error = error.unwrap_err().to_string();
        assert!(
            error.starts_with("{{x99}} needs more than 100 replacements"),
            "{error}"
        );
    }

    #[test]
    fn a_reference_is_looked_up_once_a_pass() {
        let mut lookups = 0;
        let done = substitute(&"{{a}}".repeat(1000), |_| {
            lookups += 1;
            Some("x".to_owned())
        });
        assert_eq!((done.unwrap().text.len(), lookups), (1000, 1));
    }

    #[test]
    fn growth_is_bounded() {
        let twice = |reference: &Reference| {
            let next = format!("{{{{{reference}x}}}}");
            Some(next.repeat(16))
        };
        let error = substitute("{{a}}", twice).unwrap_err();
        assert!(matches!(error, Error::TooLarge { .. }), "{error}");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(source in r"[ab{}&.\[\] ]{0,40}", value in r"[ab{}&]{0,8}") {
            let _ = substitute(&source, |reference| {
                (reference.to_string() == "a").then(|| value.clone())
            });
        }

        #[test]
        fn text_without_braces_is_untouched(source in r"[^{}]*") {
            prop_assert_eq!(substitute(&source, |_| None).unwrap().text, source);
        }
    }
}
