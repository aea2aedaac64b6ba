//! How objects are made, bound and resolved.

use super::*;

fn simple(ty: &Type, value: Data) -> Object {
    ty.construct(vec![value], Vec::new()).unwrap()
}

fn string(text: &str) -> Object {
    simple(&Type::string(), text.into())
}

fn keywords<const N: usize>(entries: [(&str, Data); N]) -> Vec<(String, Data)> {
    entries.map(|(name, value)| (name.to_owned(), value)).into()
}

fn dict<const N: usize>(entries: [(&str, Data); N]) -> Data {
    Data::Dict(Dict::filled(entries.map(|(k, v)| (k.into(), v))))
}

fn list<const N: usize>(elements: [&str; N]) -> Data {
    Data::List(elements.map(Data::from).into())
}

fn bind<const N: usize>(object: &Object, entries: [(&str, Data); N]) -> Object {
    object.bind(Vec::new(), keywords(entries)).unwrap()
}

fn structure(name: &str, fields: &[(&str, Signature)]) -> Type {
    let module = std::iter::once(("__module__", None));
    let fields = fields
        .iter()
        .map(|(name, field)| (*name, Some(field.clone())));
    Type::structure(name, module.chain(fields))
}

fn default(ty: &Type, value: impl Into<Data>) -> Signature {
    Signature::default(ty, value.into()).unwrap()
}

/// `class Tank(Struct)` with a default made of other fields.
fn tank() -> Type {
    let string = Type::string();
    structure(
        "Tank",
        &[
            ("gas", default(&string, "air")),
            ("bar", default(&Type::integer(), Data::int(200))),
            ("label", default(&string, "{{gas}}@{{bar}}")),
        ],
    )
}

fn made(ty: &Type, fields: Vec<(String, Data)>) -> Object {
    ty.construct(Vec::new(), fields).unwrap()
}

#[test]
fn later_bindings_come_first() {
    let text = string("a={{a}} b={{b}} c={{c}} d={{d}}");
    let first = dict([("a", "one".into()), ("b", "one".into())]);
    let second = dict([("b", "two".into()), ("c", "two".into())]);
    let bound = text
        .bind(vec![first, second], keywords([("c", "kw".into())]))
        .unwrap();
    let bound = bind(&bound, [("a", "later".into()), ("d", Data::Float(4.5))]);
    assert_eq!(bound.text().unwrap(), "a=later b=two c=kw d=4.5");
}

#[test]
fn outer_scopes_come_last() {
    let text = bind(&string("{{a}} {{b}}"), [("a", "inner".into())]);
    let outer = dict([("a", "outer".into()), ("b", "outer".into())]);
    let text = text.in_scope(vec![outer], Vec::new()).unwrap();
    assert_eq!(text.text().unwrap(), "inner outer");
}

#[test]
fn environments_take_paths_and_nested_tables() {
    let nested = dict([
        ("lines", Data::int(1200)),
        ("extra", dict([("deep", "down".into())])),
    ]);
    let table = dict([
        ("opt", nested),
        ("list[0]", "zero".into()),
        ("where.x", Data::int(9)),
    ]);
    let tank = made(&tank(), keywords([("gas", "trimix".into())]));
    let text = string("{{opt.lines}} {{opt.gas}} {{opt.extra.deep}} {{list[0]}} {{where.x}}");
    let text = bind(&text, [("opt", tank.into())])
        .in_scope(vec![table], Vec::new())
        .unwrap();
    assert_eq!(text.text().unwrap(), "1200 trimix down zero 9");
    let error = string("x")
        .bind(vec![dict([("a", Data::None)])], Vec::new())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "Environment values must be strings, numbers, Objects or other Environments. \
         Got <type 'NoneType'> instead."
    );
    assert!(
        string("x")
            .bind(vec![dict([("9a", "x".into())])], Vec::new())
            .is_err()
    );
}

