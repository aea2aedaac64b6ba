# What `import` finds in programs: the modules of Python 2.7 under their names, made
# from those of Python 3. This file runs once, when a program imports something. It is long, as
# there are many modules; each has its function, which runs when that module is imported.

import sys
from builtins import __import__ as native_import, iter as native_iter, zip as native_zip

ModuleType = type(sys)

# Modules that only have another name now.
RENAMED = {
    'Cookie': 'http.cookies',
    'HTMLParser': 'html.parser',
    'Queue': 'queue',
    'SocketServer': 'socketserver',
    'cPickle': 'pickle',
    'cookielib': 'http.cookiejar',
    'copy_reg': 'copyreg',
    'anydbm': 'dbm',
    'dummy_thread': '_thread',
    'dummy_threading': 'threading',
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
    real = load('base64')
    add(real, encodestring=real.encodebytes, decodestring=real.decodebytes)
    return wrapped(real, 'b64encode', 'b64decode', 'standard_b64encode',
                   'standard_b64decode', 'urlsafe_b64encode', 'urlsafe_b64decode', 'b32encode',
                   'b32decode', 'b16encode', 'b16decode', 'encodestring', 'decodestring')


def signed(function):
    """A checksum as Python 2 has it: a number of 32 bits with a sign."""
    def wrapper(*args):
        value = function(*[bytes_of(arg) if isinstance(arg, str) else arg for arg in args])
        return value - (1 << 32) if value >= 1 << 31 else value
    return wrapper


def make_binascii():
    real = load('binascii')
    module = wrapped(real, 'hexlify', 'unhexlify', 'b2a_hex', 'a2b_hex', 'b2a_base64',
                     'a2b_base64')
    module.crc32 = signed(real.crc32)
    return module


def make_zlib():
    real = load('zlib')
    module = wrapped(real, 'compress', 'decompress')
    module.crc32, module.adler32 = signed(real.crc32), signed(real.adler32)
    return module


def make_struct():
    return wrapped(load('struct'), 'pack', 'unpack')


def hashed(data):
    """Text is hashed only when it is ASCII."""
    return data.encode('ascii') if isinstance(data, unicode) else bytes_of(data)


class Hash(object):
    """A hash object that takes and gives byte strings of Python 2."""

    def __init__(self, inner):
        self.inner = inner
        self.name = inner.name
        self.digest_size = inner.digest_size
        self.block_size = inner.block_size

    def update(self, data):
        self.inner.update(hashed(data))

    def digest(self):
        return text_of(self.inner.digest())

    def hexdigest(self):
        return self.inner.hexdigest()

    def copy(self):
        return Hash(self.inner.copy())


def make_hashlib():
    real = load('hashlib')

    def constructor(name):
        return lambda data='': Hash(real.new(name, hashed(data)))
    names = {name: constructor(name)
             for name in ('md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512')}
    return shim(real, new=lambda name, data='': Hash(real.new(name, hashed(data))), **names)


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


def json_problem(error):
    """What is wrong with JSON text, in the words of Python 2."""
    message, text, at = error.msg, error.doc, error.pos
    end = len(text)

    def place(at):
        column = at - text.rfind('\n', 0, at)
        return 'line %d column %d' % (text.count('\n', 0, at) + 1, column)
    if message == 'Extra data':
        return 'Extra data: %s - %s (char %d - %d)' % (place(at), place(end), at, end)
    if message == 'Illegal trailing comma before end of object':
        message, at = 'Expecting property name', at + 1
        while at < end and text[at].isspace():
            at += 1
    written = text.strip()
    if at >= end and written and not written.endswith(':'):
        message, at = 'Expecting object', end - 1
    elif message == 'Expecting value' or message.startswith('Illegal trailing comma'):
        return 'No JSON object could be decoded'
    message = message.partition(' enclosed in')[0].partition(' U+')[0].rstrip(':')
    if message == 'Invalid control character':
        message += ' at'
    message = message.replace("':'", ':').replace("','", ',')
    return '%s: %s (char %d)' % (message, place(at), at)


def make_json():
    real = load('json')

    def plain(obj, skip=False, sort=False):
        if isinstance(obj, dict):
            for key in obj:
                if not (skip or key is None or isinstance(key, (str, int, float))):
                    raise TypeError('keys must be a string')
            items = keywords(obj).items()
            if sort:
                items = builtin_names['sorted'](items)
            return {plain(key) if isinstance(key, str) else key: plain(value, skip, sort)
                    for key, value in items}
        if isinstance(obj, (list, tuple)):
            return [plain(item, skip, sort) for item in obj]
        if isinstance(obj, str):
            return str.__str__(decoded(obj))
        return obj

    def as_unicode(obj):
        if isinstance(obj, str):
            return unicode(obj)
        if isinstance(obj, list):
            return [as_unicode(item) for item in obj]
        if type(obj) is tuple:
            return tuple([as_unicode(item) for item in obj])
        if type(obj) is dict:
            return {as_unicode(key): as_unicode(value) for key, value in obj.items()}
        return obj

    def dumps(obj, **kw):
        kw.pop('encoding', None)
        kw.setdefault('separators', (', ', ': '))
        if kw.get('cls') is None:
            kw['default'] = fallback(kw.get('default'))
        return real.dumps(plain(obj, kw.get('skipkeys'), kw.pop('sort_keys', False)), **kw)

    def fallback(given):
        def default(obj):
            if given is None:
                raise TypeError(show(obj) + ' is not JSON serializable')
            return plain(given(obj))
        return default

    def hooks(kw):
        """What is given objects gets them with `unicode` in them."""
        for name in ('object_hook', 'object_pairs_hook'):
            hook = kw.get(name)
            if hook is not None:
                kw[name] = (lambda hook: lambda parts: hook(as_unicode(parts)))(hook)

    def loads(text, encoding=None, **kw):
        if isinstance(text, str):
            try:
                text = decoded(text)
            except UnicodeDecodeError:
                # Only texts in it are decoded.
                if '"' in text:
                    raise
                raise ValueError('No JSON object could be decoded') from None
        hooks(kw)
        number = text.strip().lstrip('-')
        if len(number) > 1 and number[0] == '0' and number.isdigit():
            raise ValueError('Extra data')
        try:
            value = real.loads(text, **kw)
        except real.JSONDecodeError as error:
            raise ValueError(json_problem(error)) from None
        return as_unicode(value)

    class JSONEncoder(real.JSONEncoder):
        def encode(self, obj):
            return real.JSONEncoder.encode(self, plain(obj))

        def iterencode(self, obj, _one_shot=False):
            return real.JSONEncoder.iterencode(self, plain(obj), _one_shot)

    class JSONDecoder(real.JSONDecoder):
        def decode(self, text):
            return as_unicode(real.JSONDecoder.decode(self, text))
    return shim(real, dumps=dumps, loads=loads, JSONEncoder=JSONEncoder, JSONDecoder=JSONDecoder,
                dump=lambda obj, file, **kw: file.write(dumps(obj, **kw)),
                load=lambda file, **kw: loads(file.read(), **kw))


def make_math():
    real = load('math')

    def checked(function):
        def wrapper(*args):
            try:
                return function(*args)
            except ValueError:
                raise ValueError('math domain error') from None
        wrapper.__name__ = function.__name__
        return wrapper
    names = {name: checked(getattr(real, name)) for name in (
        'sqrt', 'log', 'log10', 'log1p', 'acos', 'asin', 'pow', 'fmod', 'acosh', 'atanh')}
    return shim(real, ceil=lambda x: float(real.ceil(x)), floor=lambda x: float(real.floor(x)),
                **names)


def make_itertools():
    real = load('itertools')

    def ordered(function):
        def wrapper(*args, **kw):
            return function(*[in_order(arg) for arg in args], **kw)
        wrapper.__name__ = function.__name__
        return wrapper

    class chain(real.chain):
        def __new__(cls, *args):
            return real.chain.__new__(cls, *[in_order(arg) for arg in args])

        @classmethod
        def from_iterable(cls, parts):
            return real.chain.from_iterable(in_order(part) for part in in_order(parts))
    names = {name: ordered(getattr(real, name)) for name in (
        'combinations', 'combinations_with_replacement', 'compress', 'cycle', 'dropwhile',
        'groupby', 'islice', 'permutations', 'product', 'starmap', 'takewhile', 'tee')}
    return shim(real, chain=chain, imap=builtins_map, izip=ordered(zip), ifilter=ordered(filter),
                izip_longest=ordered(real.zip_longest), ifilterfalse=ordered(real.filterfalse),
                **names)


def builtins_map(function, *sequences):
    if function is None:
        return zip(*sequences)
    return map(function, *sequences)


def table(source, target):
    """`string.maketrans`: the 256 bytes, some of them replaced."""
    if len(source) != len(target):
        raise ValueError('maketrans arguments must have same length')
    made = bytearray(range(256))
    for old, new in native_zip(bytes_of(source), bytes_of(target)):
        made[old] = new
    return text_of(bytes(made))


def template_class(real):
    class Template(real.Template):
        """It gives `unicode` when it is, or a value is."""

        def filled(self, mapping, safe):
            text = isinstance(self.template, unicode)

            def convert(found):
                nonlocal text
                name = found.group('named') or found.group('braced')
                if name is not None:
                    if safe and name not in mapping:
                        return found.group()
                    value = mapping[name]
                    text = text or isinstance(value, unicode)
                    return shown(value)
                if found.group('escaped') is not None:
                    return self.delimiter
                if safe:
                    return found.group()
                return self._invalid(found)
            made = self.pattern.sub(convert, self.template)
            return unicode(made) if text else made

        def substitute(self, *args, **kw):
            return self.filled(given(args, kw), False)

        def safe_substitute(self, *args, **kw):
            return self.filled(given(args, kw), True)

    def given(args, kw):
        if len(args) > 1:
            raise TypeError('Too many positional arguments')
        if not args:
            return kw
        return load('collections').ChainMap(kw, args[0]) if kw else args[0]
    return Template


def make_string():
    real = load('string')
    names = {name: (lambda method: lambda text, *args: method(text, *args))(getattr(str, name))
             for name in ('lower', 'upper', 'strip', 'lstrip', 'rstrip', 'replace', 'find', 'rfind',
                          'count', 'zfill', 'ljust', 'rjust', 'center', 'expandtabs', 'capitalize', 'swapcase', 'index', 'rindex', 'splitlines')}
    return add(shim(real, Template=template_class(real), whitespace='\t\n\x0b\x0c\r '), letters=real.ascii_letters, lowercase=real.ascii_lowercase,
               uppercase=real.ascii_uppercase, split=lambda text, *args: text.split(*args),
               join=lambda words, sep=' ': sep.join(words), joinfields=lambda words, sep=' ':
               sep.join(words), atoi=int, atol=int, atof=float, splitfields=lambda text, *args: text.split(*args),
               maketrans=table, **names)


def make_os():
    real = load('os')
    native = real.listdir


    def listdir(path):
        names = native(path)
        return [unicode(name) for name in names] if isinstance(path, unicode) else names
    real.listdir = listdir

    def variables(self):
        names = {}
        for name in self._data:
            names[self.decodekey(name)] = None
        return native_iter(in_order(names))
    type(real.environ).__iter__ = variables
    return add(real, getcwdu=lambda: unicode(real.getcwd()), errno=native_import('errno'))


def make_collections():
    real = load('collections')
    abstract = load('collections.abc')

    class OrderedDict(real.OrderedDict):
        def __repr__(self):
            if not self:
                return '%s()' % type(self).__name__
            return '%s(%s)' % (type(self).__name__, show(list(real.OrderedDict.items(self))))

        def __reduce__(self):
            return (type(self), (list(real.OrderedDict.items(self)),))

    class defaultdict(real.defaultdict):
        def __repr__(self):
            return 'defaultdict(%s, %s)' % (show(self.default_factory), show(keywords(self)))

        __str__ = __repr__

        def copy(self):
            return type(self)(self.default_factory, keywords(self))

        __copy__ = copy

    class Counter(real.Counter):
        def __init__(self, iterable=None, **kw):
            real.Counter.__init__(self)
            self.update(iterable, **kw)

        def update(self, iterable=None, **kw):
            if isinstance(iterable, dict):
                for element, count in keywords(iterable).items():
                    self[element] = self.get(element, 0) + count
            elif iterable is not None:
                for element in in_order(iterable):
                    self[element] = self.get(element, 0) + 1
            for element, count in keywords(kw).items():
                self[element] = self.get(element, 0) + count

        def most_common(self, n=None):
            items = list(keywords(self).items())
            if n is None:
                return sorted(items, key=lambda item: item[1], reverse=True)
            return load('heapq').nlargest(n, items, key=lambda item: item[1])

        def elements(self):
            return load('itertools').chain.from_iterable(
                [element] * count for element, count in keywords(self).items())

        def copy(self):
            return type(self)(self)

        def __repr__(self):
            if not self:
                return '%s()' % type(self).__name__
            items = ', '.join('%s: %s' % (show(key), show(value))
                              for key, value in self.most_common())
            return '%s({%s})' % (type(self).__name__, items)

    def namedtuple(typename, field_names, verbose=False, rename=False):
        made = real.namedtuple(typename, field_names, rename=rename)
        made._asdict = lambda self: OrderedDict(load('builtins').zip(self._fields, self))
        made.__module__ = '__builtin__'
        return made
    module = shim(real, OrderedDict=OrderedDict, defaultdict=defaultdict, Counter=Counter,
                  namedtuple=namedtuple)
    for name in abstract.__all__:
        setattr(module, name, getattr(abstract, name))
    module.__all__ = [name for name in list(real.__all__) + list(abstract.__all__)]
    return module


def make_copy():
    real = load('copy')

    def deep_dict(x, memo, deepcopy=real.deepcopy):
        y = {}
        memo[id(x)] = y
        for key, value in keywords(x).items():
            y[deepcopy(key, memo)] = deepcopy(value, memo)
        return y

    def deep_set(x, memo, deepcopy=real.deepcopy):
        return type(x)([deepcopy(item, memo) for item in in_order(x)])
    real._deepcopy_dispatch[dict] = deep_dict
    real._deepcopy_dispatch[set] = real._deepcopy_dispatch[frozenset] = deep_set

    def copy(x):
        if type(x) is dict or type(x) is set:
            return copied(x)
        return real.copy(x)
    return shim(real, copy=copy)


def make_random():
    real = load('random')
    math = load('math')

    class Random(real.Random):
        """The sequences of Python 2.7."""

        def seed(self, a=None, version=2):
            if a is not None and not isinstance(a, int):
                a = hash_of(a) & 0xffffffffffffffff
            real.Random.seed(self, a)

        def randrange(self, start, stop=None, step=1):
            if int(start) != start:
                raise ValueError('non-integer arg 1 for randrange()')
            if stop is None:
                if start > 0:
                    return int(self.random() * start)
                raise ValueError('empty range for randrange()')
            width = stop - start
            if step == 1 and width > 0:
                return int(start + int(self.random() * width))
            if step == 1:
                raise ValueError('empty range for randrange() (%d,%d, %d)' % (start, stop, width))
            if step == 0:
                raise ValueError('zero step for randrange()')
            count = (width + step - (1 if step > 0 else -1)) // step
            if count <= 0:
                raise ValueError('empty range for randrange()')
            return start + step * int(self.random() * count)

        def randint(self, a, b):
            return self.randrange(a, b + 1)

        def choice(self, seq):
            return seq[int(self.random() * len(seq))]

        def shuffle(self, x, random=None):
            random = random or self.random
            for i in reversed(range(1, len(x))):
                j = int(random() * (i + 1))
                x[i], x[j] = x[j], x[i]

        def sample(self, population, k):
            n = len(population)
            if not 0 <= k <= n:
                raise ValueError('sample larger than population')
            small = 21
            if k > 5:
                small += 4 ** math.ceil(math.log(k * 3, 4))
            pool = in_order(population)
            if not hasattr(pool, '__getitem__') or n <= small:
                pool = list(pool)
            result = []
            if n <= small or isinstance(population, dict):
                for i in range(k):
                    j = int(self.random() * (n - i))
                    result.append(pool[j])
                    pool[j] = pool[n - i - 1]
                return result
            chosen = set()
            for i in range(k):
                j = int(self.random() * n)
                while j in chosen:
                    j = int(self.random() * n)
                chosen.add(j)
                result.append(pool[j])
            return result

        def expovariate(self, lambd):
            return -math.log(1.0 - self.random()) / lambd

        def jumpahead(self, n):
            self.seed(hash_of((n, self.random())))
    shared = Random()
    names = {name: getattr(shared, name) for name in (
        'seed', 'random', 'uniform', 'randint', 'choice', 'randrange', 'sample', 'shuffle',
        'normalvariate', 'lognormvariate', 'expovariate', 'vonmisesvariate', 'gammavariate',
        'triangular', 'gauss', 'betavariate', 'paretovariate', 'weibullvariate', 'getstate',
        'setstate', 'getrandbits', 'jumpahead')}
    return shim(real, Random=Random, **names)


def make_operator():
    real = load('operator')
    for name in ('lt', 'le', 'gt', 'ge'):
        setattr(real, name, builtin_names['__py2_%s__' % name])
    get = builtin_names['getattr']

    def methodcaller(name, *args, **kw):
        return lambda obj: get(obj, name)(*args, **kw)

    def attrgetter(*names):
        def one(obj, path):
            for name in path.split('.'):
                obj = get(obj, name)
            return obj
        if len(names) == 1:
            return lambda obj: one(obj, names[0])
        return lambda obj: tuple([one(obj, name) for name in names])
    real.methodcaller, real.attrgetter = methodcaller, attrgetter
    return add(real, div=divide, idiv=divide, isCallable=callable, sequenceIncludes=real.contains,
               isSequenceType=lambda obj: hasattr(obj, '__getitem__') and not isinstance(obj, dict),
               isMappingType=lambda obj: hasattr(obj, 'keys') or isinstance(obj, dict),
               isNumberType=lambda obj: isinstance(obj, (int, float, complex)),
               repeat=real.mul, delslice=lambda a, b, c: a.__delitem__(slice(b, c)),
               getslice=lambda a, b, c: a[b:c])


def make_config_parser():
    real = load('configparser')

    class Compatible(object):
        def __init__(self, defaults=None, dict_type=dict, allow_no_value=False):
            self.kind.__init__(self, defaults, allow_no_value=allow_no_value, strict=False,
                               inline_comment_prefixes=(';',), interpolation=self.substitution(),
                               default_section='DEFAULT', empty_lines_in_values=False)

        def readfp(self, fp, filename=None):
            self.read_file(iter(fp.readline, ''), filename)

        def set(self, section, option, value=None):
            if section != 'DEFAULT' and not self.has_section(section):
                raise real.NoSectionError(section)
            self._sections.get(section, self._defaults)[self.optionxform(option)] = value

        def get(self, section, option, raw=False, vars=None, **kw):
            return self.kind.get(self, section, option, raw=raw, vars=vars, **kw)

    def compatible(name, base, substitution):
        made = type(name, (Compatible, base), {'kind': base})
        made.substitution = staticmethod(substitution)
        return made
    return shim(real,
                RawConfigParser=compatible('RawConfigParser', real.RawConfigParser,
                                           lambda: None),
                ConfigParser=compatible('ConfigParser', real.ConfigParser,
                                        real.BasicInterpolation),
                SafeConfigParser=compatible('SafeConfigParser', real.ConfigParser,
                                            real.BasicInterpolation),
                InterpolationError=real.InterpolationError, Error=real.Error)


def make_io():
    real = load('io')

    class BytesIO(object):
        """A file of bytes, which a plain string of Python 2 is."""

        def __init__(self, data=''):
            self.inner = real.BytesIO(bytes_of(data))

        def write(self, data):
            return self.inner.write(bytes_of(data))

        def __getattr__(self, name):
            return with_bytes(getattr(self.inner, name))

        def __iter__(self):
            return iter([text_of(line) for line in self.inner])

    class StringIO(real.StringIO):
        def read(self, *args):
            return unicode(real.StringIO.read(self, *args))

        def getvalue(self):
            return unicode(real.StringIO.getvalue(self))
    return shim(real, BytesIO=BytesIO, StringIO=StringIO)


def like(text, found):
    """Parts of a text, which are `unicode` if that is."""
    if not isinstance(text, unicode):
        return found
    if isinstance(found, (list, tuple)):
        return type(found)([like(text, part) for part in found])
    if isinstance(found, dict):
        return {name: like(text, part) for name, part in found.items()}
    return unicode(found) if isinstance(found, str) else found


def expanded(found, template):
    """The text that a template of `sub` means."""
    def part(escape):
        name = escape.group(1) or escape.group(2)
        if name:
            return found.group(int(name) if name.isdigit() else name) or ''
        return {'n': '\n', 't': '\t', 'r': '\r', '\\': '\\'}.get(escape.group(3), escape.group())
    return load('re').sub(r'(?s)\\(?:g<(\w+)>|([1-9]\d?)|(.))', part, template)


class Match(object):
    """What a pattern found in `unicode`."""

    def __init__(self, inner, pattern):
        self.inner = inner
        self.re = pattern

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def group(self, *args):
        return like(self.inner.string, self.inner.group(*args))

    def groups(self, *args):
        return like(self.inner.string, self.inner.groups(*args))

    def groupdict(self, *args):
        return like(self.inner.string, self.inner.groupdict(*args))

    def expand(self, template):
        return like(self.inner.string, expanded(self.inner, template))


class Pattern(object):
    """A compiled pattern with the results of Python 2."""

    def __init__(self, inner, pattern):
        self.inner = inner
        self.pattern = pattern
        self.flags = int(inner.flags) & ~int(load('re').A)
        self.groups = inner.groups
        self.groupindex = dict(inner.groupindex)

    def wrapped(self, found):
        if found is None or not isinstance(found.string, unicode):
            return found
        return Match(found, self)

    def match(self, string, *args):
        return self.wrapped(self.inner.match(string, *args))

    def search(self, string, *args):
        return self.wrapped(self.inner.search(string, *args))

    def findall(self, string, *args):
        return like(string, self.inner.findall(string, *args))

    def finditer(self, string, *args):
        for found in self.inner.finditer(string, *args):
            yield self.wrapped(found)

    def sub(self, repl, string, count=0):
        return self.subn(repl, string, count)[0]

    def subn(self, repl, string, count=0):
        # What was found empty right behind something found is not replaced.
        parts, start, last, done = [], 0, None, 0
        for found in self.inner.finditer(string):
            if count and done >= count:
                break
            if found.start() == found.end() == last:
                continue
            parts.append(string[start:found.start()])
            parts.append(repl(self.wrapped(found)) if callable(repl) else
                         expanded(found, repl) if '\\' in repl else repl)
            start = last = found.end()
            done += 1
        parts.append(string[start:])
        text = any([isinstance(part, unicode) for part in parts])
        made = ''.join(parts)
        return (unicode(made) if text or isinstance(string, unicode) else made), done

    def split(self, string, maxsplit=0):
        # What matches nothing does not split.
        parts, start, done = [], 0, 0
        for found in self.inner.finditer(string):
            if found.end() > found.start() and (not maxsplit or done < maxsplit):
                parts.append(string[start:found.start()])
                parts.extend(found.groups())
                start = found.end()
                done += 1
        return like(string, parts + [string[start:]])


def make_re():
    real = load('re')

    class Error(real.error):
        def __str__(self):
            words = real.error.__str__(self)
            if words.startswith('missing )') or words.startswith('unbalanced parenthesis'):
                return 'unbalanced parenthesis'
            return words.partition(' at position')[0]

    def escape(text):
        return type(text)(''.join([c if c.isalnum() and c.isascii() else
                                   '\\000' if c == '\0' else '\\' + c for c in text]))

    def flag(value):
        return int(value)
    names = {name: flag(getattr(real, name)) for name in (
        'I', 'IGNORECASE', 'L', 'LOCALE', 'M', 'MULTILINE', 'S', 'DOTALL', 'X', 'VERBOSE', 'U',
        'UNICODE')}

    def compiled(pattern, flags=0):
        if not isinstance(pattern, str):
            return pattern
        if not flags & real.U and not isinstance(pattern, unicode):
            flags |= real.A if not flags & real.L and '(?u' not in pattern else 0
        else:
            flags |= real.A if not flags & real.U else 0
        try:
            inner = real.compile(str.__str__(pattern), (flags | 0) & ~(real.L | real.U))
        except real.error as error:
            raise Error(error.msg, error.pattern, error.pos) from None
        return Pattern(inner, pattern)

    def split(pattern, text, maxsplit=0, flags=0):
        return compiled(pattern, flags).split(text, maxsplit)

    def call(name):
        def function(pattern, *args, **kw):
            flags = kw.pop('flags', 0)
            position = {'sub': 4, 'subn': 4}.get(name, 2)
            if len(args) >= position:
                flags, args = args[position - 1], args[:position - 1]
            return getattr(compiled(pattern, flags), name)(*args, **kw)
        function.__name__ = name
        return function
    for name in ('match', 'search', 'findall', 'finditer', 'sub', 'subn'):
        names[name] = call(name)
    return shim(real, compile=compiled, escape=escape, split=split, error=Error, **names)


def make_datetime():
    real = load('datetime')

    def duration_repr(self):
        parts = [self.days, self.seconds, self.microseconds]
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
        return 'datetime.timedelta(%s)' % ', '.join([str(part) for part in parts])
    real.timedelta.__repr__ = duration_repr
    calendar = real.date.isocalendar
    real.date.isocalendar = lambda self: tuple(calendar(self))
    return real


def make_pprint():
    real = load('pprint')
    kinds = (set, frozenset)

    class PrettyPrinter(real.PrettyPrinter):
        def format(self, object, context, maxlevels, level):
            if type(object) in kinds or isinstance(object, (int, float)):
                return show(object), True, False
            return real.PrettyPrinter.format(self, object, context, maxlevels, level)

        def _format(self, object, stream, indent, allowance, context, level):
            if type(object) not in kinds:
                return real.PrettyPrinter._format(
                    self, object, stream, indent, allowance, context, level)
            start = type(object).__name__ + '(['
            stream.write(start)
            if len(show(object)) <= self._width - 1 - indent - allowance:
                stream.write(show(sorted(object))[1:-1])
            else:
                self._format_items(sorted(object), stream, indent + len(start) - 1,
                                   allowance + 2, context, level)
            stream.write('])')

    def pformat(object, indent=1, width=80, depth=None):
        return PrettyPrinter(indent=indent, width=width, depth=depth).pformat(object)

    def pprint(object, stream=None, indent=1, width=80, depth=None):
        PrettyPrinter(stream=stream, indent=indent, width=width, depth=depth).pprint(object)
    return shim(real, PrettyPrinter=PrettyPrinter, pformat=pformat, pprint=pprint)


def make_user_class(name):
    module = ModuleType(name)
    setattr(module, name, getattr(load('collections'), name))
    return module


def make_new():
    module = ModuleType('new')
    types = load('types')
    module.module, module.function, module.classobj = ModuleType, types.FunctionType, type
    module.instancemethod = lambda function, obj, kind=None: types.MethodType(function, obj)
    return module


def make_platform():
    return shim(load('platform'), python_version=lambda: '2.7.18',
                python_version_tuple=lambda: ('2', '7', '18'))


def make_types():
    real = load('types')
    return add(real, StringType=str, UnicodeType=unicode, IntType=int, ObjectType=object,
               StringTypes=(str, unicode),
               LongType=long, FloatType=float, BooleanType=bool, ListType=list, TupleType=tuple,
               DictType=dict, DictionaryType=dict, NoneType=type(None), TypeType=type,
               ComplexType=complex, SliceType=slice, XRangeType=range, EllipsisType=type(...),
               ClassType=type, InstanceType=object, FileType=load('io').IOBase,
               UnboundMethodType=real.FunctionType)


def tuple_repr(version):
    return 'version_info(major=%d, minor=%d, micro=%d, releaselevel=%r, serial=%d)' % version


class SysModule(ModuleType):
    """`sys` as programs see it: the streams are those of the interpreter's own module."""

    def __getattribute__(self, name):
        if name in ('stdout', 'stderr', 'stdin'):
            return getattr(sys, name)
        return ModuleType.__getattribute__(self, name)

    def __setattr__(self, name, value):
        if name in ('stdout', 'stderr', 'stdin'):
            setattr(sys, name, value)
        else:
            ModuleType.__setattr__(self, name, value)


SysModule.__name__ = 'module'


def make_sys():
    version = load('collections').namedtuple('version_info',
                                             'major minor micro releaselevel serial')
    version.__repr__ = lambda self: 'sys.' + tuple_repr(self)
    module = shim(sys, version_info=version(2, 7, 18, 'final', 0), hexversion=0x020712f0,
                  version='2.7.18 (default)', platform='linux2', api_version=1013, py3kwarning=False)
    module.getdefaultencoding = lambda: 'ascii'

    def exc_info():
        found = sys.exc_info()
        error = found[1]
        if error is None:
            error = last_handled()
            found = (type(error), error, error.__traceback__) if error is not None else found
        return found
    module.exc_info = exc_info
    module.__class__ = SysModule
    module.path, module.modules = search_path(), loaded
    loaded['sys'] = module
    return add(module, maxint=0x7fffffffffffffff, setdefaultencoding=lambda name: None,
               exc_clear=lambda: handled(None), exc_type=None, exc_value=None, subversion=('CPython', '', ''))


def make_time():
    return add(load('time'), clock=load('time').perf_counter)


def make_inspect():
    real = load('inspect')
    return add(real, getargspec=real.getfullargspec)


def make_string_io():
    module = ModuleType('StringIO')
    real = load('io')

    class StringIO(real.StringIO):
        """A file in memory: it gives `unicode` as soon as some of that was written."""

        def __init__(self, buffer=''):
            self.softspace = 0
            self.text = isinstance(buffer, unicode)
            real.StringIO.__init__(self, buffer, newline='\n')

        def write(self, text):
            self.text = self.text or isinstance(text, unicode)
            if not isinstance(text, str):
                text = builtin_names['__py2_str__'](text)
            real.StringIO.write(self, text)

        def writelines(self, lines):
            for line in lines:
                self.write(line)

        def getvalue(self):
            text = real.StringIO.getvalue(self)
            return unicode(text) if self.text else text

        @property
        def len(self):
            return len(real.StringIO.getvalue(self))

        buf = property(getvalue)
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
        # Commands see the variables that the program sees.
        if kw.get('env') is None:
            kw['env'] = dict(environment)
        return kw

    class Popen(real.Popen):
        def __init__(self, *args, **kw):
            real.Popen.__init__(self, *args, **given(kw))
            if not self.text_mode:
                for name in ('stdin', 'stdout', 'stderr'):
                    if getattr(self, name) is not None:
                        setattr(self, name, Pipe(getattr(self, name)))

        def communicate(self, input=None, timeout=None):
            if isinstance(input, str) and not self.text_mode:
                input = bytes_of(input)
            for name in ('stdin', 'stdout', 'stderr'):
                stream = getattr(self, name)
                setattr(self, name, getattr(stream, 'inner', stream))
            return tuple([text_of(part) if isinstance(part, bytes) else part
                          for part in real.Popen.communicate(self, input, timeout)])

    class CalledProcessError(real.CalledProcessError):
        def __str__(self):
            return "Command '%s' returned non-zero exit status %d" % (
                show(self.cmd) if not isinstance(self.cmd, str) else self.cmd, self.returncode)

    def call(*args, **kw):
        return Popen(*args, **kw).wait()

    def check_call(*args, **kw):
        code = call(*args, **kw)
        if code:
            raise CalledProcessError(code, kw.get('args', args[0] if args else None))
        return 0

    def check_output(*args, **kw):
        process = Popen(*args, stdout=real.PIPE, **kw)
        output = process.communicate()[0]
        if process.returncode:
            command = kw.get('args', args[0] if args else None)
            raise CalledProcessError(process.returncode, command, output)
        return output
    return shim(real, Popen=Popen, check_output=check_output, call=call, check_call=check_call,
                CalledProcessError=CalledProcessError)


class Pipe(object):
    """One end of a pipe to a process, with byte strings of Python 2."""

    def __init__(self, inner):
        self.inner = inner

    def write(self, text):
        self.inner.write(bytes_of(text))
        self.inner.flush()

    def __getattr__(self, name):
        return with_bytes(getattr(self.inner, name))

    def readlines(self):
        return [text_of(line) for line in self.inner.readlines()]

    def __iter__(self):
        return iter(self.readlines())

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.inner.close()


def make_urllib():
    real = load('urllib')
    parse = load('urllib.parse')

    def quoting(function):
        return lambda text, *args, **kw: function(
            bytes_of(text) if isinstance(text, str) else text, *args, **kw)
    quote = quoting(parse.quote)

    def quoted(text, safe='/'):
        return quote(text, safe).replace('~', '%7E')

    def plus(text):
        return quoted(text, ' ').replace(' ', '+').replace('/', '%2F')

    def urlencode(query, doseq=0):
        pairs = keywords(query).items() if isinstance(query, dict) else query
        made = []
        for key, value in pairs:
            several = doseq and not isinstance(value, str) and hasattr(value, '__iter__')
            for one in (value if several else [value]):
                made.append(plus(shown(key)) + '=' + plus(shown(one)))
        return '&'.join(made)

    def unquote(text):
        return text_of(parse.unquote_to_bytes(bytes_of(text)))
    add(real, quote=quoted, quote_plus=plus, unquote=unquote, urlencode=urlencode,
        unquote_plus=lambda text: unquote(text.replace('+', ' ')),
        pathname2url=quoted, url2pathname=unquote)

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


def in_order(obj):
    """What a loop over `obj` goes through."""
    return iterated(obj)


def shown(obj):
    return obj if isinstance(obj, str) else builtin_names['__py2_str__'](obj)


MAKERS = {
    'ConfigParser': make_config_parser,
    'UserList': lambda: make_user_class('UserList'),
    'UserString': lambda: make_user_class('UserString'),
    'copy': make_copy,
    'io': make_io,
    'new': make_new,
    'operator': make_operator,
    'datetime': make_datetime,
    'platform': make_platform,
    'pprint': make_pprint,
    'random': make_random,
    're': make_re,
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


def import_module(name, globals=None, locals=None, fromlist=(), level=0):
    """`__import__` for programs."""
    if level > 0:
        return own_import(name, globals, fromlist, level)
    if name == '__builtin__' or name == 'exceptions':
        return builtin_module()
    top = name.partition('.')[0]
    known = loaded.get(name if fromlist else top)
    if known is not None and not package_of(globals) and (fromlist or '.' not in name):
        return with_names(known, fromlist) if fromlist else known
    if top in given_packages:
        return package(name)
    module = own_import(name, globals, fromlist, 0)
    if module is not None:
        return module
    module = made.get(name)
    if module is None or not (fromlist or '.' not in name):
        module = find(name) or imported(name, top, fromlist)
    loaded.setdefault(name if fromlist else top, module)
    return module


def imported(name, top, fromlist):
    """A module of the standard library."""
    if top in NEWER or top in ABSENT:
        raise missing(name)
    try:
        result = native_import(name, None, None, fromlist, 0)
    except ModuleNotFoundError as error:
        if error.name is None:
            raise
        if not (name + '.').startswith(error.name + '.'):
            # What a module of the library needs is not there.
            raise missing(top) from None
        # When the package is there, only the missing part is named.
        raise missing(name if error.name == top else name.rpartition('.')[2],
                      None if error.name == top else ()) from None
    # `import os.path` gives `os`, which has names to be added.
    if not fromlist and '.' in name:
        module = find(top)
        if module is not None:
            part = name.split('.')[1]
            if not hasattr(module, part) and hasattr(result, part):
                setattr(module, part, getattr(result, part))
            return module
    return result


def package(name):
    """A package of the host: one module serves all of them."""
    module = given_package()
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
