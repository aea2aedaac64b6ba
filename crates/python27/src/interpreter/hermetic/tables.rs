//! What the interpreter keeps in a hermetic run, and what it refuses.

/// Native modules that touch nothing outside of the interpreter, and those of [`GUARDED`]. All
/// others are taken away, so that a module that a later interpreter adds is refused until somebody
/// has looked at it.
const NATIVE: &[&str] = &[
    "_abc",
    "_ast",
    "_asyncio",
    "_bisect",
    "_blake2",
    "_bz2",
    "_codecs",
    "_collections",
    "_contextvars",
    "_csv",
    "_functools",
    "_hashlib",
    "_imp",
    "_io",
    "_json",
    "_locale",
    "_lzma",
    "_md5",
    "_opcode",
    "_operator",
    "_random",
    "_sha1",
    "_sha256",
    "_sha3",
    "_sha512",
    "_signal",
    "_sre",
    "_stat",
    "_statistics",
    "_string",
    "_struct",
    "_suggestions",
    "_symtable",
    "_tokenize",
    "_types",
    "_typing",
    "_warnings",
    "_weakref",
    "array",
    "atexit",
    "binascii",
    "cmath",
    "errno",
    "gc",
    "itertools",
    "marshal",
    "math",
    "posix",
    "pyexpat",
    "time",
    "unicodedata",
    "zlib",
];

/// Whether a native module stays.
pub(super) fn is_native(name: &str) -> bool {
    NATIVE.contains(&name)
}

/// Which functions of a module work.
pub(super) enum Functions {
    /// These and no others.
    Only(&'static [&'static str]),
    /// All but these.
    Except(&'static [&'static str]),
}

impl Functions {
    pub(super) fn refuses(&self, name: &str) -> bool {
        match self {
            Self::Only(allowed) => !allowed.contains(&name),
            Self::Except(refused) => refused.contains(&name),
        }
    }
}

/// The native modules that have functions to refuse.
pub(super) const GUARDED: &[(&str, Functions)] = &[
    (
        "posix",
        Functions::Only(&[
            "WCOREDUMP",
            "WEXITSTATUS",
            "WIFCONTINUED",
            "WIFEXITED",
            "WIFSIGNALED",
            "WIFSTOPPED",
            "WSTOPSIG",
            "WTERMSIG",
            "fspath",
            "register_at_fork",
            "strerror",
            "waitstatus_to_exitcode",
        ]),
    ),
    ("_io", Functions::Only(&["text_encoding"])),
    (
        "_signal",
        Functions::Only(&[
            "default_int_handler",
            "getsignal",
            "strsignal",
            "valid_signals",
        ]),
    ),
    (
        "time",
        Functions::Only(&["asctime", "gmtime", "sleep", "strftime", "strptime"]),
    ),
    ("_locale", Functions::Except(&["setlocale"])),
    // Code that no compiler made can do anything at all.
    ("marshal", Functions::Only(&["dump", "dumps"])),
    ("_imp", Functions::Except(&[])),
    (
        "gc",
        Functions::Except(&["get_objects", "get_referents", "get_referrers"]),
    ),
    // Tracebacks show lines of whichever file a code object names.
    (
        "sys",
        Functions::Except(&[
            "__breakpointhook__",
            "__excepthook__",
            "_baserepl",
            "breakpointhook",
            "excepthook",
        ]),
    ),
    (
        "builtins",
        Functions::Except(&["breakpoint", "input", "open"]),
    ),
];

/// Modules that are of no use without what is refused: importing them is refused right away.
const REFUSED: &[&str] = &[
    "_ctypes",
    "_posixsubprocess",
    "_socket",
    "asyncio",
    "curses",
    "ctypes",
    "dbm",
    "ftplib",
    "http.client",
    "http.server",
    "imaplib",
    "multiprocessing",
    "poplib",
    "pty",
    "select",
    "selectors",
    "smtplib",
    "socket",
    "socketserver",
    "sqlite3",
    "ssl",
    "subprocess",
    "urllib.request",
    "webbrowser",
];

/// Modules that libraries do without when they are missing.
const OPTIONAL: &[&str] = &[
    "_multiprocessing",
    "_posixshmem",
    "_remote_debugging",
    "_sqlite3",
    "_ssl",
    "_uuid",
    "faulthandler",
    "fcntl",
    "grp",
    "mmap",
    "pwd",
    "readline",
    "resource",
    "syslog",
    "termios",
];

/// Whether importing a module is refused: to the program itself, or to libraries as well.
pub(super) fn is_refused(module: &str, to_program: bool) -> bool {
    REFUSED.contains(&module) || to_program && OPTIONAL.contains(&module)
}

/// What a library gets in place of a refusal.
#[derive(Clone, Copy)]
pub(super) enum Answer {
    /// Nothing, counted.
    Zero,
    /// The error of a file that does not exist.
    NoFile,
    /// The error of a system that has no such function or module.
    Unknown,
}

/// What libraries ask for on their own account, without showing it in a result: by the module that
/// asks, or that is being imported.
pub(super) const LENIENT: &[(&str, &str, Answer)] = &[
    ("argparse", "os.get_terminal_size", Answer::NoFile),
    ("linecache", "os.stat", Answer::NoFile),
    ("logging", "os.getpid", Answer::Zero),
    ("logging", "time.time_ns", Answer::Zero),
    ("uuid", "os.uname", Answer::Unknown),
    ("mimetypes", "os.stat", Answer::NoFile),
    ("uuid", "_socket", Answer::Unknown),
    ("uuid", "socket", Answer::Unknown),
];

/// Whether the first argument of a function names a file, or a file that is open.
pub(super) fn names_a_file(label: &str) -> bool {
    matches!(
        label,
        "open"
            | "io.open_code"
            | "os.access"
            | "os.chdir"
            | "os.chmod"
            | "os.link"
            | "os.listdir"
            | "os.lstat"
            | "os.mkdir"
            | "os.open"
            | "os.readlink"
            | "os.remove"
            | "os.rename"
            | "os.rmdir"
            | "os.scandir"
            | "os.stat"
            | "os.symlink"
            | "os.truncate"
            | "os.unlink"
            | "os.utime"
    )
}
