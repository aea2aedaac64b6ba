# What `import` finds in configuration files: the modules of Python 2.7 under their names, made
# from those of Python 3. This file runs once, when a configuration imports something.

import sys
from builtins import __import__ as native_import

ModuleType = type(sys)

# Modules that only have another name now.
RENAMED = {
    'ConfigParser': 'configparser',
    'Cookie': 'http.cookies',
    'HTMLParser': 'html.parser',
    'Queue': 'queue',
    'SocketServer': 'socketserver',
    'cPickle': 'pickle',
    'cookielib': 'http.cookiejar',
    'copy_reg': 'copyreg',
    'dummy_thread': '_thread',
    'htmlentitydefs': 'html.entities',
    'httplib': 'http.client',
    'repr': 'reprlib',
    'robotparser': 'urllib.robotparser',
    'thread': '_thread',
    'urlparse': 'urllib.parse',
    'xmlrpclib': 'xmlrpc.client',
}

# Modules made here, by name.
made = {}


def load(name):
    """A module of Python 3, dots and all."""
    native_import(name)
    return sys.modules[name]


def shim(real, **names):
    """A copy of a module with some names of its own."""
    module = ModuleType(real.__name__)
    module.__dict__.update(real.__dict__)
    module.__dict__.update(names)
    return module


def add(module, **names):
    """Names that a module had in Python 2."""
    for name, value in names.items():
        if not hasattr(module, name):
            setattr(module, name, value)
    return module


def with_bytes(function):
    """A function on bytes as one on the byte strings of Python 2."""
    def wrapper(*args, **kw):
        args = [bytes_of(arg) if isinstance(arg, str) else arg for arg in args]
        result = function(*args, **kw)
        return text_of(result) if isinstance(result, bytes) else result
    wrapper.__name__ = getattr(function, '__name__', 'function')
    return wrapper


def wrapped(real, *names):
    return shim(real, **{name: with_bytes(getattr(real, name)) for name in names
                         if hasattr(real, name)})


def make_base64():
    return wrapped(load('base64'), 'b64encode', 'b64decode', 'standard_b64encode',
                   'standard_b64decode', 'urlsafe_b64encode', 'urlsafe_b64decode', 'b32encode',
                   'b32decode', 'b16encode', 'b16decode', 'encodebytes', 'decodebytes')


def make_binascii():
    return wrapped(load('binascii'), 'hexlify', 'unhexlify', 'b2a_hex', 'a2b_hex', 'b2a_base64',
                   'a2b_base64', 'crc32', 'adler32')


def make_zlib():
    return wrapped(load('zlib'), 'compress', 'decompress', 'crc32', 'adler32')


def make_struct():
    return wrapped(load('struct'), 'pack', 'unpack')


class Hash(object):
    """A hash object that takes and gives byte strings of Python 2."""

    def __init__(self, inner):
        self.inner = inner
        self.name = inner.name
        self.digest_size = inner.digest_size
        self.block_size = inner.block_size

    def update(self, data):
        self.inner.update(bytes_of(data))

    def digest(self):
        return text_of(self.inner.digest())

    def hexdigest(self):
        return self.inner.hexdigest()

    def copy(self):
        return Hash(self.inner.copy())


def make_hashlib():
    real = load('hashlib')

    def constructor(name):
        return lambda data='': Hash(real.new(name, bytes_of(data)))
    names = {name: constructor(name)
             for name in ('md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512')}
    return shim(real, new=lambda name, data='': Hash(real.new(name, bytes_of(data))), **names)


def make_md5():
    module = ModuleType('md5')
    module.new = module.md5 = find('hashlib').md5
    return module


def make_sha():
    module = ModuleType('sha')
    module.new = module.sha = find('hashlib').sha1
    return module


def make_hmac():
    real = load('hmac')

    def new(key, msg=None, digestmod='md5'):
        if not isinstance(digestmod, str):
            digestmod = digestmod().name
        return Hash(real.new(bytes_of(key), None if msg is None else bytes_of(msg), digestmod))
    return shim(real, new=new)


def decoded(text):
    """What JSON makes of a byte string: text."""
    return bytes_of(text).decode('utf-8') if not text.isascii() and is_bytes(text) else text


