# Modules of the program's own: files beside the job file and in the folders of `sys.path`. It runs
# in the namespace of modules.py. Nothing is kept on disk.

# What `sys.modules` shows to programs.
loaded = {}

# The names of modules of the program.
own = set()

# What Python 3 alone has: a program may have a file of that name.
NEWER = frozenset('''
    _thread asyncio concurrent configparser contextvars copyreg dataclasses dbm ensurepip
    enum faulthandler graphlib html http ipaddress lzma pathlib queue reprlib secrets selectors
    socketserver statistics tkinter tomllib tracemalloc typing venv winreg xmlrpc zoneinfo
'''.split())

# What Python 2.7 has and this client does not.
ABSENT = frozenset('''
    BaseHTTPServer Bastion CGIHTTPServer DocXMLRPCServer ScrolledText SimpleHTTPServer
    SimpleXMLRPCServer Tkinter aifc asynchat asyncore audioop bsddb cProfile cgi cgitb chunk compiler
    crypt curses dbhash distutils ensurepip hotshot idlelib imghdr lib2to3 mailcap msilib nntplib
    ossaudiodev profile pstats readline rexec rlcompleter smtpd sndhdr spwd sqlite3 ssl sunau telnetlib
    test uu user xdrlib
'''.split())

path = None


def search_path():
    """`sys.path`: the folder of the file that was run, and those of `PYTHONPATH`."""
    global path
    if path is None:
        path = own_folders()
    return path


def join(folder, name):
    return name if not folder else folder + name if folder.endswith('/') else folder + '/' + name


def located(name, folders):
    """The file of a module in the first of the folders that has it, and whether it is a package."""
    for folder in folders:
        if not isinstance(folder, str):
            continue
        base = join(folder, name)
        if own_file(base + '/__init__.py'):
            return base + '/__init__.py', True
        if own_file(base + '.py'):
            return base + '.py', False
    return None, False


def execute(module, file, package):
    """Runs the file of a module, which `sys.modules` knows meanwhile."""
    name = module.__name__
    names = module.__dict__
    names['__file__'] = file
    names['__builtins__'] = builtin_names
    names['__package__'] = name if package else name.rpartition('.')[0] or None
    if package:
        names['__path__'] = [file.rpartition('/')[0]]
    known = loaded.get(name)
    loaded[name] = module
    own.add(name)
    try:
        run_file(file, names)
    except BaseException:
        if known is None:
            loaded.pop(name, None)
        else:
            loaded[name] = known
        raise
    return loaded.get(name, module)


def own_module(name):
    """A module of the program by its whole name; None when there is no such file."""
    if name in own and name in loaded:
        return loaded[name]
    parent, _, last = name.rpartition('.')
    if parent:
        package = own_module(parent)
        if package is None:
            return None
        folders = getattr(package, '__path__', ())
    else:
        first = running_folder()
        folders = search_path()
        if first not in folders:
            folders = [first] + folders
    file, is_package = located(last, folders)
    if file is None:
        return None
    module = execute(ModuleType(name), file, is_package)
    if parent:
        setattr(own_module(parent), last, module)
    return module


def package_of(globals):
    """The package that code is in, by its namespace."""
    if not isinstance(globals, dict) or '__file__' not in globals:
        return ''
    name = globals.get('__name__') or ''
    if '__path__' in globals:
        return name
    return name.rpartition('.')[0] if name in own else ''


def own_import(name, globals, fromlist, level):
    """The import of a module of the program; None when it has no such file."""
    package = package_of(globals)
    if level > 0:
        for _ in range(level - 1):
            package, dot, _ = package.rpartition('.')
            if not dot:
                package = ''
        if not package:
            raise ValueError('Attempted relative import in non-package')
        whole = package + '.' + name if name else package
        module = own_module(whole)
        if module is None:
            raise missing(name or package, getattr(loaded.get(package), '__path__', ()))
        return with_names(module, fromlist) if fromlist else loaded[whole.partition('.')[0]]
    if package:
        # A package sees its own modules first.
        first = package + '.' + name.partition('.')[0]
        if own_module(first) is not None:
            module = whole_module(package + '.' + name, name)
            return with_names(module, fromlist) if fromlist else loaded[first]
    top = name.partition('.')[0]
    if top in made or top in MAKERS or top in RENAMED or top in BUILT_IN:
        return None
    if own_module(top) is None:
        return None
    module = whole_module(name, name)
    return with_names(module, fromlist) if fromlist else loaded[top]


