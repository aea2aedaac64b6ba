//! The functions that configuration files call to put processes and tasks together.

mod numbers;
#[cfg(any(feature = "python", test))]
mod options;
#[cfg(any(feature = "python", test))]
mod tasks;

#[cfg(feature = "python")]
pub(crate) use options::{option, options};

use self::numbers::{larger, no_number, sum};
use crate::schema::Schema;
use pystachio::{Data, Error as ObjectError, Object, ProblemKind, Result};
use python27::{Hash, SetOrder};

/// Keyword arguments in the order of the source.
type Keywords = Vec<(String, Data)>;

/// The helper functions over one schema.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Helpers {
    schema: &'static Schema,
}

/// The three resources of a task, in no particular order.
const DIMENSIONS: [&str; 3] = ["cpu", "ram", "disk"];

fn keyword(name: &str, value: impl Into<Data>) -> (String, Data) {
    (name.to_owned(), value.into())
}

impl Helpers {
    /// `Tasks.SIMPLE_CPU`: cores of a task made by [`Helpers::simple`].
    pub(crate) const SIMPLE_CPU: f64 = 1.0;
    /// `Tasks.SIMPLE_RAM` and `Tasks.SIMPLE_DISK`: bytes of a task made by [`Helpers::simple`].
    pub(crate) const SIMPLE_BYTES: i64 = 1 << 30;

    pub(crate) fn new(schema: &'static Schema) -> Self {
        Self { schema }
    }

    fn make(&self, ty: &str, keywords: Keywords) -> Result<Object> {
        self.schema.ty(ty).construct(Vec::new(), keywords)
    }

    /// `order(a, b, …)`, also `Processes.order`: a list of one constraint over processes or names.
    pub(crate) fn order(&self, processes: &[Data]) -> Result<Data> {
        let process = self.schema.ty("Process");
        let name = |data: &Data| match data {
            Data::Object(object) if *object.ty() == process => Ok(match object.field("name")? {
                Some(name) => name.into(),
                None => Data::Empty,
            }),
            Data::Text(_) => Ok(data.clone()),
            other => {
                let message = format!("Unknown value for process order: {}", other.repr());
                let hint = "order() takes processes and their names".to_owned();
                Err(ObjectError::new(ProblemKind::Value, message).hint(Some(hint)))
            }
        };
        let names = processes.iter().map(name).collect::<Result<Vec<_>>>()?;
        let constraint = self.make("Constraint", vec![keyword("order", Data::List(names))])?;
        Ok(Data::List(vec![constraint.into()]))
    }

    /// `combine_tasks(…)`, also `Tasks.combine`: the last task, with the processes and constraints
    /// of all, resources summed, and the longest finalization wait.
    pub(crate) fn combine(&self, tasks: &[Object], keywords: Keywords) -> Result<Object> {
        let Some(last) = tasks.last() else {
            return self.make("Task", Vec::new());
        };
        let (resources, waits) = totals(tasks)?;
        let combined = last.refine(vec![
            keyword("processes", self.processes_merge(tasks)?),
            keyword("constraints", self.constraints_merge(tasks)?),
            keyword("resources", self.resources_sum(&resources)?),
            keyword("finalization_wait", self.finalization_wait_max(&waits)?),
        ])?;
        combined.refine(keywords)
    }

    /// `concat_tasks(…)`, also `Tasks.concat`: as [`Helpers::combine`], but with the largest
    /// resources, summed finalization waits, and an order between every two different processes of
    /// neighbouring tasks.
    pub(crate) fn concat(&self, tasks: &[Object], keywords: Keywords) -> Result<Object> {
        let Some(last) = tasks.last() else {
            return self.make("Task", Vec::new());
        };
        let (resources, waits) = totals(tasks)?;
        let Data::List(mut constraints) = self.constraints_merge(tasks)? else {
            return Ok(last.clone());
        };
        let processes = tasks
            .iter()
            .map(|task| parts(task, "processes"))
            .collect::<Result<Vec<_>>>()?;
        for (before, after) in processes.iter().zip(processes.iter().skip(1)) {
            for first in before {
                for second in after {
                    if !first.equals(second)? {
                        let pair = [first.clone().into(), second.clone().into()];
                        if let Data::List(order) = self.order(&pair)? {
                            constraints.extend(order);
                        }
                    }
                }
            }
        }
        let concatenated = last.refine(vec![
            keyword("processes", self.processes_merge(tasks)?),
            keyword("constraints", Data::List(constraints)),
            keyword("resources", self.resources_max(&resources)?),
            keyword("finalization_wait", self.finalization_wait_sum(&waits)?),
        ])?;
        concatenated.refine(keywords)
    }

