//! References that nothing binds: where each is, and what may have been meant.

use super::{findings::Findings, ports, task};
use pystachio::{Data, Environment, Found, Object, Reference, Step};

use crate::{Error, FieldPath, Remedy};

const HINT: &str =
    "bind them with `.bind(name = value)` in the file, or pass a binding `name=value`";

const NESTED_HINT: &str =
    "a value that only a running task has cannot be part of another reference";

/// Stands for a value of a running task. It fits wherever a name or an index does.
const SOME_VALUE: &str = "value";

/// References as they are written, joined by blanks.
pub(super) fn listed<'a>(references: impl IntoIterator<Item = &'a Reference>) -> String {
    let tags: Vec<_> = references.into_iter().map(Reference::tag).collect();
    tags.join(" ")
}

/// The error about references that are left in a task.
pub(super) fn unexpected(listed: String) -> Error {
    task::invalid(format!(
        "Unexpected unbound refs: {listed}. Make sure you are not nesting template variables."
    ))
}

/// A value that is part of a reference must be known when the reference is resolved, and those of a running task are not:
/// `{{name[{{thermos.ports[http]}}]}}` reaches the executor, which knows no `name`. `sample` is the job with its instance
/// bound, `left` the references that are not bound in it.
pub(super) fn check_nested(
    sample: &Object,
    left: &[Reference],
    findings: &mut Findings,
) -> Result<(), Error> {
    let mut running = Environment::default();
    for reference in left.iter().filter(|reference| ports::is_runtime(reference)) {
        running.set(reference.clone(), Found::Text(SOME_VALUE.into()));
    }
    let run = sample.bind(vec![Data::Environment(running.into())], Vec::new());
    let (run, appeared) = run
        .and_then(|run| run.interpolate())
        .map_err(Error::from_conversion)?;
    // The others were found before.
    let is_new = |reference: &Reference| !left.contains(reference);
    let appeared: Vec<&Reference> = appeared.iter().filter(|it| is_new(it)).collect();
    if appeared.is_empty() {
        return Ok(());
    }
    let mut places = run.unbound();
    places.retain(|(_, reference)| is_new(reference));
    let refused = |listed| unexpected(listed).with_hint(NESTED_HINT);
    if !findings.is_collecting() {
        let error = refused(listed(appeared));
        return findings.unbound(match places.into_iter().next() {
            Some((path, _)) => error.with_field(path),
            None => error,
        });
    }
    for (path, reference) in places {
        findings.unbound(refused(reference.tag()).with_field(path))?;
    }
    Ok(())
}

/// The references that stay unbound in a part of a job and that no running task will bind: `unbound`
/// is what interpolating the part left. `words` make the error that lists all of them.
pub(super) fn check(
    job: &Object,
    (part, unbound): (&Object, &[Reference]),
    within: &str,
    words: impl FnOnce(String) -> Error,
    findings: &mut Findings,
) -> Result<(), Error> {
    let unexpected = |reference: &&Reference| !ports::is_runtime(reference);
    let unbound: Vec<&Reference> = unbound.iter().filter(unexpected).collect();
    if unbound.is_empty() {
        return Ok(());
    }
    let mut places = part.unbound();
    places.retain(|(_, reference)| unexpected(&reference));
    let within = FieldPath::from(within);
    let whole = |path: &FieldPath| {
        let steps = within.steps().rev();
        steps.fold(path.clone(), |path, step| path.under(step.clone()))
    };
    if findings.is_collecting() {
        for (path, reference) in &places {
            let path = whole(path);
            let nearest = nearest(job, &path, reference);
            let error = Error::bare_conversion(format!("nothing binds {}", reference.tag()))
                .with_field(path)
                .about(reference.tag());
            findings.unbound(match nearest {
                Some(hint) => error.with_hint(hint),
                None => error.with_hint(HINT).with_remedy(Remedy::Binding),
            })?;
        }
        return Ok(());
    }
    let mut error = words(listed(unbound))
        .with_hint(HINT)
        .with_remedy(Remedy::Binding);
    if let Some((path, reference)) = places.first() {
        error = error.with_field(whole(path)).about(reference.tag());
    }
    let note = |(path, reference): &(FieldPath, Reference)| {
        let path = whole(path);
        let near = nearest(job, &path, reference);
        let near = near.map_or_else(String::new, |near| format!(": {near}"));
        format!("nothing binds {} in {path}{near}", reference.tag())
    };
    findings.unbound(error.with_notes(places.iter().map(note).collect()))
}

fn nearest(job: &Object, path: &FieldPath, reference: &Reference) -> Option<String> {
    let port = match reference.steps().last() {
        Some(Step::Index(name)) => Some(format!("thermos.ports[{name}]")),
        _ => None,
    };
    let mut others: Vec<&str> = task::RUNTIME_REFERENCES.to_vec();
    others.extend(port.as_deref());
    let near = job.nearest_bound(path, reference, &others)?;
    Some(format!("did you mean `{{{{{near}}}}}`?"))
}
