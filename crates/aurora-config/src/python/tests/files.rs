//! Configurations on disk: what they may do, and how they fail.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use crate::{Configuration, Error, ErrorKind, LoadOptions, OutputSink, OutputStream};

/// A folder with these files; the first one is loaded.
pub(super) struct Files(tempfile::TempDir, PathBuf);

impl Files {
    pub(super) fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let first = folder.path().join(files[0].0);
        Self(folder, first)
    }

    pub(super) fn load(&self, options: &LoadOptions) -> Result<Configuration, Error> {
        Configuration::load(&self.1, options)
    }

    /// A path in the folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The error of a configuration that fails, without the folder's own name.
    fn failure(&self) -> String {
        self.failure_with(&LoadOptions::default())
    }

    /// As `failure`, loaded with other options.
    pub(super) fn failure_with(&self, options: &LoadOptions) -> String {
        self.shown(&self.load(options).unwrap_err())
    }

    pub(super) fn shown(&self, error: &Error) -> String {
        self.named(error.render(false))
    }

    /// A text without the folder's own name.
    pub(super) fn named(&self, text: String) -> String {
        let folder = format!("{}/", self.0.path().display());
        text.replace(&folder, "")
    }
}

fn failure(text: &str) -> String {
    Files::new(&[("web.aurora", text)]).failure()
}

const JOB: &str = "jobs = [Job(name = 'n', role = 'r', cluster = 'c', environment = 'prod', \
                   contact = MARK, task = SimpleTask('n', 'true'))]\n";

