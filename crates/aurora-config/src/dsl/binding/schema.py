# The names of the object model that are easiest said in Python. It runs in a table of names that
# already holds the types, the ready-made objects and the functions of the binding; what it defines
# without a leading underscore is what configuration files see.


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
    """Text that is no reference."""


class NamableError(Exception):
    """A reference that leads nowhere."""


class _KindMeta(type):
    def __instancecheck__(cls, obj):
        return _kind(obj) in cls._kinds


class Object(metaclass=_KindMeta):
    _kinds = ('Struct', 'List', 'Map', 'Simple')
    CoercionError = CoercionError
    InterpolationError = Exception


class _StructMeta(_KindMeta):
    def __new__(mcs, name, bases, body, **keywords):
        if not bases:
            return type.__new__(mcs, name, bases, body)
        return _declare(name, body)


class Struct(metaclass=_StructMeta):
    """`class X(Struct)` declares a type."""
    _kinds = ('Struct',)


class Ref(object):
    InvalidRefError = InvalidRefError
    from_address = staticmethod(_reference)

    def __new__(cls, address):
        return _reference(address)


class Namable(object):
    Error = NotFound = Unnamable = NamableError


class MustacheParser(object):
    Uninterpolatable = Uninterpolatable


class Tasks(object):
    SIMPLE_CPU = 1.0
    SIMPLE_RAM = GB
    SIMPLE_DISK = GB
    simple = staticmethod(_simple)
    combine = staticmethod(_combine)
    concat = staticmethod(_concat)
    sequential = staticmethod(_sequential)


class Processes(object):
    order = staticmethod(_order)


class Options(object):
    java = staticmethod(_java_options)
    python = staticmethod(_python_options)
    render_option = staticmethod(_render_option)
    render_options = staticmethod(_render_options)


class Units(object):
    resources_sum = staticmethod(_resources_sum)
    resources_max = staticmethod(_resources_max)
    finalization_wait_sum = staticmethod(_finalization_wait_sum)
    finalization_wait_max = staticmethod(_finalization_wait_max)
    processes_merge = staticmethod(_processes_merge)
    constraints_merge = staticmethod(_constraints_merge)
    safe_get = staticmethod(_safe_get)


order = _order
java_options = _java_options
python_options = _python_options
combine_tasks = _combine
concat_tasks = _concat
SequentialTask = _sequential_task


def SimpleTask(name, command):
    return _simple(name, command)
