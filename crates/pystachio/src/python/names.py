# The names of the object model that are easiest said in Python. It runs in a table of names that
# already holds the types, the ready-made objects and the functions; what it defines
# without a leading underscore is what programs see.


class Empty(object):
    """The mark for a field without a value."""


class frozendict(dict):
    """A dictionary from `get()`: it can be hashed."""

    def __hash__(self):
        return hash(tuple([(key, self[key]) for key in sorted(self)]))

    def __repr__(self):
        return 'frozendict(%s)' % dict.__repr__(self)


class CoercionError(ValueError):
    """A value that cannot become one of the type."""


class Uninterpolatable(Exception):
    """Text whose references lead in a circle."""


class InvalidRefError(Exception):
    """Text that is not a reference."""


class InterpolationError(Exception):
    """A value that cannot be interpolated."""


class Namable(object):
    class Error(Exception):
        """A reference that leads nowhere."""

    class NotFound(Error):
        """A reference to something that is not there."""

    class NamingError(Error):
        """A reference with a step that its object does not take."""

    class Unnamable(Error):
        """A reference into a single value."""


_NotFound = Namable.NotFound
_NamingError = Namable.NamingError
_Unnamable = Namable.Unnamable


class _ObjectMeta(type):
    def __instancecheck__(cls, obj):
        return _is_object(obj)

    def __subclasscheck__(cls, other):
        return _is_type(other) or type.__subclasscheck__(cls, other)


class Object(metaclass=_ObjectMeta):
    CoercionError = CoercionError
    InterpolationError = InterpolationError


class _StructMeta(type):
    def __new__(mcs, name, bases, body, **keywords):
        if not bases:
            return type.__new__(mcs, name, bases, body)
        return _declare(name, bases, body)

    def __subclasscheck__(cls, other):
        return other is cls


class Struct(metaclass=_StructMeta):
    """`class X(Struct)` declares a type."""


class _Kind(type):
    """The class of classes that only tell what is one of them, and of those with more in face.py."""
    _is = _takes = staticmethod(lambda obj: False)

    def __instancecheck__(cls, obj):
        return cls._is(obj)

    def __subclasscheck__(cls, other):
        return other is cls or _is_type(other) and cls._takes(other)

    def __getattr__(cls, name):
        if name in _LATER:
            _load_more()
            return type.__getattribute__(cls, name)
        raise AttributeError("type object '%s' has no attribute '%s'" % (cls.__name__, name))


_LATER = ('Component', 'Dereference', 'Error', 'Index', 'join', 'load_dict', 'load_file', 'load_json',
          'new', 'resolve', 'split')


class Ref(metaclass=_Kind):
    InvalidRefError = InvalidRefError
    from_address = staticmethod(_reference)
    _is = staticmethod(_is_reference)

    def __new__(cls, address):
        return _reference(address)


def _components(self):
    return [Ref.Index(text) if is_index else Ref.Dereference(text)
            for is_index, text in _steps(self)]


def _scoped_to(self, other):
    return _below(self, other)


class Environment(metaclass=_Kind):
    _is = staticmethod(_is_environment)

    def __new__(cls, *args, **keywords):
        return _environment(*args, **keywords)


class MustacheParser(metaclass=_Kind):
    Uninterpolatable = Uninterpolatable
    MAX_ITERATIONS = 100


class Type(metaclass=_Kind):
    """What all types are."""
    _is = staticmethod(lambda obj: _is_type(obj) or _is_object(obj))
    _takes = staticmethod(lambda other: True)


class SimpleObject(metaclass=_Kind):
    """What texts, numbers and truth values are."""
    _takes = staticmethod(lambda other: other.type_factory() in _SIMPLE)
    _is = staticmethod(lambda obj: _is_object(obj) and obj.__class__.type_factory() in _SIMPLE)


_SIMPLE = ('String', 'Integer', 'Float', 'Boolean', 'Enum')


class TypeCheck(metaclass=_Kind):
    _is = staticmethod(_is_check)
    success = staticmethod(lambda: _check(True, ''))
    failure = staticmethod(lambda message: _check(False, message))

    def __new__(cls, success, message=''):
        return _check(success, message)


class TypeFactory(metaclass=_Kind):
    """Types from their descriptions."""
