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


class Ref(object):
    InvalidRefError = InvalidRefError
    from_address = staticmethod(_reference)

    def __new__(cls, address):
        return _reference(address)


class MustacheParser(object):
    Uninterpolatable = Uninterpolatable
