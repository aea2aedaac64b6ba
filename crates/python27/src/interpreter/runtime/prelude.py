# The part of Python 2.7's built-in names that is easiest said in Python. It runs in the table of
# built-in names itself, so what it defines is what programs see. One file, as it is run as
# one at every start.

__py3_open__ = open
__py3_int__ = int


class unicode(str):
    """Text from a u'' literal: a str that knows how Python 2 would show it."""

    def __new__(cls, object='', encoding=None, errors='strict'):
        if encoding is not None:
            return __py2_decode__(object, encoding, errors)
        if isinstance(object, basestring):
            if not object.isascii() and type(object) is str and __py2_is_bytes__(object):
                # Bytes outside ASCII do not become text by themselves.
                object.encode('ascii', 'surrogateescape').decode('ascii')
        else:
            method = getattr(type(object), '__unicode__', None)
            object = method(object) if method is not None else __py2_str__(object)
        return str.__new__(cls, object)

    def __repr__(self):
        return __py2_repr__(self)

    def __str__(self):
        return str.__str__(self)

    def __reduce__(self):
        return (unicode, (str.__str__(self),))

    def __radd__(self, other):
        return unicode(other + str.__str__(self))

    def __mul__(self, count):
        return unicode(str.__str__(self) * count)

    __rmul__ = __mul__

    def split(self, *args, **kw):
        return [unicode(part) for part in str.split(self, *args, **kw)]

    def rsplit(self, *args, **kw):
        return [unicode(part) for part in str.rsplit(self, *args, **kw)]

    def splitlines(self, *args, **kw):
        return [unicode(part) for part in str.splitlines(self, *args, **kw)]

    def partition(self, sep):
        return tuple([unicode(part) for part in str.partition(self, sep)])

    def rpartition(self, sep):
        return tuple([unicode(part) for part in str.rpartition(self, sep)])

    def __iter__(self):
        for character in str.__iter__(self):
            yield unicode(character)


def __py2_wrap_methods__(cls, base, names):
    def wrap(name):
        method = getattr(base, name)

        def wrapper(self, *args, **kw):
            result = method(self, *args, **kw)
            return cls(result) if isinstance(result, base) else result
        wrapper.__name__ = name
        return wrapper
    for name in names:
        setattr(cls, name, wrap(name))


__py2_wrap_methods__(unicode, str, (
    '__add__', '__getitem__', 'capitalize', 'center', 'expandtabs', 'ljust',
    'lower', 'lstrip', 'replace', 'rjust', 'rstrip', 'strip', 'swapcase', 'title', 'translate',
    'upper', 'zfill'))


class long(int):
    """A whole number with an L at its end."""

    __slots__ = ()

    def __new__(cls, *args, **kw):
        if args and isinstance(args[0], basestring):
            args = (args[0].rstrip().rstrip('lL'),) + args[1:]
        return int.__new__(cls, *args, **kw)

    def __repr__(self):
        return '%dL' % self

    def __str__(self):
        return '%d' % self


__py2_long__ = long


class IOError(OSError):
    """What goes wrong with files."""

    __module__ = 'exceptions'


class __py2_environment__(type):
    def __instancecheck__(cls, obj):
        return isinstance(obj, OSError) if cls is EnvironmentError else type.__instancecheck__(cls, obj)

    def __subclasscheck__(cls, other):
        return issubclass(other, OSError) if cls is EnvironmentError else type.__subclasscheck__(cls, other)


class EnvironmentError(OSError, metaclass=__py2_environment__):
    """What `IOError` and `OSError` are; `except` and `isinstance` know."""

    __module__ = 'exceptions'


def __py2_float_str__(self):
    return __py2_str__(self)


class basestring(str):
    """What both kinds of text are; `isinstance` knows."""


class __py2_view__(object):
    """What `viewkeys` and the like give: it follows its dictionary, and is like a set."""

    def __init__(self, mapping, part):
        self.mapping = mapping
        self.part = part

    def elements(self):
        return __py2_attribute__(self.mapping, self.part)()

    def combined(self, method, other):
        made = set(self.elements())
        __py2_attribute__(made, method)(other)
        return made

    def __iter__(self):
        return iter(self.elements())

    def __len__(self):
        return len(self.mapping)

    def __contains__(self, element):
        return element in (self.mapping if self.part == 'keys' else self.elements())

    def __and__(self, other):
        return self.combined('intersection_update', other)

    def __or__(self, other):
        return self.combined('update', other)

    def __sub__(self, other):
        return self.combined('difference_update', other)

    def __xor__(self, other):
        return self.combined('symmetric_difference_update', other)

    def __eq__(self, other):
        return set(self.elements()) == set(other)

    __hash__ = None

    def __repr__(self):
        return 'dict_%s(%s)' % (self.part, __py2_repr__(self.elements()))