    /// `Units.resources_sum(…)`: the sum in each dimension; an empty value counts as zero.
    pub(crate) fn resources_sum(&self, resources: &[Data]) -> Result<Object> {
        self.resources_by(resources, sum)
    }

    /// `Units.resources_max([…])`: the largest in each dimension.
    pub(crate) fn resources_max(&self, resources: &[Data]) -> Result<Object> {
        self.resources_by(resources, larger)
    }

    fn resources_by(
        &self,
        resources: &[Data],
        fold: fn(Data, Data) -> Result<Data>,
    ) -> Result<Object> {
        let keywords = DIMENSIONS.into_iter().map(|dimension| {
            let mut total = Data::int(0);
            for data in resources {
                let part = match data {
                    Data::Empty => Data::int(0),
                    Data::Object(object) => match object.field(dimension)? {
                        Some(value) => value.get(),
                        None => Data::int(0),
                    },
                    other => return Err(no_number(other)),
                };
                total = fold(total, part)?;
            }
            Ok(keyword(dimension, total))
        });
        self.make("Resources", keywords.collect::<Result<_>>()?)
    }

    /// `Units.safe_get(unit)`: its value, zero when empty.
    pub(crate) fn safe_get(&self, unit: &Data) -> Result<Data> {
        match unit {
            Data::Empty => Ok(Data::int(0)),
            Data::Object(object) => Ok(object.get()),
            other => Err(no_number(other)),
        }
    }

    /// `Units.finalization_wait_sum(waits)`.
    pub(crate) fn finalization_wait_sum(&self, waits: &[Data]) -> Result<Data> {
        let mut values = waits.iter().map(|wait| self.safe_get(wait));
        values.try_fold(Data::int(0), |total, value| sum(total, value?))
    }

    /// `Units.finalization_wait_max(waits)`.
    pub(crate) fn finalization_wait_max(&self, waits: &[Data]) -> Result<Data> {
        let mut values = waits.iter().map(|wait| self.safe_get(wait));
        values.try_fold(Data::int(0), |most, value| larger(most, value?))
    }

    /// `Units.processes_merge(tasks)`: the different processes of all tasks, in the order of a
    /// Python 2 set.
    pub(crate) fn processes_merge(&self, tasks: &[Object]) -> Result<Data> {
        merged(tasks, "processes")
    }

    /// `Units.constraints_merge(tasks)`: the different constraints of all tasks, in the order of a
    /// Python 2 set.
    pub(crate) fn constraints_merge(&self, tasks: &[Object]) -> Result<Data> {
        merged(tasks, "constraints")
    }
}

fn parts(task: &Object, field: &str) -> Result<Vec<Object>> {
    match task.field(field)? {
        Some(list) => Ok(list.elements()?.unwrap_or_default()),
        None => Ok(Vec::new()),
    }
}

/// Resources and finalization waits of tasks.
fn totals(tasks: &[Object]) -> Result<(Vec<Data>, Vec<Data>)> {
    let field = |task: &Object, name: &str| {
        let field = task.field(name)?;
        Ok(field.map_or(Data::Empty, Data::from))
    };
    let resources = tasks.iter().map(|task| field(task, "resources"));
    let resources = resources.collect::<Result<_>>()?;
    let waits = tasks.iter().map(|task| field(task, "finalization_wait"));
    Ok((resources, waits.collect::<Result<_>>()?))
}

