//! Python modules of a configuration's own.

use std::path::Path;

use super::files::Files;
use crate::LoadOptions;

/// What a configuration of these files prints; the first one is loaded.
fn printed(files: &[(&str, &str)], options: &LoadOptions) -> String {
    let files = Files::new(files);
    let configuration = files.load(options);
    match configuration {
        Ok(configuration) => files.named(configuration.output().to_owned()),
        Err(error) => files.shown(&error),
    }
}

fn plainly(files: &[(&str, &str)]) -> String {
    printed(files, &LoadOptions::default())
}

fn hermetic() -> LoadOptions {
    LoadOptions {
        hermetic: true,
        ..LoadOptions::default()
    }
}

#[test]
fn modules_are_found_beside_the_file_and_in_the_folders_of_sys_path() {
    let shown = plainly(&[
        (
            "jobs/web.aurora",
            "import os, sys\nimport near\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), 'lib'))\n\
             import far.deep as deep\nfrom far import shallow, deep as again\n\
             print near.X, deep.Y, shallow.Z, again is deep, near.__name__, deep.__name__\n\
             print sorted(name for name in sys.modules if name in ('near', 'far', 'far.deep'))\n\
             include('../more/other.aurora')\njobs = []\n",
        ),
        ("jobs/near.py", "X = 0755\nprint 'near'\n"),
        ("jobs/lib/far/__init__.py", ""),
        (
            "jobs/lib/far/deep.py",
            "import shallow\nfrom . import shallow as s\nfrom .shallow import Z\nY = Z / 2\n",
        ),
        ("jobs/lib/far/shallow.py", "Z = 7\n"),
        ("more/other.aurora", "import beside\nprint beside.W\n"),
        ("more/beside.py", "W = u'w'\n"),
    ]);
    assert_eq!(
        shown,
        "near\n493 3 7 True near far.deep\n['far', 'far.deep', 'near']\nw\n"
    );
}

#[test]
fn pythonpath_names_folders_too() {
    let files = Files::new(&[
        ("web.aurora", "import m\nprint m.X\njobs = []\n"),
        ("lib/m.py", "X = 1\n"),
    ]);
    let mut options = LoadOptions::default();
    let folder = files.path("lib").to_str().unwrap().to_owned();
    options.environment.insert("PYTHONPATH".to_owned(), folder);
    assert_eq!(files.load(&options).unwrap().output(), "1\n");
}