bytes = str
StandardError = Exception
xrange = range

raw_input = input


def __py2_bytes__(text):
    return text


def __py2_update_attribute__(operator, obj, name, value):
    """`obj.name op= value`."""
    setattr(obj, name, operator(getattr(obj, name), value))


def __py2_update_item__(operator, obj, key, value):
    """`obj[key] op= value`."""
    obj[key] = operator(obj[key], value)


def __py2_translate__(text, table=None, deletions=''):
    if deletions:
        text = type(text)(''.join([character for character in text if character not in deletions]))
    if table is None:
        return text
    if isinstance(table, basestring):
        if isinstance(text, unicode) and not isinstance(table, unicode):
            raise TypeError('character mapping must return integer, None or unicode')
        return type(text)('').join([table[ord(character)] for character in text])
    return type(text)(str.translate(text, table))


__py3_chr__ = chr


def chr(number, __py3_chr=chr):
    if 0x80 <= number <= 0xff:
        return __py3_chr(0xdc00 + number)
    if not 0 <= number <= 0xff:
        raise ValueError('chr() arg not in range(256)')
    return __py3_chr(number)


def unichr(number, __py3_chr=__py3_chr__):
    return unicode(__py3_chr(number))


def ord(character, __py3_ord=ord):
    number = __py3_ord(character)
    return number - 0xdc00 if 0xdc80 <= number <= 0xdcff else number


def __py2_is_bytes__(text):
    """Whether a string holds bytes rather than characters."""
    try:
        text.encode('ascii', 'surrogateescape')
    except UnicodeEncodeError:
        return False
    return True


def __py2_bytes_of__(text):
    """The bytes that a plain string of Python 2 holds."""
    if not isinstance(text, basestring):
        return text
    try:
        return text.encode('ascii', 'surrogateescape')
    except UnicodeEncodeError:
        return text.encode('utf-8', 'surrogateescape')


def __py2_text_of__(data):
    """Bytes as a plain string of Python 2."""
    return data.decode('ascii', 'surrogateescape')


__py2_byte_codecs__ = {
    'zlib': 'zlib', 'zlib-codec': 'zlib', 'zip': 'zlib', 'bz2': 'bz2', 'bz2-codec': 'bz2',
    'quopri': 'quopri', 'quopri-codec': 'quopri', 'uu': 'uu', 'uu-codec': 'uu'}


def __py2_encode__(text, encoding='ascii', errors='strict'):
    name = encoding.lower().replace('_', '-')
    if not isinstance(text, basestring):
        return text.encode(encoding, errors)
    if name in ('hex', 'hex-codec'):
        return __py2_bytes_of__(text).hex()
    if name in ('base64', 'base64-codec'):
        from binascii import b2a_base64
        return __py2_text_of__(b2a_base64(__py2_bytes_of__(text))) if text else ''
    if name in __py2_byte_codecs__:
        import codecs
        return __py2_text_of__(codecs.encode(__py2_bytes_of__(text), __py2_byte_codecs__[name]))
    if name in ('string-escape', 'unicode-escape'):
        return __py2_repr__(text if name[0] == 's' else unicode(text)).lstrip('u')[1:-1]
    if name in ('rot13', 'rot-13'):
        import codecs
        return codecs.encode(text, 'rot13')
    if not text.isascii():
        # A byte string is decoded first, which fails on what is not ASCII.
        data = None
        try:
            data = text.encode('ascii', 'surrogateescape')
        except UnicodeEncodeError:
            pass
        if data is not None:
            data.decode('ascii')
    return __py2_text_of__(text.encode(encoding, errors))


def __py2_decode__(text, encoding='ascii', errors='strict'):
    name = encoding.lower().replace('_', '-')
    if isinstance(text, unicode):
        text = text.encode('ascii')
    data = text.encode('ascii', 'surrogateescape') if isinstance(text, basestring) else text
    if name in ('hex', 'hex-codec'):
        from binascii import unhexlify
        return __py2_text_of__(unhexlify(data))
    if name in ('base64', 'base64-codec'):
        from binascii import a2b_base64
        return __py2_text_of__(a2b_base64(data))
    if name in __py2_byte_codecs__:
        import codecs
        return __py2_text_of__(codecs.decode(data, __py2_byte_codecs__[name]))
    if name in ('rot13', 'rot-13'):
        import codecs
        return unicode(codecs.decode(text, 'rot13'))
    if name == 'string-escape':
        name = encoding = 'unicode-escape'
    return unicode(data.decode(encoding, errors))


