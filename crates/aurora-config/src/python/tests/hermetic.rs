//! Hermetic configurations: what they cannot reach, and that they give the same everywhere.

use std::sync::{Arc, Mutex};

use super::files::Files;
use crate::{Configuration, Error, ErrorKind, HookEvent, HookedCall, LoadOptions, OutputSink};

fn hermetic() -> LoadOptions {
    LoadOptions {
        hermetic: true,
        ..LoadOptions::default()
    }
}

fn load(text: &str, options: &LoadOptions) -> Result<Configuration, Error> {
    Files::new(&[("web.aurora", text)]).load(options)
}

/// What a configuration prints, even if it fails.
fn printed(text: &str) -> (String, Result<Configuration, Error>) {
    let written = Arc::new(Mutex::new(Vec::new()));
    let sink = written.clone();
    let mut options = hermetic();
    options.output = Some(OutputSink::new(move |_, bytes| {
        sink.lock().unwrap().extend_from_slice(bytes);
    }));
    let result = load(text, &options);
    let bytes = written.lock().unwrap().clone();
    (String::from_utf8_lossy(&bytes).into_owned(), result)
}

fn failure(text: &str) -> String {
    let files = Files::new(&[("web.aurora", text)]);
    let kind = files.load(&hermetic()).unwrap_err().kind();
    assert_eq!(kind, ErrorKind::Exception);
    files.failure_with(&hermetic())
}

/// Runs pieces of code in one configuration, and shows each with the exception that it ends with.
fn attempts(pieces: &[&str]) -> String {
    let mut program = "def attempt(source):\n  try:\n    exec source in {}\n  \
                       except BaseException, e:\n    print '  =>', e\n  else:\n    \
                       print '  => went through'\n"
        .to_owned();
    for piece in pieces {
        let text = piece
            .replace('\\', "\\\\")
            .replace('\'', "\\'")
            .replace('\n', "\\n");
        program += &format!("print '{text}'\nattempt('{text}')\n");
    }
    printed(&program).0
}

#[test]
fn nothing_outside_can_be_reached() {
    let pieces = include_str!("hermetic/attacks.py").split("\n\n");
    // Some change what the others would find.
    let (alone, together): (Vec<&str>, Vec<&str>) = pieces.map(str::trim_end).partition(|piece| {
        ["sys.modules", "settrace", "__code__ ="]
            .iter()
            .any(|mark| piece.contains(mark))
    });
    let pieces = alone.len() + together.len();
    let mut shown = attempts(&together);
    for piece in alone {
        shown += &attempts(&[piece]);
    }
    assert_eq!(shown.matches("\n  => ").count(), pieces, "{shown}");
    assert_eq!(shown, include_str!("hermetic/attacks.txt"));
}