/// An object in a set: equal objects are one element.
#[derive(Clone)]
struct Element(Object);

impl PartialEq for Element {
    fn eq(&self, other: &Self) -> bool {
        self.0.equals(&other.0).unwrap_or(false)
    }
}

fn merged(tasks: &[Object], field: &str) -> Result<Data> {
    let mut set: SetOrder<Element> = SetOrder::new();
    for task in tasks {
        for part in parts(task, field)? {
            let hash: Hash = part.hash()?;
            set.add(hash, Element(part));
        }
    }
    Ok(Data::List(set.iter().map(|e| e.0.clone().into()).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aurora_compat::Compat;

    const MB: i64 = 1 << 20;

    fn helpers() -> Helpers {
        Helpers::new(Schema::of(Compat::Released))
    }

    fn process(name: &str, cmdline: &str) -> Data {
        let keywords = vec![keyword("name", name), keyword("cmdline", cmdline)];
        helpers().make("Process", keywords).unwrap().into()
    }

    fn resources(cpu: f64, ram: i64, disk: i64) -> Object {
        let keywords = vec![
            keyword("cpu", Data::Float(cpu)),
            keyword("ram", Data::int(ram)),
            keyword("disk", Data::int(disk)),
        ];
        helpers().make("Resources", keywords).unwrap()
    }

    fn task(name: &str, processes: &[(&str, &str)], more: Keywords) -> Object {
        let processes = processes
            .iter()
            .map(|(name, cmdline)| process(name, cmdline))
            .collect();
        let mut keywords = vec![
            keyword("name", name),
            keyword("processes", Data::List(processes)),
        ];
        keywords.extend(more);
        helpers().make("Task", keywords).unwrap()
    }

    fn names(task: &Object) -> Vec<String> {
        let processes = parts(task, "processes").unwrap().into_iter();
        processes
            .map(|p| p.field("name").unwrap().unwrap().text().unwrap())
            .collect()
    }

    fn orders(task: &Object) -> Vec<String> {
        let constraints = parts(task, "constraints").unwrap().into_iter();
        constraints
            .map(|constraint| {
                let names = parts(&constraint, "order").unwrap().into_iter();
                let names: Vec<_> = names.map(|name| name.text().unwrap()).collect();
                names.join("<")
            })
            .collect()
    }

    fn number(object: &Object, field: &str) -> String {
        object.field(field).unwrap().unwrap().get().repr()
    }

    #[test]
    fn order_takes_processes_and_names() {
        let order = helpers()
            .order(&[process("a", "true"), "b".into()])
            .unwrap();
        assert_eq!(order.repr(), "[Constraint(order=StringList(a, b))]");
        let error = helpers().order(&["a".into(), Data::int(7)]).unwrap_err();
        assert_eq!(error.to_string(), "Unknown value for process order: 7");
    }

    #[test]
    fn sequential_tasks_have_one_order() {
        let plain = task("t", &[("x", "true"), ("y", "true")], Vec::new());
        let ordered = helpers().sequential(&plain).unwrap();
        assert_eq!(orders(&ordered), ["x<y"]);
        let error = helpers().sequential(&ordered).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("Cannot turn a Task with existing constraints")
        );
        let empty = helpers().sequential_task(Vec::new(), Vec::new()).unwrap();
        assert!(orders(&empty).is_empty());
    }

    #[test]
    fn combined_tasks_sum_up_under_the_identity_of_the_last() {
        let unload = task(
            "unload",
            &[("open_hatch", "hatch open"), ("forklift", "forklift out")],
            vec![
                keyword(
                    "constraints",
                    helpers()
                        .order(&["open_hatch".into(), "forklift".into()])
                        .unwrap(),
                ),
                keyword("resources", resources(0.5, 100 * MB, 200 * MB)),
                keyword("finalization_wait", Data::int(10)),
            ],
        );
        let count = task(
            "count",
            &[("tally", "tally --pallets")],
            vec![
                keyword("resources", resources(0.25, 50 * MB, 10 * MB)),
                keyword("max_failures", Data::int(4)),
            ],
        );
        let secure = task(
            "secure",
            &[("lock", "lock"), ("patrol", "patrol --rounds 4")],
            vec![
                keyword("resources", resources(1.0, 20 * MB, 5 * MB)),
                keyword("finalization_wait", Data::int(75)),
            ],
        );
        let secure = helpers().sequential(&secure).unwrap();
        let all = [unload, count, secure];
        let combined = helpers()
            .combine(&all, vec![keyword("user", "me")])
            .unwrap();
        assert_eq!(
            combined.field("name").unwrap().unwrap().text().unwrap(),
            "secure"
        );
        assert_eq!(
            names(&combined),
            ["patrol", "open_hatch", "lock", "forklift", "tally"]
        );
        assert_eq!(orders(&combined), ["open_hatch<forklift", "lock<patrol"]);
        assert_eq!(number(&combined, "max_failures"), "1");
        assert_eq!(number(&combined, "finalization_wait"), "75");
        let total = combined.field("resources").unwrap().unwrap();
        assert_eq!(number(&total, "cpu"), "1.75");
        assert_eq!(number(&total, "ram"), (170 * MB).to_string());
        assert!(combined.has("user").unwrap());
        assert!(
            !helpers()
                .combine(&[], Vec::new())
                .unwrap()
                .has("processes")
                .unwrap()
        );
    }

    #[test]
    fn concatenated_tasks_follow_one_another() {
        let load = task(
            "load",
            &[("pallets", "load pallets"), ("fuel", "load fuel")],
            vec![keyword("resources", resources(2.0, 64 * MB, MB))],
        );
        let sail = task(
            "sail",
            &[("cast_off", "cast off"), ("cruise", "cruise --knots 14")],
            vec![
                keyword("resources", resources(0.5, 512 * MB, MB)),
                keyword("finalization_wait", Data::int(100)),
            ],
        );
        let sail = helpers().sequential(&sail).unwrap();
        let moor = task("moor", &[("anchor", "anchor drop")], Vec::new());
        let all = [load, sail, moor];
        let voyage = helpers()
            .concat(&all, vec![keyword("name", "voyage")])
            .unwrap();
        assert_eq!(
            names(&voyage),
            ["pallets", "fuel", "cruise", "anchor", "cast_off"]
        );
        let expected = [
            "cast_off<cruise",
            "pallets<cast_off",
            "pallets<cruise",
            "fuel<cast_off",
            "fuel<cruise",
            "cast_off<anchor",
            "cruise<anchor",
        ];
        assert_eq!(orders(&voyage), expected);
        assert_eq!(number(&voyage, "finalization_wait"), "160");
        let most = voyage.field("resources").unwrap().unwrap();
        assert_eq!(
            (number(&most, "cpu"), number(&most, "ram")),
            ("2.0".into(), (512 * MB).to_string())
        );
    }

    #[test]
    fn what_is_bound_later_is_the_largest_but_has_no_sum() {
        let open = |cpu: &str| {
            let keywords = vec![keyword("cpu", cpu)];
            helpers().make("Resources", keywords).unwrap().into()
        };
        let all = [resources(2.0, MB, MB).into(), open("{{cores}}")];
        let most = helpers().resources_max(&all).unwrap();
        assert_eq!(number(&most, "cpu"), "u'{{cores}}'");
        let error = helpers().resources_sum(&all).unwrap_err();
        assert_eq!(
            error.to_string(),
            "u'{{cores}}' is not a number of resources or seconds"
        );
        assert_eq!(
            error.into_problem().hint.as_deref(),
            Some("bind it before the tasks are put together")
        );
    }

    #[test]
    fn a_shared_process_is_there_once() {
        let fetch = ("fetch", "fetch manifest");
        let out = task("out", &[fetch], Vec::new());
        let back = task("back", &[fetch, ("sign", "sign manifest")], Vec::new());
        let both = helpers().concat(&[out, back], Vec::new()).unwrap();
        assert_eq!(names(&both), ["fetch", "sign"]);
        assert_eq!(orders(&both), ["fetch<sign"]);
    }
}