def make_json():
    real = load('json')

    def plain(obj):
        if isinstance(obj, dict):
            return {plain(key) if isinstance(key, str) else key: plain(value)
                    for key, value in keywords(obj).items()}
        if isinstance(obj, (list, tuple)):
            return [plain(item) for item in obj]
        if isinstance(obj, str):
            return str.__str__(decoded(obj))
        return obj

    def as_unicode(obj):
        if isinstance(obj, str):
            return unicode(obj)
        if isinstance(obj, list):
            return [as_unicode(item) for item in obj]
        if type(obj) is dict:
            return {as_unicode(key): as_unicode(value) for key, value in obj.items()}
        return obj

    def dumps(obj, **kw):
        kw.pop('encoding', None)
        kw.setdefault('separators', (', ', ': '))
        return real.dumps(plain(obj), **kw)

    def loads(text, encoding=None, **kw):
        text = decoded(text) if isinstance(text, str) else text
        return as_unicode(real.loads(text, **kw))
    return shim(real, dumps=dumps, loads=loads,
                dump=lambda obj, file, **kw: file.write(dumps(obj, **kw)),
                load=lambda file, **kw: loads(file.read(), **kw))


def make_math():
    real = load('math')
    return shim(real, ceil=lambda x: float(real.ceil(x)), floor=lambda x: float(real.floor(x)))


def make_itertools():
    real = load('itertools')
    return add(real, imap=builtins_map, izip=zip, ifilter=filter,
               izip_longest=real.zip_longest, ifilterfalse=real.filterfalse)


def builtins_map(function, *sequences):
    if function is None:
        return zip(*sequences)
    return map(function, *sequences)


def make_string():
    real = load('string')
    names = {name: (lambda method: lambda text, *args: method(text, *args))(getattr(str, name))
             for name in ('lower', 'upper', 'strip', 'lstrip', 'rstrip', 'replace', 'find', 'rfind',
                          'count', 'zfill', 'ljust', 'rjust', 'center', 'expandtabs')}
    return add(real, letters=real.ascii_letters, lowercase=real.ascii_lowercase,
               uppercase=real.ascii_uppercase, split=lambda text, *args: text.split(*args),
               join=lambda words, sep=' ': sep.join(words), joinfields=lambda words, sep=' ':
               sep.join(words), atoi=int, atol=int, atof=float, maketrans=str.maketrans, **names)


def make_os():
    real = load('os')
    return add(real, getcwdu=real.getcwd, errno=native_import('errno'))


def make_collections():
    real = load('collections')
    abstract = load('collections.abc')
    return add(real, **{name: getattr(abstract, name) for name in abstract.__all__})


def make_types():
    real = load('types')
    return add(real, StringType=str, UnicodeType=unicode, StringTypes=(str, unicode), IntType=int,
               LongType=long, FloatType=float, BooleanType=bool, ListType=list, TupleType=tuple,
               DictType=dict, DictionaryType=dict, NoneType=type(None), TypeType=type,
               ClassType=type, InstanceType=object, FileType=load('io').IOBase)


def make_sys():
    return add(sys, maxint=0x7fffffffffffffff, setdefaultencoding=lambda name: None,
               exc_clear=lambda: None, exc_type=None, exc_value=None, subversion=('CPython', '', ''))


def make_time():
    return add(load('time'), clock=load('time').perf_counter)


def make_inspect():
    real = load('inspect')
    return add(real, getargspec=real.getfullargspec)


def make_string_io():
    module = ModuleType('StringIO')
    real = load('io')

    class StringIO(real.StringIO):
        def __init__(self, buffer=''):
            real.StringIO.__init__(self, buffer, newline='\n')
    module.StringIO = StringIO
    return module


def make_pipes():
    module = ModuleType('pipes')
    module.quote = load('shlex').quote
    return module


def make_commands():
    module = ModuleType('commands')

    def getstatusoutput(command):
        process = find('subprocess').Popen(
            '{ %s; } 2>&1' % command, shell=True, stdout=-1)
        output = process.communicate()[0]
        return process.returncode << 8, output[:-1] if output.endswith('\n') else output
    module.getstatusoutput = getstatusoutput
    module.getoutput = lambda command: getstatusoutput(command)[1]
    return module


def make_subprocess():
    real = load('subprocess')
    environment = load('os').environ

    def given(kw):
        # Commands see the variables that the configuration sees.
        if kw.get('env') is None:
            kw['env'] = dict(environment)
        return kw

    class Popen(real.Popen):
        def __init__(self, *args, **kw):
            real.Popen.__init__(self, *args, **given(kw))

        def communicate(self, input=None, timeout=None):
            if isinstance(input, str) and not self.text_mode:
                input = bytes_of(input)
            return tuple([text_of(part) if isinstance(part, bytes) else part
                          for part in real.Popen.communicate(self, input, timeout)])

    def check_output(*args, **kw):
        output = real.check_output(*args, **given(kw))
        return text_of(output) if isinstance(output, bytes) else output
    return shim(real, Popen=Popen, check_output=check_output,
                call=lambda *args, **kw: real.call(*args, **given(kw)),
                check_call=lambda *args, **kw: real.check_call(*args, **given(kw)))


