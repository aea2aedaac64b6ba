//! Goes along field paths: the value there, the call that made it, and which references are left in it.

use std::collections::BTreeSet;

use python27::nearest;

use super::{Call, Data, FieldPath, Object, PathStep, object::Value, types::Field};
use crate::template::{Reference, Step};

impl Object {
    /// The part under one step, without scopes.
    fn part(&self, step: &PathStep) -> Option<&Self> {
        match (&self.value, step) {
            (Value::Struct(values), PathStep::Field(name)) => {
                values[self.ty().as_struct()?.position(name)?].as_ref()
            }
            (Value::List(elements), PathStep::Index(index)) => elements.get(*index),
            (Value::Map(pairs), PathStep::Key(wanted)) => {
                let mut pairs = pairs.iter().rev();
                let found = pairs.find(|(key, _)| key.get().to_string() == *wanted);
                found.map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// The call in a file that set what a path leads to: that of the innermost part on the way of
    /// which it is known. A path that leads out of the object ends where it does.
    pub fn call_of(&self, path: &FieldPath) -> Option<&Call> {
        let mut at = self;
        let mut origin = at.origin.as_ref();
        for step in path.steps() {
            if let (Some(own), PathStep::Field(name)) = (&at.origin, step)
                && let Some(position) = at.ty().as_struct().and_then(|s| s.position(name))
            {
                origin = Some(own.of_field(position));
            }
            let Some(part) = at.part(step) else { break };
            at = part;
            origin = at.origin.as_ref().or(origin);
        }
        origin.map(super::origin::Origin::call)
    }

    /// The references that stay unbound, each with the path of the value that holds it.
    pub fn unbound(&self) -> Vec<(FieldPath, Reference)> {
        let mut all = Vec::new();
        self.collect_unbound(&FieldPath::default(), &mut all);
        all
    }

    fn collect_unbound(&self, path: &FieldPath, all: &mut Vec<(FieldPath, Reference)>) {
        let scopes = self.inner_scopes();
        let mut inside = |part: &Self, step: PathStep| {
            let path = path.clone().then(step);
            part.within(&scopes).collect_unbound(&path, all);
        };
        match &self.value {
            Value::Simple(_) => {
                let references = self
                    .interpolate()
                    .map_or_else(|_| Vec::new(), |done| done.1);
                for reference in references {
                    let mut here = all.iter().rev().take_while(|(p, _)| p == path);
                    if !here.any(|(_, known)| *known == reference) {
                        all.push((path.clone(), reference));
                    }
                }
            }
            Value::List(elements) => {
                for (i, element) in elements.iter().enumerate() {
                    inside(element, PathStep::Index(i));
                }
            }
            Value::Map(pairs) => {
                for (key, value) in pairs.iter() {
                    let step = PathStep::Key(key.get().to_string());
                    inside(key, step.clone());
                    inside(value, step);
                }
            }
            Value::Struct(values) => {
                for (field, value) in self.filled(values) {
                    inside(value, PathStep::from(&*field.name));
                }
            }
        }
    }

    /// The name most like a reference among those that are bound for the value at a path, and
    /// among `others`.
    pub fn nearest_bound(
        &self,
        path: &FieldPath,
        reference: &Reference,
        others: &[&str],
    ) -> Option<String> {
        let mut at = self.clone();
        for step in path.steps() {
            let Some(part) = at.part(step) else { break };
            at = part.within(&at.inner_scopes());
        }
        let mut names: BTreeSet<String> = BTreeSet::new();
        at.scopes().names(&mut |name| names.extend([name]));
        // `{{profile.nmae}}`: the parts of what its beginning leads to.
        let steps = reference.steps();
        for length in (1..steps.len()).rev() {
            let Ok(Some(found)) = at.scopes().look_up(&steps[..length]) else {
                continue;
            };
            let start = Reference::from_steps(steps[..length].to_vec());
            if let super::Found::Object(object) = found {
                object.part_names(&mut |part| names.extend([start.join(&part).to_string()]));
            }
            break;
        }
        let wrong = reference.to_string();
        // A value cannot mean itself.
        let own = path.steps().last().map(|step| match step {
            PathStep::Field(name) => name.as_str(),
            _ => "",
        });
        let names = names
            .iter()
            .map(String::as_str)
            .chain(others.iter().copied());
        nearest(
            &wrong,
            names.filter(|name| Some(*name) != own && *name != wrong),
        )
        .map(str::to_owned)
    }

    /// The references to the parts of a list, map or struct that have a value.
    pub(crate) fn part_names(&self, name: &mut dyn FnMut(Reference)) {
        let mut step = |step| name(Reference::from_steps(vec![step]));
        match &self.value {
            Value::Simple(_) => {}
            Value::List(elements) => {
                (0..elements.len()).for_each(|i| step(Step::Index(i.to_string().into())));
            }
            Value::Map(pairs) => {
                for (key, _) in pairs.iter() {
                    if let Data::Text(text) = key.get() {
                        step(Step::Index(text.text));
                    }
                }
            }
            Value::Struct(values) => {
                for (field, _) in self.filled(values) {
                    step(Step::Name(field.name.clone()));
                }
            }
        }
    }

    /// The object without what a path leads to.
    pub fn without(&self, path: &FieldPath) -> Self {
        let steps: Vec<&PathStep> = path.steps().collect();
        self.without_steps(&steps)
    }

    /// The fields of a struct that are not empty, with their values.
    fn filled<'a>(
        &'a self,
        values: &'a [Option<Self>],
    ) -> impl Iterator<Item = (&'a Field, &'a Self)> {
        let fields = self.ty().as_struct().into_iter().flat_map(|s| s.fields());
        let pairs = fields.zip(values);
        pairs.filter_map(|(field, value)| Some((field, value.as_ref()?)))
    }

    fn without_steps(&self, steps: &[&PathStep]) -> Self {
        let Some((first, rest)) = steps.split_first() else {
            return self.clone();
        };
        let reduced = |part: &Self| (!rest.is_empty()).then(|| part.without_steps(rest));
        let value = match (&self.value, first) {
            (Value::Struct(values), PathStep::Field(name)) => {
                let mut values = values.to_vec();
                if let Some(position) = self.ty().as_struct().and_then(|s| s.position(name)) {
                    values[position] = values[position].as_ref().and_then(reduced);
                }
                Value::Struct(values.into())
            }
            (Value::List(elements), PathStep::Index(index)) => {
                let mut kept = elements.to_vec();
                if let Some(element) = elements.get(*index) {
                    match reduced(element) {
                        Some(element) => kept[*index] = element,
                        None => drop(kept.remove(*index)),
                    }
                }
                Value::List(kept.into())
            }
            (Value::Map(pairs), PathStep::Key(wanted)) => {
                let pairs = pairs.iter().filter_map(|(key, value)| {
                    if key.get().to_string() != *wanted {
                        return Some((key.clone(), value.clone()));
                    }
                    Some((key.clone(), reduced(value)?))
                });
                Value::Map(pairs.collect())
            }
            _ => return self.clone(),
        };
        Self {
            value,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dict, Signature, Type};

    /// `class Nest(Struct)` with eggs, a map of notes and a name; and `class Tree(Struct)` of nests.
    fn tree() -> Type {
        let string = Type::string();
        let nest = Type::structure(
            "Nest",
            [
                ("name", Some(Signature::plain(&string))),
                ("eggs", Some(Signature::plain(&Type::integer()))),
                (
                    "notes",
                    Some(Signature::plain(&Type::map(&string, &string))),
                ),
            ],
        );
        Type::structure(
            "Tree",
            [
                ("nests", Some(Signature::plain(&Type::list(&nest)))),
                ("kind", Some(Signature::plain(&string))),
            ],
        )
    }

    fn call(line: u32) -> Call {
        Call {
            file: "wood.aurora".into(),
            start: (line, 1),
            end: (line, 2),
            from: None,
        }
    }

    fn dict(entries: Vec<(&str, Data)>) -> Data {
        Data::Dict(Dict::filled(
            entries.into_iter().map(|(k, v)| (k.into(), v)),
        ))
    }

    fn made() -> Object {
        let nest = |name: &str, eggs: &str| {
            let notes = dict(vec![("seen by", "{{observr}}".into())]);
            dict(vec![
                ("name", name.into()),
                ("eggs", eggs.into()),
                ("notes", notes),
            ])
        };
        let nests = Data::List(vec![nest("a", "{{kind}}"), nest("{{nme}}", "2")]);
        let observer = dict(vec![("observer", "me".into())]);
        tree()
            .construct(
                vec![dict(vec![("nests", nests), ("kind", "oak".into())])],
                Vec::new(),
            )
            .and_then(|tree| tree.bind(vec![observer], Vec::new()))
            .unwrap()
    }

    fn nest(index: usize) -> FieldPath {
        FieldPath::from("nests").then(index)
    }

    #[test]
    fn the_innermost_known_call_counts() {
        let ty = tree();
        let inner = made().item_at(&nest(1)).made_by(call(1));
        let tree = ty
            .construct(
                Vec::new(),
                vec![("nests".into(), Data::List(vec![inner.into()]))],
            )
            .unwrap()
            .made_by(call(2));
        let tree = tree
            .refine(vec![("kind".into(), "elm".into())])
            .unwrap()
            .refined_by(call(3), ["kind"]);
        let line = |path: FieldPath| tree.call_of(&path).map(|call| call.start.0);
        assert_eq!(line(FieldPath::default()), Some(3));
        assert_eq!(line("kind".into()), Some(3));
        assert_eq!(line("nests".into()), Some(2));
        assert_eq!(line(nest(0).then("eggs")), Some(1));
        assert_eq!(line(nest(7)), Some(2), "a way out of the object ends in it");
        assert_eq!(made().call_of(&nest(0)), None);
        let again = tree.interpolate().unwrap().0;
        assert_eq!(again.call_of(&nest(0)).map(|call| call.start.0), Some(1));
    }

    impl Object {
        fn item_at(&self, path: &FieldPath) -> Self {
            let part = path.steps().try_fold(self, |at, step| at.part(step));
            part.unwrap().clone()
        }
    }

    #[test]
    fn unbound_references_come_with_their_places_and_what_may_be_meant() {
        let tree = made();
        let shown: Vec<_> = tree
            .unbound()
            .iter()
            .map(|(path, reference)| {
                let near = tree.nearest_bound(path, reference, &["other"]);
                format!("{path} {reference} {}", near.unwrap_or_default())
            })
            .collect();
        assert_eq!(
            shown,
            [
                "nests[0].notes[seen by] observr observer",
                "nests[1].name nme ",
                "nests[1].notes[seen by] observr observer",
            ],
            "a name cannot mean itself"
        );
        let near = |reference: &str| {
            tree.nearest_bound(
                &"kind".into(),
                &reference.parse().unwrap(),
                &["mesos.instance"],
            )
        };
        assert_eq!(near("mesos.instnce").as_deref(), Some("mesos.instance"));
        assert_eq!(near("nests[0].nam").as_deref(), Some("nests[0].name"));
        assert_eq!(near("nest[1]"), None);
        assert_eq!(near("weather"), None);
    }

    #[test]
    fn parts_can_be_left_out() {
        let tree = made();
        let without = |path: FieldPath| tree.without(&path).get().repr();
        assert!(!without(nest(0).then("eggs")).contains("{{kind}}"));
        assert!(!without(nest(1)).contains("nme"));
        let note = nest(0).then("notes").then(PathStep::Key("seen by".into()));
        assert_eq!(without(note).matches("observr").count(), 1);
        assert_eq!(without("height".into()), tree.get().repr());
    }

    #[test]
    fn a_check_of_everything_goes_on_after_the_first_finding() {
        let found = made()
            .refine(vec![("kind".into(), Data::None)])
            .unwrap()
            .check_all();
        let shown: Vec<_> = found
            .iter()
            .map(|check| {
                let check = check.as_ref().unwrap();
                format!("{}: {}", check.path().unwrap(), check.cause())
            })
            .collect();
        assert_eq!(
            shown,
            [
                "kind: Unable to interpolate: Cannot coerce 'None' to String",
                "nests[0].eggs: Unable to interpolate: Cannot coerce 'None' to String",
            ]
        );
    }
}