def map(function, *sequences):
    sequences = [list(__py2_iter__(sequence)) for sequence in sequences]
    if len(sequences) == 1:
        if function is None:
            return sequences[0]
        return [function(item) for item in sequences[0]]
    # The shorter ones are filled up with None.
    longest = max([len(sequence) for sequence in sequences])
    rows = []
    for index in range(longest):
        row = tuple([sequence[index] if index < len(sequence) else None for sequence in sequences])
        rows.append(row if function is None else function(*row))
    return rows


def filter(function, sequence):
    kept = [item for item in __py2_iter__(sequence)
            if (item if function is None else function(item))]
    if isinstance(sequence, basestring):
        return type(sequence)(''.join(kept))
    if isinstance(sequence, tuple):
        return tuple(kept)
    return kept


def zip(*sequences, __py3_zip=zip):
    return list(__py3_zip(*[__py2_iter__(sequence) for sequence in sequences]))


def range(*args, __py3_range=range):
    for index, arg in enumerate(args):
        if isinstance(arg, (float, str)):
            place = 'end' if len(args) == 1 else ('start', 'end', 'step')[min(index, 2)]
            raise TypeError('range() integer %s argument expected, got %s.'
                            % (place, type(arg).__name__))
    return list(__py3_range(*args))


def iter(sequence, *args, __py3_iter=iter):
    return __py3_iter(sequence if args else __py2_iter__(sequence), *args)


def sum(sequence, start=0, __py3_sum=sum):
    return __py3_sum(__py2_iter__(sequence), start)


def reduce(function, sequence, *initial):
    items = iter(sequence)
    if initial:
        value = initial[0]
    else:
        try:
            value = next(items)
        except StopIteration:
            raise TypeError('reduce() of empty sequence with no initial value') from None
    for item in items:
        value = function(value, item)
    return value


def round(number, ndigits=0):
    """Half goes away from zero, and a float comes out."""
    from math import copysign, floor, isfinite
    if not isfinite(number):
        return float(number)
    if ndigits > 0:
        numerator, denominator = abs(float(number)).as_integer_ratio()
        whole, rest = divmod(numerator * 10 ** ndigits, denominator)
        whole += 2 * rest >= denominator
        return copysign(float('%de-%d' % (whole, ndigits)), number)
    scale = 10.0 ** -ndigits
    return copysign(floor(abs(number) / scale + 0.5) * scale, number)


def apply(function, args=(), kwargs={}):
    return function(*args, **kwargs)


def intern(text):
    return text


def coerce(a, b):
    if isinstance(a, complex) or isinstance(b, complex):
        return complex(a), complex(b)
    if isinstance(a, float) or isinstance(b, float):
        return float(a), float(b)
    if isinstance(a, long) or isinstance(b, long):
        return long(a), long(b)
    return a, b


def buffer(data, offset=0, size=-1):
    return data[offset:] if size < 0 else data[offset:offset + size]


def __py2_l__(number):
    """What a long integer has at its end."""
    return 'L' if isinstance(number, long) else ''


def oct(number, __py3_oct=oct):
    method = getattr(type(number), '__oct__', None)
    if method is not None:
        return method(number)
    text = __py3_oct(number).replace('0o', '0')
    return ('0' if text in ('00', '0') else text) + __py2_l__(number)


def hex(number, __py3_hex=hex):
    method = getattr(type(number), '__hex__', None)
    if method is not None:
        return method(number)
    return __py3_hex(number) + __py2_l__(number)


def divmod(a, b, __py3_divmod=divmod):
    if b == 0 and (isinstance(b, int) or isinstance(b, long)):
        a // b
    return __py3_divmod(a, b)


def __py2_exec__(code, names, variables, found):
    """`exec code` in a function: what it sets is kept in `found`."""
    scope = dict(variables)
    scope.update(found)
    scope.pop('__py2_names__', None)
    exec(code, names, scope)
    for name, value in scope.items():
        if name not in variables or value is not variables[name]:
            found[name] = value


def __py2_star__(found, module, level, names):
    """`from module import *` in a function."""
    module = __import__(module, names, None, ('*',), level)
    public = getattr(module, '__all__', None)
    if public is None:
        public = [name for name in vars(module) if not name.startswith('_')]
    for name in public:
        found[name] = getattr(module, name)


def __py2_named__(found, name, otherwise):
    """A name that may be known at run time only."""
    return found[name] if name in found else otherwise()


def __py2_has__(found, name):
    return name in found


def __py2_take__(found, name):
    return found.pop(name)


def exit(code=None):
    raise SystemExit(code)


quit = exit


def __py2_raise__(kind, value=None, traceback=None):
    """The exception for `raise kind, value, traceback`."""
    if isinstance(kind, type):
        if value is None:
            error = kind()
        elif isinstance(value, kind):
            error = value
        elif isinstance(value, tuple):
            error = kind(*value)
        else:
            error = kind(value)
    else:
        error = kind
    if not isinstance(error, BaseException):
        raise TypeError('exceptions must be old-style classes or derived from BaseException, not '
                        + type(error).__name__)
    if traceback is not None:
        error = error.with_traceback(traceback)
    return error