#[test]
fn functions_that_work_are_known() {
    let program = "
import sys
for name in ('posix', '_io', '_signal', 'time', '_locale', 'marshal', '_imp', 'gc', 'sys', 'builtins'):
  module = __import__('importlib').import_module(name)
  kept = []
  for function in dir(module):
    if type(getattr(module, function)).__name__ != 'builtin_function_or_method':
      continue
    if function in ('sleep', 'exit', 'settrace', 'setprofile', 'collect', 'exec', 'locals'):
      kept.append(function)
      continue
    try:
      getattr(module, function)()
    except BaseException, e:
      if 'is refused to a hermetic program' in str(e):
        continue
    kept.append(function)
  print '%s: %s' % (name, ' '.join(kept))
";
    let (printed, result) = printed(program);
    assert!(result.is_err());
    insta::assert_snapshot!(printed, @r#"
    posix: WCOREDUMP WEXITSTATUS WIFCONTINUED WIFEXITED WIFSIGNALED WIFSTOPPED WSTOPSIG WTERMSIG fspath register_at_fork strerror waitstatus_to_exitcode
    _io: text_encoding
    _signal: default_int_handler getsignal strsignal valid_signals
    time: sleep strptime
    _locale: getencoding localeconv strcoll strxfrm
    marshal: dump dumps
    _imp: _fix_co_filename _frozen_module_names _override_frozen_modules_for_tests acquire_lock create_builtin exec_builtin extension_suffixes find_frozen get_frozen_object init_frozen is_builtin is_frozen is_frozen_package lock_held release_lock source_hash
    gc: collect disable enable freeze get_count get_debug get_freeze_count get_stats get_threshold is_finalized is_tracked isenabled set_debug set_threshold unfreeze
    sys: __displayhook__ _clear_type_descriptors _current_exceptions _current_frames _getframe _getframemodulename _is_gil_enabled _setprofileallthreads _settraceallthreads audit call_tracing displayhook exception exit get_asyncgen_hooks get_coroutine_origin_tracking_depth get_int_max_str_digits getfilesystemencodeerrors getfilesystemencoding getprofile getrecursionlimit getrefcount getsizeof getswitchinterval gettrace intern is_finalizing is_remote_debug_enabled set_asyncgen_hooks set_coroutine_origin_tracking_depth set_int_max_str_digits setprofile setrecursionlimit setswitchinterval settrace

    builtins: __build_class__ __import__ abs aiter all anext any ascii bin callable chr compile delattr dir divmod eval exec exit format getattr globals hasattr hash hex id isinstance issubclass iter len locals max min next oct ord pow print repr reversed round setattr sorted sum vars
    "#);
}

#[test]
fn refusals_name_what_and_where() {
    insta::assert_snapshot!(
        failure("import os\ndef names(folder):\n  return os.listdir(folder)\n\nx = names('/etc')\n"),
        @r#"
    error: `os.listdir('/etc')` is refused to a hermetic file
     --> web.aurora:3:10
      |
    3 |   return os.listdir(folder)
      |          ^^^^^^^^^^^^^^^^^^
      |
      = help: a hermetic file reads nothing but itself and what it includes: move the text into an included file, or pass it as a binding
    "#
    );
    insta::assert_snapshot!(failure("import time\nx = 1; y = time.time() + x\n"), @r#"
    error: `time.time` is refused to a hermetic file
     --> web.aurora:2:12
      |
    2 | x = 1; y = time.time() + x
      |            ^^^^^^^^^^^
      |
      = help: a hermetic file gives the same jobs at any time and on any machine: pass the value as a binding or as an environment variable
    "#);
    insta::assert_snapshot!(failure("import json, subprocess\n"), @r#"
    error: `import subprocess` is refused to a hermetic file
     --> web.aurora:1:1
      |
    1 | import json, subprocess
      | ^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: a hermetic file gives the same jobs at any time and on any machine: pass the value as a binding or as an environment variable
    "#);
    insta::assert_snapshot!(failure("import os\nrole = os.environ['USER']\n"), @r#"
    error: KeyError: 'USER'
     --> web.aurora:2:8
      |
    2 | role = os.environ['USER']
      |        ^^^^^^^^^^^^^^^^^^
      |
      = help: pass the environment variable `USER` to the file
    "#);
    insta::assert_snapshot!(failure("execfile('other.py')\n"), @r#"
    error: `execfile('other.py')` is refused to a hermetic file
     --> web.aurora:1:1
      |
    1 | execfile('other.py')
      | ^^^^^^^^^^^^^^^^^^^^
      |
      = help: a hermetic file reads nothing but itself and what it includes: move the text into an included file, or pass it as a binding
    "#);
    insta::assert_snapshot!(failure("include('/dev/zero')\n"), @r#"
    error: `include('/dev/zero')` is refused to a hermetic file
     --> web.aurora:1:1
      |
    1 | include('/dev/zero')
      | ^^^^^^^^^^^^^^^^^^^^
      |
      = help: a hermetic file reads nothing but itself and what it includes: move the text into an included file, or pass it as a binding
    "#);
}

#[test]
fn a_refusal_that_the_file_catches_counts() {
    for text in [
        "try:\n  open('x')\nexcept:\n  pass\n",
        "import sys\ntry:\n  open('x')\nfinally:\n  sys.exit(0)\n",
        "try:\n  open('x')\nexcept BaseException, e:\n  e.args = ()\n  raise KeyError('y')\n",
        "import os\nx = 1 if hasattr(os, 'stat') and not os.path.exists('x') else 2\n",
    ] {
        assert!(
            failure(text).contains("is refused to a hermetic file"),
            "{text}"
        );
    }
}

#[test]
fn includes_are_read_and_reported() {
    let files = Files::new(&[
        ("web.aurora", "include('parts/team.inc')\nprint TEAM\n"),
        ("parts/team.inc", "TEAM = 'crew'\n"),
    ]);
    let configuration = files.load(&hermetic()).unwrap();
    assert_eq!(configuration.output(), "crew\n");
    let read = configuration.files_read().iter();
    let names: Vec<_> = read.map(|path| path.file_name().unwrap()).collect();
    assert_eq!(names, ["web.aurora", "team.inc"]);
}

#[test]
fn variables_are_those_given() {
    let mut options = hermetic();
    options
        .environment
        .insert("STAGE".to_owned(), "test".to_owned());
    let text = "import os, posix\n\
                print sorted(os.environ), os.getenv('STAGE'), os.getenv('PATH')\n\
                os.environ['MORE'] = 'x'\n\
                print os.getenv('MORE'), os.path.expandvars('$MORE/$PATH'), os.path.expanduser('~')\n\
                del __import__('sys').modules['posix']\n\
                print sorted(__import__('posix').environ)\n";
    let configuration = load(text, &options).unwrap();
    insta::assert_snapshot!(configuration.output(), @r#"
    ['STAGE'] test None
    x x/$PATH ~
    [b'MORE', b'STAGE']
    "#);
    assert!(configuration.variables_read().contains(&"PATH".to_owned()));
}

#[test]
fn what_touches_nothing_works() {
    let (printed, result) = printed(include_str!("hermetic/harmless.py"));
    if let Err(error) = result {
        panic!("{printed}{}", error.render(false));
    }
    insta::assert_snapshot!(printed, @r#"
    a/b b b
    (1970, 1, 2, 0, 0, 0) 86400.0 Thu Jan  1 00:00:00 1970 ('UTC', 'UTC')
    1970-01-01 00:00 1970-01-01 00:00:00
    2020-02-01 Thu Jan  1 00:00:00 1970 0
    4678f48e-9e6e-53d3-9c13-dbd66056a5d1 0.62290169489 {"a": [1]}
    ('text/html', None)
    WARNING:root:careful
    ZeroDivisionError: integer division or modulo by zero
    "#);
}

#[test]
fn chance_is_the_same_each_time() {
    let text = "import random\n\
                print random.random(), random.Random().random(), random.sample(range(99), 5)\n\
                random.seed()\n\
                print random.random(), hash('web'), list(set(['a', 'b', 'c', 'd']))\n";
    let output = || load(text, &hermetic()).unwrap().output().to_owned();
    assert_eq!(output(), output());
}

#[test]
fn other_evaluations_are_not_hermetic() {
    let text = "print open('/dev/null').read() == ''\n";
    assert!(load(text, &hermetic()).is_err());
    let output = load(text, &LoadOptions::default()).unwrap();
    assert_eq!(output.output(), "True\n");
}

#[test]
fn hooks_are_held_to_the_same() {
    let text = "
class Reads(object):
  def pre_kill_job(self, *args, **kw):
    try: open('/etc/passwd')
    except: return True
class Includes(object):
  def pre_kill_job(self, *args, **kw):
    include('more.inc')
class Agrees(object):
  def pre_kill_job(self, *args, **kw): return True
hooks = [Reads(), Includes(), Agrees()]
";
    let files = Files::new(&[("web.aurora", text), ("more.inc", "x = 1\n")]);
    let configuration = files.load(&hermetic()).unwrap();
    let call = HookedCall::kill_job("west/www/prod/web".parse().unwrap(), None, None);
    let hooks = configuration.hooks().iter();
    let answers: Vec<_> = hooks.map(|hook| hook.run(&HookEvent::Pre, &call)).collect();
    let refused = |answer: &Result<bool, Error>| answer.as_ref().unwrap_err().to_string();
    assert_eq!(
        refused(&answers[0]),
        "`open('/etc/passwd')` is refused to a hermetic file"
    );
    assert!(refused(&answers[1]).ends_with("more.inc')` is refused to a hermetic file"));
    assert!(matches!(answers[2], Ok(true)));
}
