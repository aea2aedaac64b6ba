# What programs seldom ask of the object model. It runs in the table of names of names.py, when one
# of these is asked for.


class _Component(object):
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
        return '%s(%s)' % (type(self).__name__.lstrip('_'), self.value)


class _Dereference(_Component):
    pass


class _Index(_Component):
    pass


Ref.Component, Ref.Dereference, Ref.Index = _Component, _Dereference, _Index


def _split_text(cls, string, keep_aliases=False):
    return [part if not isinstance(part, tuple) else
            ('{{&%s}}' if keep_aliases else '{{%s}}') % part for part in _split(string)]


def _join(cls, splits, *namables):
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


def _resolve(cls, stream, *namables):
    for _ in range(cls.MAX_ITERATIONS):
        splits = cls.split(stream, True)
        stream, unbound = cls.join(splits, *namables)
        if len([part for part in splits if _is_reference(part)]) == len(unbound):
            return cls.join(cls.split(stream), *namables)
    raise Uninterpolatable('Unable to interpolate %s!  Maximum replacements (%d) reached.'
                           % (stream, cls.MAX_ITERATIONS))


MustacheParser.split = classmethod(_split_text)
MustacheParser.join = classmethod(_join)
MustacheParser.resolve = classmethod(_resolve)


class _Error(Exception):
    """A description that is not one of a type."""


TypeFactory.Error = _Error


def _new(types, factory, *parts):
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


def _load_dict(described, into=None):
    into = {} if into is None else into
    TypeFactory.new(into, *described)
    return into


def _load_json(text, into=None):
    import json
    return TypeFactory.load_dict(json.loads(text), into)


def _load_file(file, into=None):
    import json
    return TypeFactory.load_dict(json.load(file), into)


TypeFactory.new, TypeFactory.load_dict = staticmethod(_new), staticmethod(_load_dict)
TypeFactory.load_json, TypeFactory.load_file = staticmethod(_load_json), staticmethod(_load_file)


def _dump(described, file):
    import json
    json.dump(described, file)