#[test]
fn structs_see_themselves_then_their_bindings_then_what_is_around() {
    let string_type = Type::string();
    let inner = structure(
        "Inner",
        &[
            ("text", Signature::plain(&string_type)),
            ("name", Signature::plain(&string_type)),
        ],
    );
    let outer = structure(
        "Outer",
        &[
            ("inner", Signature::plain(&inner)),
            ("tint", Signature::plain(&string_type)),
        ],
    );
    let text = "{{self.name}} {{name}} {{super.tint}} {{tint}} {{super.super.far}}";
    let child = made(
        &inner,
        keywords([("text", text.into()), ("name", "on".into())]),
    );
    let child = bind(&child, [("tint", "near".into())]);
    let parent = made(
        &outer,
        keywords([("inner", child.into()), ("tint", "field".into())]),
    );
    let parent = bind(&parent, [("tint", "bound".into()), ("far", "off".into())]);
    let inner = parent.field("inner").unwrap().unwrap();
    assert_eq!(
        inner.field("text").unwrap().unwrap().text().unwrap(),
        "on on bound near off"
    );
}

#[test]
fn defaults_are_resolved_in_their_own_struct() {
    let dive = structure(
        "Dive",
        &[
            (
                "tanks",
                default(
                    &Type::list(&tank()),
                    Data::List(vec![dict([("gas", "nitrox".into())])]),
                ),
            ),
            (
                "times",
                default(
                    &Type::map(&Type::string(), &Type::integer()),
                    dict([("down", Data::int(18))]),
                ),
            ),
        ],
    );
    let text = bind(
        &string(
            "{{dive.tanks[0].label}} {{dive.tanks[-1].bar}} {{dive.times[down]}} {{dive.tanks[1].bar}}",
        ),
        [("dive", made(&dive, Vec::new()).into())],
    );
    let (done, unbound) = text.interpolate().unwrap();
    assert_eq!(
        done.text().unwrap(),
        "nitrox@200 200 18 {{dive.tanks[1].bar}}"
    );
    assert_eq!(unbound[0].to_string(), "dive.tanks[1].bar");
}

#[test]
fn deferred_references_come_alive_the_second_time() {
    let text = bind(
        &string("{{&x}} {{y}}"),
        [("x", "now".into()), ("y", "bound".into())],
    );
    let (once, unbound) = text.interpolate().unwrap();
    assert!(unbound.is_empty());
    assert_eq!(once.get().as_text(), Some("{{x}} bound"));
    assert_eq!(
        once.interpolate().unwrap().0.get().as_text(),
        Some("now bound")
    );
}

#[test]
fn unbound_references_come_once_each_in_the_order_of_a_set() {
    let ty = Type::list(&Type::string());
    let object = simple(&ty, list(["{{title}} {{author}}", "{{title}}"]));
    let (_, unbound) = object.interpolate().unwrap();
    let unbound: Vec<_> = unbound.iter().map(ToString::to_string).collect();
    assert_eq!(unbound, ["author", "title"]);
}

#[test]
fn circles_and_bad_addresses_say_where() {
    let ty = structure("Job", &[("cpu", Signature::plain(&Type::float()))]);
    let job = bind(
        &made(&ty, keywords([("cpu", "{{cpu}}".into())])),
        [("cpu", Data::int(2))],
    );
    let error = job.interpolate().unwrap_err();
    assert_eq!(
        error.to_string(),
        "Unable to interpolate {{cpu}}!  Maximum replacements reached."
    );
    assert_eq!(
        (
            error.kind(),
            error.clone().into_problem().path.to_string().as_str()
        ),
        (ProblemKind::Loop, "cpu")
    );
    let error = string("{{ loudly }}").text().unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ProblemKind::Reference, " loudly ")
    );
}

#[test]
fn many_laughs_are_cut_short() {
    let twice = |name: &str| Data::from(format!("{{{{{name}}}}}{{{{{name}}}}}").repeat(8).as_str());
    let names = ["b", "c", "d", "e", "f", "g", "h"];
    let bindings = ["a", "b", "c", "d", "e", "f", "g"].iter().zip(names);
    let bindings = bindings.map(|(name, next)| ((*name).to_owned(), twice(next)));
    let text = string("{{a}}")
        .bind(Vec::new(), bindings.collect())
        .unwrap();
    assert_eq!(text.text().unwrap_err().kind(), ProblemKind::Size);
}

