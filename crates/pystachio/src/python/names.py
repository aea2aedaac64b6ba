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


class _RefMeta(type):
    def __instancecheck__(cls, obj):
        return _is_reference(obj)


class Ref(metaclass=_RefMeta):
    InvalidRefError = InvalidRefError
    from_address = staticmethod(_reference)

    def __new__(cls, address):
        return _reference(address)

    class Component(object):
        """One step of an address."""

        def __init__(self, value):
            self.value = value

        def __eq__(self, other):
            return type(self) is type(other) and self.value == other.value

        def __ne__(self, other):
            return not self == other

        def __hash__(self):
            return hash(self.value)

        def __repr__(self):
            return '%s(%s)' % (type(self).__name__, self.value)

    class Dereference(Component):
        pass

    class Index(Component):
        pass


def _components(self):
    return [Ref.Index(text) if is_index else Ref.Dereference(text)
            for is_index, text in _steps(self)]


def _scoped_to(self, other):
    return _below(self, other)


class _EnvironmentMeta(type):
    def __instancecheck__(cls, obj):
        return _is_environment(obj)


class Environment(metaclass=_EnvironmentMeta):
    def __new__(cls, *args, **keywords):
        return _environment(*args, **keywords)


class MustacheParser(object):
    Uninterpolatable = Uninterpolatable
    MAX_ITERATIONS = 100

    @classmethod
    def split(cls, string, keep_aliases=False):
        return [part if not isinstance(part, tuple) else
                ('{{&%s}}' if keep_aliases else '{{%s}}') % part for part in _split(string)]

    @classmethod
    def join(cls, splits, *namables):
        parts, unbound = [], []
        for part in splits:
            if _is_reference(part):
                for namable in namables:
                    try:
                        part = namable.find(part)
                        break
                    except Namable.Error:
                        continue
                else:
                    unbound.append(part)
            parts.append(unicode(part))
        return unicode(''.join(parts)), unbound

    @classmethod
    def resolve(cls, stream, *namables):
        for _ in range(cls.MAX_ITERATIONS):
            splits = cls.split(stream, True)
            stream, unbound = cls.join(splits, *namables)
            if len([part for part in splits if _is_reference(part)]) == len(unbound):
                return cls.join(cls.split(stream), *namables)
        raise Uninterpolatable('Unable to interpolate %s!  Maximum replacements (%d) reached.'
                               % (stream, cls.MAX_ITERATIONS))


class _TypeMeta(type):
    def __instancecheck__(cls, obj):
        return _is_type(obj) or _is_object(obj)

    def __subclasscheck__(cls, other):
        return _is_type(other) or other is cls


class Type(metaclass=_TypeMeta):
    """What all types are."""


class _SimpleMeta(type):
    def __instancecheck__(cls, obj):
        return _is_object(obj) and obj.__class__.type_factory() in _SIMPLE

    def __subclasscheck__(cls, other):
        return other is cls or _is_type(other) and other.type_factory() in _SIMPLE


_SIMPLE = ('String', 'Integer', 'Float', 'Boolean', 'Enum')


class SimpleObject(metaclass=_SimpleMeta):
    """What texts, numbers and truth values are."""


class _CheckMeta(type):
    def __instancecheck__(cls, obj):
        return _is_check(obj)


class TypeCheck(metaclass=_CheckMeta):
    def __new__(cls, success, message=''):
        return _check(success, message)

    @staticmethod
    def success():
        return _check(True, '')

    @staticmethod
    def failure(message):
        return _check(False, message)


class TypeFactory(object):
    class Error(Exception):
        """A description that is not one of a type."""

    @staticmethod
    def new(types, factory, *parts):
        """The type that `serialize_type` described; `types` has those with names."""
        basic = {'String': String, 'Integer': Integer, 'Float': Float, 'Boolean': Boolean}
        if factory in basic:
            return basic[factory]
        if factory == 'Enum':
            return types.setdefault(parts[0], Enum(str(parts[0]), tuple(parts[1])))
        if factory == 'List':
            return List(TypeFactory.new(types, *parts[0]))
        if factory == 'Map':
            return Map(*[TypeFactory.new(types, *part) for part in parts])
        if factory != 'Struct':
            raise TypeFactory.Error('Unknown type: %s' % factory)
        if parts[0] in types:
            return types[parts[0]]
        fields = {}
        for name, (required, default, empty, described) in parts[1:]:
            field = TypeFactory.new(types, *described)
            if required:
                field = Required(field)
            elif not empty:
                field = Default(field, default)
            fields[str(name)] = field
        types[parts[0]] = _declare(str(parts[0]), (Struct,), fields)
        return types[parts[0]]

    @staticmethod
    def load_dict(described, into=None):
        into = {} if into is None else into
        TypeFactory.new(into, *described)
        return into

    @staticmethod
    def load_json(text, into=None):
        import json
        return TypeFactory.load_dict(json.loads(text), into)

    @staticmethod
    def load_file(file, into=None):
        import json
        return TypeFactory.load_dict(json.load(file), into)


def _dump(described, file):
    import json
    json.dump(described, file)