BUILT_IN = frozenset(sys.builtin_module_names) - NEWER


def whole_module(whole, name):
    """A module in a package that is there."""
    module = own_module(whole)
    if module is None:
        parent, _, last = whole.rpartition('.')
        while parent and own_module(parent) is None:
            parent, _, last = parent.rpartition('.')
        raise missing(last, getattr(loaded.get(parent), '__path__', ()))
    return module


def with_names(module, fromlist):
    """A module whose modules in `fromlist` are there too."""
    if hasattr(module, '__path__'):
        names = list(fromlist)
        if '*' in names:
            names.extend(getattr(module, '__all__', ()))
        for name in names:
            if name != '*' and not hasattr(module, name):
                own_module(module.__name__ + '.' + name)
    return module


def missing(name, folders=None):
    """The error for a module that is not there."""
    error = ImportError('No module named ' + name)
    top = name.partition('.')[0]
    if folders is None and top in ABSENT:
        error.absent = top
    else:
        searched = list(search_path() if folders is None else folders)
        first = running_folder()
        if folders is None and first not in searched:
            searched.insert(0, first)
        error.searched = [folder or '.' for folder in searched if isinstance(folder, str)]
    return error


def reload_module(module):
    """`reload(module)`: runs its file again in its namespace."""
    file = getattr(module, '__file__', None)
    if not isinstance(module, ModuleType):
        raise TypeError('reload() argument must be module')
    if loaded.get(module.__name__) is not module or file is None or not own_file(file):
        return module
    return execute(module, file, hasattr(module, '__path__'))


def load_source(name, path, file=None):
    """`imp.load_source`."""
    module = loaded.get(name)
    if not isinstance(module, ModuleType):
        module = ModuleType(name)
    return execute(module, path, False)


def make_imp():
    module = ModuleType('imp')
    module.PY_SOURCE, module.PY_COMPILED, module.C_EXTENSION = 1, 2, 3
    module.PKG_DIRECTORY, module.C_BUILTIN, module.PY_FROZEN = 5, 6, 7

    def find_module(name, path=None):
        file, package = located(name, search_path() if path is None else path)
        if file is None:
            if path is None and (name in MAKERS or name in RENAMED or name in BUILT_IN):
                return None, name, ('', '', module.C_BUILTIN)
            raise missing(name, path)
        if package:
            return None, file.rpartition('/')[0], ('', '', module.PKG_DIRECTORY)
        return builtin_names['open'](file, 'U'), file, ('.py', 'U', module.PY_SOURCE)

    def load_module(name, file, pathname, description):
        if description[2] == module.C_BUILTIN:
            return import_module(name, None, None, ('*',))
        package = description[2] == module.PKG_DIRECTORY
        known = loaded.get(name)
        if not isinstance(known, ModuleType):
            known = ModuleType(name)
        return execute(known, join(pathname, '__init__.py') if package else pathname, package)
    module.find_module, module.load_module, module.load_source = find_module, load_module, load_source
    module.load_package = lambda name, path: load_module(name, None, path, ('', '', 5))
    module.new_module, module.reload = ModuleType, reload_module
    module.get_suffixes = lambda: [('.py', 'U', 1)]
    module.acquire_lock = module.release_lock = lambda: None
    module.lock_held = lambda: False
    return module


def make_importlib():
    def named(name, package=None):
        if name.startswith('.'):
            if not package:
                raise TypeError("relative imports require the 'package' argument")
            level = len(name) - len(name.lstrip('.'))
            for _ in range(level - 1):
                package = package.rpartition('.')[0]
            name = package + '.' + name.lstrip('.')
        return import_module(name, None, None, ('*',) if '.' in name else None)
    return shim(load('importlib'), import_module=named)


MAKERS['imp'] = make_imp
MAKERS['importlib'] = make_importlib