#[test]
fn laughs_are_cut_short_over_many_texts_and_however_short_they_are() {
    // Each value is an object that is resolved for itself, and comes to nothing in the end.
    let mut nothing = string("");
    for _ in 0..40 {
        let parts = [("x", nothing.clone().into()), ("y", nothing.into())];
        nothing = bind(&string("{{x}}{{y}}"), parts);
    }
    let problem = nothing.text().unwrap_err();
    assert_eq!(problem.kind(), ProblemKind::Size);
    let long = "ha".repeat(4 << 20);
    let texts = Data::List(vec![Data::from("{{x}}"); 40]);
    let list = Type::list(&Type::string());
    let list = list.construct(vec![texts], Vec::new()).unwrap();
    let list = bind(&list, [("x", Data::from(long.as_str()))]);
    assert_eq!(list.interpolate().unwrap_err().kind(), ProblemKind::Size);
    // The next object has its own share of work.
    let text = bind(&string("{{x}}"), [("x", Data::from("ho"))]);
    assert_eq!(text.text().unwrap(), "ho");
}

#[test]
fn values_stay_as_given_until_they_are_interpolated() {
    let made = simple(&Type::integer(), "4".into());
    assert_eq!(made.get().repr(), "'4'");
    assert_eq!(made.modulo(dict([])).unwrap().get().repr(), "4");
    let float = simple(&Type::float(), Data::int(1));
    assert_eq!(
        (float.get().repr(), float.text().unwrap()),
        ("1".into(), "1.0".into())
    );
    let wrong = simple(&Type::integer(), string("4").into());
    assert_eq!(
        wrong.check().message(),
        "Unable to interpolate: Cannot coerce '4' to Integer"
    );
}

#[test]
fn checks_name_the_first_problem_and_where_it_is() {
    let nest = structure(
        "Nest",
        &[
            ("height", Signature::required(&Type::integer())),
            ("straw", default(&Type::string(), "wheat")),
        ],
    );
    let colony = structure("Colony", &[("nests", Signature::plain(&Type::list(&nest)))]);
    assert_eq!(
        made(&nest, Vec::new()).check().message(),
        "Nest[height] is required."
    );
    let odd = made(&nest, keywords([("height", "{{h}}".into())]));
    assert_eq!(
        odd.check().message(),
        "Nest[height] failed: u'{{h}}' not an integer"
    );
    let good = made(&nest, keywords([("height", "3".into())]));
    assert!(good.check().is_ok());
    let nests = Data::List(vec![good.into(), odd.into()]);
    let check = made(&colony, keywords([("nests", nests)])).check();
    assert_eq!(
        check.to_string(),
        "TypeCheck(FAILED): Colony[nests] failed: Element in NestList failed check: \
         Nest[height] failed: u'{{h}}' not an integer"
    );
    assert_eq!(check.path().unwrap().to_string(), "nests[1].height");
}

#[test]
fn construction_tells_what_does_not_fit() {
    let message = |result: Result<Object>| result.unwrap_err().to_string();
    let ty = structure(
        "Team",
        &[
            ("tank", Signature::plain(&tank())),
            ("names", Signature::plain(&Type::list(&Type::string()))),
        ],
    );
    let error = ty
        .construct(Vec::new(), keywords([("tnak", Data::None)]))
        .unwrap_err();
    assert_eq!(error.to_string(), "Unknown schema attribute tnak");
    assert_eq!(
        error.into_problem().hint.as_deref(),
        Some("did you mean the field `tank` of `Team`?")
    );
    assert_eq!(
        message(ty.construct(Vec::new(), keywords([("tank", "full".into())]))),
        "Expected dictionary argument, got 'full'"
    );
    assert_eq!(
        message(ty.construct(
            Vec::new(),
            keywords([("names", made(&tank(), Vec::new()).into())])
        )),
        "ListContainer expects an iterable, got Tank(bar=200,\n     gas=air,\n     label=air@200)"
    );
    let path = ty
        .construct(
            Vec::new(),
            keywords([("tank", dict([("gsa", "x".into())]))]),
        )
        .unwrap_err()
        .into_problem()
        .path;
    assert_eq!(path.to_string(), "tank");
}

