//! Where the rules put what they find: either the first mistake ends everything, as in the released
//! client, or all of them are collected.

use std::collections::HashSet;

use pystachio::{Check, Error as ObjectError, Object};

use crate::{Error, FieldPath};

/// What kind of mistake it is, which separates those that only follow from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Type,
    Unbound,
    Rule,
}

/// What the rules found so far.
#[derive(Debug)]
pub(super) struct Findings {
    collecting: bool,
    errors: Vec<(Kind, Error)>,
    /// What an author should know; the text and the field count.
    pub(super) warnings: Vec<Error>,
}

impl Findings {
    /// The first mistake ends everything.
    pub(super) fn first() -> Self {
        Self {
            collecting: false,
            errors: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// All mistakes are wanted. Nothing fails then.
    pub(super) fn all() -> Self {
        Self {
            collecting: true,
            ..Self::first()
        }
    }

    pub(super) fn is_collecting(&self) -> bool {
        self.collecting
    }

    fn note(&mut self, kind: Kind, error: Error) -> Result<(), Error> {
        if !self.collecting {
            return Err(error);
        }
        self.errors.push((kind, error));
        Ok(())
    }

    /// A broken rule.
    ///
    /// # Errors
    /// The broken rule, if it ends everything.
    pub(super) fn found(&mut self, error: Error) -> Result<(), Error> {
        self.note(Kind::Rule, error)
    }

    /// A reference that nothing binds.
    ///
    /// # Errors
    /// As [`Findings::found`].
    pub(super) fn unbound(&mut self, error: Error) -> Result<(), Error> {
        self.note(Kind::Unbound, error)
    }

    /// A value that cannot be resolved.
    ///
    /// # Errors
    /// As [`Findings::found`].
    pub(super) fn broken(&mut self, problem: ObjectError) -> Result<(), Error> {
        self.note(Kind::Type, problem.into())
    }

    /// What a rule makes, or nothing if it is broken.
    ///
    /// # Errors
    /// As [`Findings::found`].
    pub(super) fn attempt<T>(
        &mut self,
        result: Result<T, impl Into<Error>>,
    ) -> Result<Option<T>, Error> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error) => self.found(error.into()).map(|()| None),
        }
    }

    /// Values that are not of their types. `first` has the words for what the first check says.
    ///
    /// # Errors
    /// As [`Findings::found`].
    pub(super) fn types(
        &mut self,
        object: &Object,
        within: &str,
        first: impl FnOnce(Result<Check, ObjectError>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if !self.collecting {
            return first(object.try_check());
        }
        for found in object.check_all() {
            let error = match found {
                Ok(check) => Error::invalid(check.cause())
                    .with_field(check.path().cloned().unwrap_or_default()),
                Err(problem) => problem.into(),
            };
            let within = FieldPath::from(within);
            let error = within
                .steps()
                .rev()
                .fold(error, |e, step| e.under(step.clone()));
            self.note(Kind::Type, error)?;
        }
        Ok(())
    }

    /// The mistakes without those that only follow from others: an unbound value is not a number
    /// either, and a value that is not a number breaks further rules.
    pub(super) fn into_errors(self) -> Vec<Error> {
        let fields = |wanted: Kind| -> HashSet<FieldPath> {
            let of_kind = self.errors.iter().filter(|(kind, _)| *kind == wanted);
            of_kind.filter_map(|(_, e)| e.field().cloned()).collect()
        };
        let (unbound, wrong) = (fields(Kind::Unbound), fields(Kind::Type));
        let mut reported = HashSet::new();
        self.errors
            .into_iter()
            .filter(|(kind, error)| {
                let field = error.field().cloned().unwrap_or_default();
                let follows = match kind {
                    Kind::Unbound => false,
                    Kind::Type => unbound.contains(&field),
                    Kind::Rule => unbound.contains(&field) || wrong.contains(&field),
                };
                // A type that is checked twice says the same of a field in other words.
                let text = match kind {
                    Kind::Type => String::new(),
                    Kind::Unbound | Kind::Rule => error.to_string(),
                };
                !follows && reported.insert((field, text))
            })
            .map(|(_, error)| error)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_the_first_mistake_ends_everything_or_none_does() {
        let wrong = || Error::invalid("wrong").with_field("name");
        assert!(Findings::first().found(wrong()).is_err());
        let mut all = Findings::all();
        all.found(wrong()).unwrap();
        assert_eq!(all.attempt(Err::<(), _>(wrong())).unwrap(), None);
        all.found(Error::invalid("worse").with_field("name"))
            .unwrap();
        let texts: Vec<_> = all.into_errors().iter().map(Error::to_string).collect();
        assert_eq!(texts, ["wrong", "worse"]);
    }

    #[test]
    fn what_only_follows_is_left_out() {
        let mut all = Findings::all();
        let at = |field: &str, text: &str| Error::invalid(text).with_field(field);
        all.found(at("role", "bad role")).unwrap();
        all.note(Kind::Type, at("role", "no text")).unwrap();
        all.note(Kind::Type, at("priority", "no number")).unwrap();
        all.unbound(at("priority", "unbound")).unwrap();
        let texts: Vec<_> = all.into_errors().iter().map(Error::to_string).collect();
        assert_eq!(texts, ["no text", "unbound"]);
    }
}
