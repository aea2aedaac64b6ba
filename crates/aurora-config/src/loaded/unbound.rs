//! References that nothing binds: where each is, and what may have been meant.

use super::{findings::Findings, ports, task};
use pystachio::{Object, Reference, Step};

use crate::{Error, FieldPath, Remedy};

const HINT: &str =
    "bind them with `.bind(name = value)` in the file, or pass a binding `name=value`";

/// References as they are written, joined by blanks.
pub(super) fn listed<'a>(references: impl IntoIterator<Item = &'a Reference>) -> String {
    let tags: Vec<_> = references.into_iter().map(Reference::tag).collect();
    tags.join(" ")
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