#[test]
fn modules_count_as_files_that_were_read_and_nothing_is_written() {
    let files = Files::new(&[("web.aurora", "import m\njobs = []\n"), ("m.py", "X = 1\n")]);
    let configuration = files.load(&LoadOptions::default()).unwrap();
    let read: Vec<_> = configuration
        .files_read()
        .iter()
        .filter_map(|path| path.file_name()?.to_str())
        .collect();
    assert_eq!(read, ["web.aurora", "m.py"]);
    let mut left: Vec<_> = std::fs::read_dir(files.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    left.sort();
    assert_eq!(left, ["m.py", "web.aurora"]);
}

#[test]
fn modules_can_be_loaded_in_every_way_of_python() {
    let shown = plainly(&[
        (
            "web.aurora",
            "import imp, importlib, os, sys\nhere = os.path.dirname(__file__)\n\
             m = imp.load_source('named', os.path.join(here, 'm.py'))\nprint m.X, m.__name__\n\
             file, path, description = imp.find_module('m', [here])\n\
             print imp.load_module('other', file, path, description).X, description\n\
             print importlib.import_module('m').X, __import__('m').X\nimport m\nreload(m)\n\
             del sys.modules['m']\nimport m as fresh\nprint fresh is m\n\
             execfile(os.path.join(here, 'm.py'))\nprint X\njobs = []\n",
        ),
        ("m.py", "print 'runs'\nX = 1\n"),
    ]);
    assert_eq!(
        shown,
        "runs\n1 named\nruns\n1 ('.py', 'U', 1)\nruns\n1 1\nruns\nruns\nFalse\nruns\n1\n"
    );
}

#[test]
fn a_program_can_have_modules_with_names_of_newer_pythons() {
    let shown = plainly(&[
        (
            "web.aurora",
            "import secrets, re\nprint secrets.X\ntry:\n  import pathlib\nexcept ImportError as e:\n  print e\njobs = []\n",
        ),
        ("secrets.py", "X = 'mine'\n"),
    ]);
    assert_eq!(shown, "mine\nNo module named pathlib\n");
}

#[test]
fn an_error_in_a_module_shows_the_way_to_it() {
    insta::assert_snapshot!(
        plainly(&[
            ("web.aurora", "import outer\njobs = []\n"),
            ("outer.py", "x = 1\nimport inner\n"),
            ("inner.py", "y = 1\nz = undefined\n"),
        ]), @r#"
    error: name 'undefined' is not defined
     --> inner.py:2:5
      |
    2 | z = undefined
      |     ^^^^^^^^^
      |
      = note: included from outer.py:2
      = note: included from web.aurora:1
    "#);
    insta::assert_snapshot!(
        plainly(&[("web.aurora", "import m\njobs = []\n"), ("m.py", "x = (\n")]), @r#"
    error: unexpected EOF while parsing (m.py, line 2)
     --> m.py:1:7
      |
    1 | x = (
      |      ^
      |
      = note: included from web.aurora:1
      = help: `(` on line 1 is never closed
    "#);
}

#[test]
fn a_module_that_is_not_there_names_the_folders() {
    insta::assert_snapshot!(
        plainly(&[("jobs/web.aurora", "import sys\nsys.path.append('lib')\nimport nowhere\n")]), @r#"
    error: No module named nowhere
     --> jobs/web.aurora:3:1
      |
    3 | import nowhere
      | ^^^^^^^^^^^^^^
      |
      = help: searched in `jobs`, `lib`
    "#);
    insta::assert_snapshot!(
        plainly(&[("web.aurora", "import telnetlib\n")]), @r#"
    error: No module named telnetlib
     --> web.aurora:1:1
      |
    1 | import telnetlib
      | ^^^^^^^^^^^^^^^^
      |
      = help: this client does not have the module `telnetlib` of Python 2.7
    "#);
}

#[test]
fn hermetic_files_import_only_from_their_folder() {
    let files = Files::new(&[
        (
            "jobs/web.aurora",
            "import sys\nimport near\nsys.path.append(__file__.rpartition('/')[0] + '/../common')\n\
             import far\nprint near.X, far.X\njobs = []\n",
        ),
        ("jobs/near.py", "X = 1\n"),
        ("common/far.py", "X = 2\n"),
    ]);
    let mut options = hermetic();
    insta::assert_snapshot!(files.failure_with(&options), @r#"
    error: `import of file('jobs/../common/far.py')` is refused to a hermetic file
     --> jobs/web.aurora:4:1
      |
    4 | import far
      | ^^^^^^^^^^
      |
      = help: a hermetic file imports only files in its own folder: allow a folder further up
    "#);
    options.hermetic_root = Some(files.path(""));
    assert_eq!(files.load(&options).unwrap().output(), "1 2\n");
    options.hermetic_root = Some(files.path("jobs"));
    assert!(files.load(&options).is_err());
}

#[test]
fn includes_stay_in_the_root_of_a_hermetic_file() {
    let files = Files::new(&[
        (
            "jobs/web.aurora",
            "include('../common/x.aurora')\njobs = []\n",
        ),
        ("common/x.aurora", "print 'x'\n"),
    ]);
    let mut options = hermetic();
    assert_eq!(files.load(&options).unwrap().output(), "x\n");
    options.hermetic_root = Some(files.path("jobs"));
    assert!(files.load(&options).is_err());
}

#[test]
fn identities_of_a_hermetic_file_are_the_same_each_time() {
    let text = "class A(object): pass\nclass B: pass\ndef f(): pass\n\
                print A(), [B()], f, id(A()), hash(A()), object(), '%r' % A(), '{0}'.format(A())\n\
                jobs = []\n";
    let options = hermetic();
    let shown = printed(&[("web.aurora", text)], &options);
    assert!(shown.contains("<A object at 0x7f0000001000>"), "{shown}");
    assert_eq!(shown, printed(&[("web.aurora", text)], &options));
}

#[test]
fn names_that_are_not_utf8_reach_a_file_as_bytes() {
    use std::{ffi::OsString, os::unix::ffi::OsStringExt as _};
    let files = Files::new(&[("web.aurora", "")]);
    let name = OsString::from_vec(b"caf\xe9.aurora".to_vec());
    let path = files.path("").join(&name);
    let text =
        "import os\nprint repr(os.path.basename(__file__)), repr(os.environ['X'])\njobs = []\n";
    std::fs::write(&path, text).unwrap();
    let mut options = LoadOptions::default();
    let value = OsString::from_vec(b"a\xff".to_vec());
    options.environment_bytes.insert("X".into(), value);
    let configuration = crate::Configuration::load(Path::new(&path), &options).unwrap();
    assert_eq!(configuration.output(), "'caf\\xe9.aurora' 'a\\xff'\n");
}