#[test]
fn names_that_do_not_exist_get_the_nearest_one() {
    insta::assert_snapshot!(failure("x = 1\njobs = [Jobb(name = 'web')]\n"), @r#"
    error: name 'Jobb' is not defined
     --> web.aurora:2:9
      |
    2 | jobs = [Jobb(name = 'web')]
      |         ^^^^
      |
      = help: did you mean `Job`?
    "#);
}

#[test]
fn syntax_errors_point_into_the_text_as_written() {
    insta::assert_snapshot!(failure("print 'one'\nx = 0644 +\n"), @r#"
    error: invalid syntax (web.aurora, line 2)
     --> web.aurora:2:11
      |
    2 | x = 0644 +
      |           ^
      |
      = help: expected an expression
    "#);
    insta::assert_snapshot!(failure("if True:\nx = 1\n"), @r#"
    error: expected an indented block (web.aurora, line 2)
     --> web.aurora:2:1
      |
    2 | x = 1
      | ^
      |
      = help: expected an indented block after `if` statement
    "#);
    insta::assert_snapshot!(failure("x = 'never ends\n"), @r#"
    error: EOL while scanning string literal (web.aurora, line 1)
     --> web.aurora:1:5
      |
    1 | x = 'never ends
      |     ^
      |
      = help: missing closing quote in string literal
    "#);
    insta::assert_snapshot!(failure("# coding: klingon\n"), @r#"
    error: unknown encoding: klingon (web.aurora, line 1)
     --> web.aurora:1:1
      |
    1 | # coding: klingon
      | ^
    "#);
    insta::assert_snapshot!(failure("try:\n  pass\nexcept E, 1 + 1:\n  pass\n"), @r#"
    error: invalid syntax (web.aurora, line 3)
     --> web.aurora:3:11
      |
    3 | except E, 1 + 1:
      |           ^
    "#);
}

#[test]
fn columns_are_those_before_the_rewriting() {
    insta::assert_snapshot!(failure("x = 0644; y = `x` + 0777 + missing\n"), @r#"
    error: cannot concatenate 'str' and 'int' objects
     --> web.aurora:1:15
      |
    1 | x = 0644; y = `x` + 0777 + missing
      |               ^^^^^^^^^^
    "#);
}

#[test]
fn every_file_knows_its_name() {
    let files = Files::new(&[
        (
            "web.aurora",
            "print __file__\ninclude('parts/a.inc')\nprint __file__\n\
             try:\n  include('parts/bad.inc')\nexcept ZeroDivisionError:\n  print __file__\n",
        ),
        ("parts/a.inc", "print __file__\n"),
        ("parts/bad.inc", "1 / 0\n"),
    ]);
    let configuration = files.load(&LoadOptions::default()).unwrap();
    let printed = files.named(configuration.output().to_owned());
    assert_eq!(printed, "web.aurora\nparts/a.inc\nweb.aurora\nweb.aurora\n");
}

#[test]
fn a_failing_include_shows_the_way_to_it() {
    let files = Files::new(&[
        ("web.aurora", "x = 1\ninclude('parts/a.inc')\n"),
        ("parts/a.inc", "include('b.inc')\n"),
        ("parts/b.inc", "\ndef f():\n  return 1 / 0\n\nf()\n"),
    ]);
    insta::assert_snapshot!(files.failure(), @r#"
    error: integer division or modulo by zero
     --> parts/b.inc:3:10
      |
    3 |   return 1 / 0
      |          ^^^^^
      |
      = note: included from parts/a.inc:1
      = note: included from web.aurora:2
    "#);
    let files = Files::new(&[
        ("web.aurora", "include('parts/a.inc')\n"),
        ("parts/a.inc", "x = (\n"),
    ]);
    insta::assert_snapshot!(files.failure(), @r#"
    error: unexpected EOF while parsing (a.inc, line 2)
     --> parts/a.inc:1:7
      |
    1 | x = (
      |      ^
      |
      = note: included from web.aurora:1
      = help: `(` on line 1 is never closed
    "#);
}

#[test]
fn a_bracket_that_is_not_closed_is_the_first_wrong_line() {
    insta::assert_snapshot!(
        failure("jobs = [\n  Job(name = 'a',\n  Job(name = 'b')\n]\nx = 1\n"), @r#"
    error: invalid syntax (web.aurora, line 2)
     --> web.aurora:2:6
      |
    2 |   Job(name = 'a',
      |      ^
      |
      = help: `(` is never closed
    "#);
}

#[test]
fn files_that_are_no_programs_are_called_what_they_are() {
    let first = |text: &str| failure(text).lines().next().unwrap_or_default().to_owned();
    assert_eq!(
        first("x = 1\0\n"),
        "error: the line holds a NUL byte (web.aurora, line 1)"
    );
    let binary = "\0\u{1}".repeat(40);
    assert_eq!(
        first(&binary),
        "error: the file is binary, not text (web.aurora, line 1)"
    );
}

#[test]
fn values_that_do_not_fit_name_the_field() {
    insta::assert_snapshot!(
        failure("p = Process(name = 'p', cmdline = 'x', max_failure = 1)\n"), @r#"
    error: Unknown schema attribute max_failure
     --> web.aurora:1:40
      |
    1 | p = Process(name = 'p', cmdline = 'x', max_failure = 1)
      |                                        ^^^^^^^^^^^
      |
      = help: did you mean the field `max_failures` of `Process`?
    "#);
    insta::assert_snapshot!(
        failure("t = Task(processes = [{'name': 'a'}, {'nme': 'b'}])\n"), @r#"
    error: Unknown schema attribute nme
     --> web.aurora:1:5
      |
    1 | t = Task(processes = [{'name': 'a'}, {'nme': 'b'}])
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ processes[1]
      |
      = help: did you mean the field `name` of `Process`?
    "#);
}

#[test]
fn recursion_without_an_end_is_an_error() {
    let text = "def f(n):\n  return f(n + 1)\nf(0)\n";
    assert!(failure(text).starts_with("error: maximum recursion depth exceeded"));
    let text = "x = []\nfor i in range(100000):\n  x = [x]\nString(x)\n";
    assert!(failure(text).starts_with("error: "), "{}", failure(text));
    let files = Files::new(&[("ping", "include('pong')\n"), ("pong", "include('ping')\n")]);
    let shown = files.failure();
    assert!(
        shown.contains("maximum recursion depth exceeded"),
        "{shown}"
    );
    assert!(shown.contains("ping -> pong -> ping"), "{shown}");
    assert_eq!(shown.matches("included from").count(), 1, "{shown}");
}

#[test]
fn a_file_may_include_itself_when_it_knows_where_to_stop() {
    let text = "N = globals().get('N', 0) + 1\nif N < 5: include('web.aurora')\nprint N\n";
    let files = Files::new(&[("web.aurora", text)]);
    let configuration = files.load(&LoadOptions::default()).unwrap();
    assert_eq!(configuration.output(), "5\n5\n5\n5\n5\n");
}

#[test]
fn expressions_of_any_length_end() {
    for (before, piece, after) in [
        ("x = ", "1 and ", "1"),
        ("x = ", "lambda: ", "1"),
        ("x = ", "1 if 1 else ", "1"),
        ("x = ", "1 + ", "1"),
        ("x = ", "1 < ", "2"),
        ("x = ", "[", ""),
        ("x = ", "not ", "1"),
        ("print ", "`", ""),
    ] {
        let text = format!("{before}{}{after}\n", piece.repeat(3000));
        let files = Files::new(&[("web.aurora", text.as_str())]);
        // A result or an error, but no crash.
        let _ = files.load(&LoadOptions::default());
    }
}

#[test]
fn leaving_gives_the_exit_code() {
    for (text, code) in [
        ("import sys\nsys.exit(42)\n", 42),
        ("exit()\n", 0),
        ("raise SystemExit\n", 0),
        ("import sys\nsys.exit('no')\n", 1),
    ] {
        let files = Files::new(&[("exit.aurora", text)]);
        let error = files.load(&LoadOptions::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Exit(code), "{text}");
    }
}

#[test]
fn output_goes_to_the_caller_even_when_the_file_fails() {
    let written = Arc::new(Mutex::new(Vec::new()));
    let sink = written.clone();
    let options = LoadOptions {
        output: Some(OutputSink::new(move |stream, bytes| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            sink.lock().unwrap().push((stream, text));
        })),
        ..LoadOptions::default()
    };
    let text = "import sys\nprint 'a'\nprint >>sys.stderr, 'b'\nsys.exit('done')\n";
    let files = Files::new(&[("talk.aurora", text)]);
    files.load(&options).unwrap_err();
    let joined = |wanted: OutputStream| -> String {
        let written = written.lock().unwrap();
        let texts = written.iter().filter(|(stream, _)| *stream == wanted);
        texts.map(|(_, text)| text.as_str()).collect()
    };
    assert_eq!(joined(OutputStream::Stdout), "a\n");
    assert_eq!(joined(OutputStream::Stderr), "b\ndone\n");
    let files = Files::new(&[("talk.aurora", "print 'kept'\n")]);
    let configuration = files.load(&LoadOptions::default()).unwrap();
    assert_eq!(configuration.output(), "kept\n");
}

#[test]
fn files_and_variables_are_reported_and_variables_are_those_given() {
    let text = "import os, getpass\ninclude('team.inc')\nLINE = open('FOLDER/data.txt').read()\n\
                MARK = '%s %s %s %s %s' % (TEAM, LINE, os.environ.get('STAGE'), \
                os.getenv('HOME'), getpass.getuser())\n\
                os.environ['LATER'] = 'x'\nassert os.getenv('LATER') == 'x'\n";
    let files = Files::new(&[
        ("web.aurora", ""),
        ("team.inc", "TEAM = 'crew'\n"),
        ("data.txt", "line"),
    ]);
    let folder = files.0.path().to_owned();
    let text = text.replace("FOLDER", &folder.display().to_string());
    fs::write(&files.1, text + JOB).unwrap();
    let mut options = LoadOptions::default();
    for (name, value) in [("STAGE", "test"), ("USER", "tester")] {
        options
            .environment
            .insert(name.to_owned(), value.to_owned());
    }
    let configuration = files.load(&options).unwrap();
    let job = configuration.job(&"c/r/prod/n".parse().unwrap()).unwrap();
    assert_eq!(
        job.job().contact.as_deref(),
        Some("crew line test None tester")
    );
    let names: Vec<&Path> = configuration
        .files_read()
        .iter()
        .map(|path| path.strip_prefix(&folder).unwrap())
        .collect();
    assert_eq!(
        names,
        [
            Path::new("web.aurora"),
            Path::new("team.inc"),
            Path::new("data.txt")
        ]
    );
    for name in ["STAGE", "HOME", "USER"] {
        assert!(
            configuration
                .variables_read()
                .iter()
                .any(|read| read == name),
            "{name}"
        );
    }
    assert!(std::env::var("LATER").is_err());
}

#[test]
fn what_the_released_client_has_can_be_imported() {
    let text = "from pystachio import *\nfrom pystachio.naming import Ref as R\n\
                from apache.aurora.config.schema.base import Job, Service as S\n\
                from apache.thermos.config.schema import Process, Units\n\
                import apache.thermos.config.schema_base as base\nimport pystachio\n\
                assert base.Process is Process and pystachio.Struct is Struct\n\
                MARK = str(R('a[b]').address())\n";
    let files = Files::new(&[("web.aurora", &(text.to_owned() + JOB))]);
    let configuration = files.load(&LoadOptions::default()).unwrap();
    let job = configuration.job(&"c/r/prod/n".parse().unwrap()).unwrap();
    assert_eq!(job.job().contact.as_deref(), Some("a[b]"));
}

#[test]
fn objects_behave_in_the_language() {
    let text = "
class Nest(Struct):
  height = Required(Integer)
  straw = Default(String, 'wheat')

class Tall(Nest):
  limit = 7
  def doubled(self, by = 2): return self.height().get() * by
  def __str__(self): return 'tall'
  @property
  def limits(self): return [self.limit, self.doubled()]
  @classmethod
  def of(cls, height): return cls(height = height)

n, t = Nest(height = '4'), Tall(height = 9)
assert t.doubled() == 18 and t(height = 5).doubled(by = 3) == 15 and Tall.limit == t.limit == 7
assert t.limits == [7, 18] and Tall.of(3).doubled() == 6 and str(t) == 'tall'
assert List(Tall)([t])[0].doubled() == 18 and t.bind(x = 1).doubled() == 18
assert isinstance(t, Tall) and not isinstance(t, Nest) and not isinstance(n, Tall)
assert issubclass(Tall, Nest) and not issubclass(Nest, Tall) and issubclass(Tall, Object)
assert Nest.__name__ == 'Nest' and n.__class__ is Nest and type(n) == Nest and type(n)(height = 1).has_height()
assert isinstance(n, Object) and not isinstance('x', Object) and not isinstance(n, Struct)
assert n != t and Tall(height = 4) == n and n == Nest(height = 4) and len(set([n, Nest(height = '4')])) >= 1
assert n.check().ok() and not Nest().check().ok() and 'required' in Nest().check().message()
assert n.get() == {'height': '4', 'straw': 'wheat'} and hash(n.get()) is not None
assert Nest.json_loads('{\"height\": 3, \"other\": 1}').height().get() == 3
assert '\"height\": 4' in n.json_dumps()
xs = List(Integer)([1, '2', 3])
assert [x.get() for x in xs] == [1, 2, 3] and xs[1] == Integer(2) and len(xs[1:]) == 2 and 2 in xs
m = Map(String, Integer)({'a': 1})
assert 'a' in m and m['a'].get() == 1 and [str(k) for k in m] == ['a'] and 'b' not in m
for wrong in (lambda: m['b'], lambda: xs[9], lambda: Integer('x').check().ok() and 1 / 0 or n.nothing,
              lambda: Enum('a', 'b')('c'), lambda: Integer(1)(2), lambda: n(4)):
  try:
    wrong()
  except (KeyError, IndexError, AttributeError, ValueError, TypeError), e:
    pass
  else:
    raise AssertionError('nothing raised')
assert str(String('{{a}}').bind(a = 1)) == '1' and String('x') != 'x' and Integer(3) < Integer(4)
assert (Choice([Integer, String])('x') % {}).get() == 'x'
o, unbound = Process(name = '{{a}}', cmdline = '{{b[c]}}').interpolate()
assert sorted(r.address() for r in unbound) == ['a', 'b[c]'] and str(unbound[0]).startswith('{{')
assert repr(Empty) == \"<class 'pystachio.composite.Empty'>\" and Process().name() is Empty
e = Environment({'a': {'b': 1}}, c = 'd')
assert str(e.find(Ref.from_address('a.b'))) == '1' and e.find('c') == 'd'
try:
  Ref.from_address('not a ref')
except Ref.InvalidRefError:
  MARK = 'done'
";
    let files = Files::new(&[("web.aurora", &(text.to_owned() + JOB))]);
    let configuration = files
        .load(&LoadOptions::default())
        .unwrap_or_else(|error| panic!("{}", error.render(false)));
    let job = configuration.job(&"c/r/prod/n".parse().unwrap()).unwrap();
    assert_eq!(job.job().contact.as_deref(), Some("done"));
}

#[test]
fn jobs_must_be_jobs_in_something_to_go_through() {
    insta::assert_snapshot!(failure("jobs = 5\n"), @r#"
    error: argument 2 to map() must support iteration
     --> web.aurora:1:1
      |
    1 | jobs = 5
      | ^^^^
    "#);
    insta::assert_snapshot!(failure("jobs = [Process()]\n"), @r#"
    error: jobs must hold jobs, got Process(daemon=False,
                   ephemeral=False,
                   max_failures=1,
                   min_duration=15,
                   final=False)
     --> web.aurora:1:1
      |
    1 | jobs = [Process()]
      | ^^^^
    "#);
    insta::assert_snapshot!(failure("jobs = ['web']\n"), @r#"
    error: jobs must hold jobs, got 'web'
     --> web.aurora:1:1
      |
    1 | jobs = ['web']
      | ^^^^
    "#);
}
