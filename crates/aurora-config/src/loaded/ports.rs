//! Which ports a job asks the cluster for.

use std::collections::{BTreeMap, BTreeSet};

use super::{BoundJob, Fields as _, elements, task};
use pystachio::{Data, Error as ObjectError, Object, Reference, Step};
use python27::parse_int;

use crate::{Error, FieldPath};

/// Where a name of a port map leads in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    Static,
    Name(String),
}

/// The index in `thermos.ports[index]`: `None` for other references, an error for other things
/// below `thermos.ports`.
pub(super) fn port_of(reference: &Reference) -> Option<Result<&str, ()>> {
    match reference.steps() {
        [Step::Name(first), Step::Name(second), rest @ ..]
            if &**first == "thermos" && &**second == "ports" =>
        {
            match rest.first() {
                Some(Step::Index(port)) => Some(Ok(port)),
                Some(_) => Some(Err(())),
                None => None,
            }
        }
        _ => None,
    }
}

/// The ports that the processes of a job refer to.
fn referenced(job: &BoundJob) -> Result<BTreeSet<String>, Error> {
    let mut ports = BTreeSet::new();
    let Some(task) = job.field("task")? else {
        return Ok(ports);
    };
    for (position, process) in elements(&task, "processes")?.iter().enumerate() {
        for reference in process.interpolate()?.1 {
            match port_of(&reference) {
                Some(Ok(port)) => {
                    ports.insert(port.to_owned());
                }
                Some(Err(())) => {
                    let message = format!("Task has invalid process: {}", process.text()?);
                    let hint = "write ports as {{thermos.ports[name]}}";
                    return Err(Error::bare_conversion(message)
                        .with_field(FieldPath::from("task.processes").then(position))
                        .with_hint(format!("{} is not a port: {hint}", reference.tag()))
                        .about(reference.tag()));
                }
                None => {}
            }
        }
    }
    Ok(ports)
}

/// The port map of an announcer: name to text.
fn portmap(announcer: &Object) -> Result<BTreeMap<String, String>, ObjectError> {
    let Some(Data::Dict(dict)) = announcer.field("portmap")?.map(|map| map.get()) else {
        return Ok(BTreeMap::new());
    };
    let entries = dict.entries.into_iter();
    Ok(entries
        .map(|(name, port)| (name.to_string(), port.to_string()))
        .collect())
}

/// Follows aliases to their end.
fn resolve(portmap: &BTreeMap<String, String>) -> Result<BTreeMap<String, Target>, Error> {
    let follow = |start: &String| {
        let mut seen = BTreeSet::new();
        let mut at = start;
        while let Some(next) = portmap.get(at) {
            if parse_int(next).is_some() {
                return Ok(Target::Static);
            }
            if !seen.insert(next) {
                return Err(Error::invalid("Found cycle in portmap!")
                    .with_field("announce.portmap")
                    .with_hint(format!("`{next}` leads back to itself")));
            }
            at = next;
        }
        Ok(Target::Name(at.clone()))
    };
    let names = portmap.keys();
    names
        .map(|name| Ok((name.clone(), follow(name)?)))
        .collect()
}

/// The ports of a job.
pub(super) struct Ports {
    /// Those that its processes refer to.
    referenced: BTreeSet<String>,
    /// Where the names of the port map lead.
    resolved: BTreeMap<String, Target>,
}

impl Ports {
    pub(super) fn of(job: &BoundJob) -> Result<Self, Error> {
        let referenced = referenced(job)?;
        let portmap = match job.field("announce")? {
            Some(announcer) => portmap(&announcer)?,
            None => BTreeMap::new(),
        };
        Ok(Self {
            referenced,
            resolved: resolve(&portmap)?,
        })
    }

    /// The ports to ask for: those that processes refer to and the port map does not lead elsewhere,
    /// and those that the port map leads to.
    pub(super) fn requested(self) -> BTreeSet<String> {
        let Self {
            referenced,
            resolved,
        } = self;
        let open = referenced
            .into_iter()
            .filter(|port| !resolved.contains_key(port));
        let targets = resolved.values().filter_map(|target| match target {
            Target::Name(name) => Some(name.clone()),
            Target::Static => None,
        });
        open.chain(targets).collect()
    }

    /// Whether a running task has a port of this name that one of its processes knows: by the name itself, or by where the
    /// port map leads it. Port numbers are taken for granted.
    pub(super) fn is_in_use(&self, port: &str) -> bool {
        if self.resolved.get(port) == Some(&Target::Static) {
            return true;
        }
        let end = self.end(port);
        self.referenced.iter().any(|name| self.end(name) == end)
    }

    /// Where the port map leads a name.
    fn end<'a>(&'a self, name: &'a str) -> &'a str {
        match self.resolved.get(name) {
            Some(Target::Name(end)) => end,
            _ => name,
        }
    }
}

/// Whether the port map of an announcer gives a port number.
pub(super) fn has_static(announcer: &Object) -> Result<bool, ObjectError> {
    Ok(portmap(announcer)?
        .values()
        .any(|port| parse_int(port).is_some()))
}

/// Whether the job runs on machines of its own.
pub(super) fn is_dedicated(job: &BoundJob) -> Result<bool, ObjectError> {
    match job.field("constraints")? {
        Some(constraints) => constraints.contains(&Data::text("dedicated")),
        None => Ok(false),
    }
}

/// Whether only the executor can bind a reference.
pub(super) fn is_runtime(reference: &Reference) -> bool {
    match port_of(reference) {
        Some(port) => port.is_ok(),
        None => task::RUNTIME_REFERENCES.contains(&reference.to_string().as_str()),
    }
}
