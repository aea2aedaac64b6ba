//! A bound job, interpolated once.

use pystachio::{Error as ObjectError, Object, ProblemKind};

type Result<T> = std::result::Result<T, ObjectError>;

/// Something with fields.
pub(super) trait Fields {
    /// A field, interpolated in its place; `None` when it is empty.
    fn field(&self, name: &str) -> Result<Option<Object>>;
}

impl Fields for Object {
    fn field(&self, name: &str) -> Result<Option<Object>> {
        Object::field(self, name)
    }
}

/// A bound job. It is interpolated once and as a whole, as that is most of the work.
#[derive(Debug, Clone)]
pub(super) struct BoundJob {
    object: Object,
    /// None where the whole cannot be interpolated: its fields are then tried one by one, so that
    /// the problem that is reported is the one that the released client finds first.
    interpolated: Option<Object>,
}

impl BoundJob {
    /// # Errors
    /// When it comes to too much: looking on would take as long again for every field.
    pub(super) fn new(object: Object) -> Result<Self> {
        let interpolated = match object.interpolate() {
            Ok((interpolated, _)) => Some(interpolated),
            Err(problem) if problem.kind() == ProblemKind::Size => return Err(problem),
            Err(_) => None,
        };
        Ok(Self {
            object,
            interpolated,
        })
    }

    /// The job as it is in the file, with its scopes.
    pub(super) fn object(&self) -> &Object {
        &self.object
    }

    pub(super) fn has(&self, name: &str) -> Result<bool> {
        self.object.has(name)
    }

    /// The job interpolated once more, as for executor data: this resolves deferred references.
    pub(super) fn settled(&self) -> Result<Object> {
        Ok(self.interpolated()?.interpolate()?.0)
    }

    pub(super) fn interpolated(&self) -> Result<Object> {
        match &self.interpolated {
            Some(interpolated) => Ok(interpolated.clone()),
            None => Ok(self.object.interpolate()?.0),
        }
    }
}

impl Fields for BoundJob {
    fn field(&self, name: &str) -> Result<Option<Object>> {
        match &self.interpolated {
            Some(interpolated) => Ok(interpolated.raw_field(name)?.cloned()),
            None => self.object.field(name),
        }
    }
}