#[test]
fn refined_copies_leave_the_original_alone() {
    let air = made(&tank(), Vec::new());
    let rich = air
        .refine(keywords([("gas", "nitrox".into()), ("bar", Data::Empty)]))
        .unwrap();
    assert_eq!(
        rich.field("label").unwrap().unwrap().text().unwrap(),
        "nitrox@{{bar}}"
    );
    assert_eq!(
        air.field("label").unwrap().unwrap().text().unwrap(),
        "air@200"
    );
    assert!(!rich.has("bar").unwrap() && air.has("bar").unwrap());
    assert!(string("x").refine(Vec::new()).is_err());
}

#[test]
fn equality_looks_at_interpolated_values() {
    let ty = tank();
    let with = |bar: Data| made(&ty, keywords([("bar", bar)]));
    assert!(with(Data::int(3)).equals(&with("3".into())).unwrap());
    assert!(!with(Data::int(3)).equals(&with(Data::int(4))).unwrap());
    assert!(ty == ty.rebuilt());
    assert_eq!(
        with(Data::int(3)).hash().unwrap(),
        with("3".into()).hash().unwrap()
    );
    let seven = simple(&Type::integer(), "{{n}}".into())
        .modulo(dict([("n", "7".into())]))
        .unwrap();
    assert!(
        seven
            .equals(&simple(&Type::integer(), Data::int(7)))
            .unwrap()
    );
}

#[test]
fn lists_and_maps_can_be_looked_into() {
    let colours = simple(&Type::list(&Type::string()), list(["red", "{{third}}"]));
    let colours = bind(&colours, [("third", "blue".into())]);
    assert!(
        colours.contains(&"blue".into()).unwrap() && !colours.contains(&"pink".into()).unwrap()
    );
    let texts: Vec<_> = colours
        .elements()
        .unwrap()
        .unwrap()
        .iter()
        .map(|c| c.text().unwrap())
        .collect();
    assert_eq!(texts, ["red", "blue"]);
    assert_eq!(colours.item(Data::int(-1)).unwrap().text().unwrap(), "blue");
    assert_eq!(
        colours.item(Data::int(2)).unwrap_err().kind(),
        ProblemKind::Index
    );
    let waves = Type::map(&Type::string(), &Type::integer());
    let waves = waves
        .construct(
            vec![dict([("red", Data::int(700)), ("blue", "450".into())])],
            Vec::new(),
        )
        .unwrap();
    assert_eq!(waves.item("blue".into()).unwrap().get().repr(), "450");
    assert_eq!(
        waves.item("mauve".into()).unwrap_err().kind(),
        ProblemKind::Key
    );
    let flags = Type::map(&Type::integer(), &Type::boolean());
    let pair = |k: i64, v: Data| Data::List(vec![Data::int(k), v]);
    let flags = flags
        .construct(
            vec![pair(1, Data::Bool(true)), pair(2, "false".into())],
            Vec::new(),
        )
        .unwrap();
    let text = bind(
        &string("{{w[red]}} {{f[2]}} {{f[3]}}"),
        [("w", waves.into()), ("f", flags.into())],
    );
    assert_eq!(text.text().unwrap(), "700 False {{f[3]}}");
}

#[test]
fn choices_take_the_first_type_that_fits() {
    let ty = Type::choice(None, &[Type::integer(), Type::string()]);
    let get = |value: &str| {
        let object = bind(&simple(&ty, value.into()), [("n", Data::int(4))]);
        object.interpolate().unwrap().0.get().repr()
    };
    assert_eq!(
        (get("7"), get("{{n}}2"), get("seven")),
        ("7".into(), "42".into(), "u'seven'".into())
    );
    assert_eq!(ty.name(), "Choice_Integer_String");
    let numbers = Type::choice(Some("Number"), &[Type::integer(), Type::float()]);
    assert!(!simple(&numbers, "x".into()).check().is_ok());
}

#[test]
fn json_leaves_unknown_fields_out_unless_strict() {
    let ty = tank();
    let text = r#"{"gas": "nitrox", "size": 12}"#;
    let object = ty.json_loads(text, false).unwrap();
    assert_eq!(
        object.json_dumps().unwrap(),
        r#"{"gas": "nitrox", "bar": 200, "label": "nitrox@200"}"#
    );
    assert_eq!(
        ty.json_loads(text, true).unwrap_err().to_string(),
        "Unknown schema attribute size"
    );
}