def make_urllib():
    real = load('urllib')
    parse = load('urllib.parse')

    def quoting(function):
        return lambda text, *args, **kw: function(
            bytes_of(text) if isinstance(text, str) else text, *args, **kw)
    add(real, quote=quoting(parse.quote), quote_plus=quoting(parse.quote_plus),
        unquote=parse.unquote, unquote_plus=parse.unquote_plus, urlencode=parse.urlencode,
        pathname2url=quoting(parse.quote), url2pathname=parse.unquote)

    def missing(name):
        if name in ('urlopen', 'urlretrieve', 'urlcleanup'):
            return getattr(load('urllib.request'), name)
        raise AttributeError("'module' object has no attribute %r" % name)
    add(real, __getattr__=missing)
    return real


def make_urllib2():
    module = ModuleType('urllib2')
    find('urllib')

    def missing(name):
        for real in ('urllib.parse', 'urllib.error', 'urllib.request'):
            if hasattr(load(real), name):
                return getattr(load(real), name)
        raise AttributeError("'module' object has no attribute %r" % name)
    module.__getattr__ = missing
    return module


def make_sets():
    module = ModuleType('sets')
    module.Set, module.ImmutableSet = set, frozenset
    return module


def make_user_dict():
    module = ModuleType('UserDict')
    module.UserDict = module.IterableUserDict = load('collections').UserDict
    module.DictMixin = load('collections.abc').MutableMapping
    return module


MAKERS = {
    'StringIO': make_string_io,
    'UserDict': make_user_dict,
    'base64': make_base64,
    'binascii': make_binascii,
    'cStringIO': make_string_io,
    'collections': make_collections,
    'commands': make_commands,
    'hashlib': make_hashlib,
    'hmac': make_hmac,
    'inspect': make_inspect,
    'itertools': make_itertools,
    'json': make_json,
    'math': make_math,
    'md5': make_md5,
    'os': make_os,
    'pipes': make_pipes,
    'sets': make_sets,
    'sha': make_sha,
    'simplejson': make_json,
    'string': make_string,
    'struct': make_struct,
    'subprocess': make_subprocess,
    'sys': make_sys,
    'time': make_time,
    'types': make_types,
    'urllib': make_urllib,
    'urllib2': make_urllib2,
    'zlib': make_zlib,
}


def find(name):
    """A module made here, or None."""
    module = made.get(name)
    if module is None:
        if name in MAKERS:
            module = made[name] = MAKERS[name]()
        elif name in RENAMED:
            module = made[name] = load(RENAMED[name])
    return module


def missing_module(name):
    return ImportError('No module named ' + name)


def import_module(name, globals=None, locals=None, fromlist=(), level=0):
    """`__import__` for configuration files."""
    if name == '__builtin__' or name == 'exceptions':
        return builtin_module()
    module = made.get(name)
    if module is not None and (fromlist or '.' not in name):
        return module
    top = name.partition('.')[0]
    if top in OBJECT_MODULES:
        return object_model(name, fromlist)
    module = find(name)
    if module is not None:
        return module
    try:
        result = native_import(name, None, None, fromlist, 0)
    except ModuleNotFoundError as error:
        if error.name is None or not (name + '.').startswith(error.name + '.'):
            raise
        # When the package is there, only the missing part is named.
        short = name if error.name == top else name.rpartition('.')[2]
        raise missing_module(short) from None
    # `import os.path` gives `os`, which has names to be added.
    if not fromlist and '.' in name:
        return find(top) or result
    return result


# The packages of the released client. What configurations import from them is in every namespace
# already, so one module stands for all of them.
OBJECT_MODULES = ('pystachio', 'apache', 'gen', 'twitter')


def object_model(name, fromlist):
    module = object_module()
    # `import a.b.c as x` walks down from the first name.
    for part in name.split('.')[1:]:
        if not hasattr(module, part):
            setattr(module, part, module)
    return module


def builtin_module():
    module = made.get('__builtin__')
    if module is None:
        module = made['__builtin__'] = ModuleType('__builtin__')
        module.__dict__.update(builtin_names)
    return module


class Environment(dict):
    """The environment variables as `os` keeps them; reading one is noted."""

    def __getitem__(self, key):
        note_variable(key.decode('utf-8', 'replace'))
        return dict.__getitem__(self, key)

    def __contains__(self, key):
        note_variable(key.decode('utf-8', 'replace'))
        return dict.__contains__(self, key)


def prepare_environment():
    """Before anything imports `os`: its variables are those that were given."""
    import posix
    posix.environ = Environment(
        (name.encode('utf-8', 'surrogateescape'), value.encode('utf-8', 'surrogateescape'))
        for name, value in given_environment())
    posix.putenv = lambda name, value: None
    posix.unsetenv = lambda name: None
    posix._create_environ = lambda: posix.environ


prepare_environment()