def open(name, mode='r', buffering=-1, **kw):
    """Files hold bytes, which a plain string of Python 2 is."""
    if isinstance(name, basestring):
        __py2_note_file__(name)
    if not kw:
        plain = mode.replace('b', '')
        if 'U' in mode:
            mode = plain.replace('U', '') or 'r'
            kw = {'encoding': 'utf-8', 'errors': 'surrogateescape'}
        else:
            mode = plain
            kw = {'encoding': 'ascii', 'errors': 'surrogateescape', 'newline': '\n'}
        buffering = -1
    try:
        return __py3_open__(name, mode, buffering, **kw)
    except OSError as error:
        raise __py2_io_error__(error) from None


class __py2_file_type__(type):
    def __instancecheck__(cls, obj):
        return type(obj).__module__ in ('io', '_io') and hasattr(obj, 'fileno')

    def __repr__(cls):
        return "<type 'file'>"


class file(object, metaclass=__py2_file_type__):
    """The type of files, which also opens them."""

    def __new__(cls, name, mode='r', buffering=-1):
        return open(name, mode, buffering)


def __py2_write__(file, text):
    if file is None:
        import sys
        file = sys.stdout
    file.write(text)


class __py2_printer__:
    """`print a, b`: each item is written as soon as it is evaluated."""

    __slots__ = ('out',)

    def __init__(self, file):
        if file is None:
            import sys
            file = sys.stdout
        self.out = file

    def __call__(self, item):
        out = self.out
        text = __py2_str__(item)
        if getattr(out, 'softspace', 0):
            out.write(' ')
        out.write(text)
        self.mark(not (text and text[-1].isspace() and text[-1] != ' '))
        return self

    def end(self):
        self.out.write('\n')
        self.mark(0)

    def mark(self, soft):
        try:
            self.out.softspace = soft
        except (AttributeError, TypeError):
            pass


def print(*items, sep=' ', end='\n', file=None, flush=False):
    """print() after `from __future__ import print_function`."""
    text = (' ' if sep is None else sep).join([__py2_str__(item) for item in items])
    __py2_write__(file, text + ('\n' if end is None else end))


def __py2_compare_methods__(cls):
    def method(test):
        def compared(self, other):
            result = self.__cmp__(other)
            return result if result is NotImplemented else test(result)
        return compared
    for name, test in (('__lt__', lambda r: r < 0), ('__le__', lambda r: r <= 0),
                       ('__gt__', lambda r: r > 0), ('__ge__', lambda r: r >= 0),
                       ('__eq__', lambda r: r == 0), ('__ne__', lambda r: r != 0)):
        if name not in cls.__dict__:
            setattr(cls, name, method(test))


__py2_renamed_methods__ = (
    ('next', '__next__'), ('__nonzero__', '__bool__'), ('__div__', '__truediv__'),
    ('__rdiv__', '__rtruediv__'), ('__idiv__', '__itruediv__'), ('__long__', '__int__'))


def __py2_slice_method__(cls, old, new):
    """Makes `obj[a:b]` call the method that Python 2 has for it."""
    slicing = cls.__dict__[old]
    inherited = getattr(cls, new, None)

    def bound(self, end, default):
        if end is None:
            return default
        return max(end + len(self), 0) if end < 0 else end

    def method(self, key, *value):
        if type(key) is slice and key.step is None:
            start, stop = bound(self, key.start, 0), bound(self, key.stop, 0x7fffffffffffffff)
            return slicing(self, start, stop, *value)
        if inherited is None:
            raise TypeError('sequence index must be integer')
        return inherited(self, key, *value)
    setattr(cls, new, method)


def __py2_class__(cls):
    """Gives a class under their new names the methods that Python 2 calls by old ones."""
    if not isinstance(cls, type):
        return cls
    own = cls.__dict__
    for old, new in __py2_renamed_methods__:
        if old in own and new not in own:
            setattr(cls, new, own[old])
    for kind in ('get', 'set', 'del'):
        if '__%sslice__' % kind in own:
            __py2_slice_method__(cls, '__%sslice__' % kind, '__%sitem__' % kind)
    compares = '__eq__' in own
    if '__cmp__' in own:
        __py2_compare_methods__(cls)
        compares = True
    # Defining equality does not take the hash away.
    if compares and own.get('__hash__') is None:
        for base in cls.__mro__[1:]:
            inherited = base.__dict__.get('__hash__')
            if inherited is not None:
                cls.__hash__ = inherited
                break
    return cls
