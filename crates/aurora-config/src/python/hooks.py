# What hooks are given: the objects of the released client, as far as hooks look at them.


class Record(object):
    """A structure of the API: what is not set reads as None."""

    def __init__(self, text, fields):
        self.__dict__.update(fields)
        self._text = text

    def __getattr__(self, name):
        if name.startswith('_'):
            raise AttributeError(name)
        return None

    def __str__(self):
        return self._text

    __repr__ = __str__


def record(class_name, text, names, values):
    return type(class_name, (Record,), {})(text, zip(names, values))


class AuroraJobKey(object):
    def __init__(self, cluster, role, env, name):
        self.cluster, self.role, self.env, self.name = cluster, role, env, name

    @property
    def environment(self):
        return self.env

    def to_path(self):
        return '/'.join((self.cluster, self.role, self.env, self.name))

    def __str__(self):
        return self.to_path()

    def __repr__(self):
        return '%s(cluster=%r, role=%r, env=%r, name=%r)' % (
            type(self).__name__, self.cluster, self.role, self.env, self.name)

    def __eq__(self, other):
        return isinstance(other, AuroraJobKey) and self.to_path() == other.to_path()

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(self.to_path())


class AuroraConfig(object):
    """The configuration of one job."""

    def __init__(self, key, raw, job, dedicated, ports, hooks):
        self._key, self._raw, self._job = key, raw, job
        self._dedicated, self._ports = dedicated, ports
        self.hooks = hooks

    def job_key(self):
        return self._key

    def cluster(self):
        return self._key.cluster

    def role(self):
        return self._key.role

    def environment(self):
        return self._key.env

    def name(self):
        return self._key.name

    def raw(self):
        return self._raw

    def job(self):
        return self._job

    def instances(self):
        return self._raw.instances().get()

    def update_config(self):
        return self._raw.update_config()

    def is_dedicated(self):
        return self._dedicated

    def ports(self):
        return set(self._ports)

    def has_health_port(self):
        return 'health' in self._ports


class HookConfig(object):
    def __init__(self, config, job_key):
        self.config, self.job_key = config, job_key


# Other names of the documentation for what the release hands over.
ALSO = {'shards': 'instances', 'instances': 'shards'}


def fitting(method, leading, positional, keywords):
    """The arguments that a method takes by name, then by position for its other parameters."""
    as_released = leading + [value for _, value in positional], dict(keywords)
    code = getattr(getattr(method, '__func__', method), '__code__', None)
    # Nothing is known of it, or it takes whatever there is.
    if code is None or code.co_flags & 0x08:
        return as_released
    parameters = list(code.co_varnames[:code.co_argcount])
    if hasattr(method, '__self__'):
        parameters = parameters[1:]
    if code.co_flags & 0x04:
        named = [(name, value) for name, value in keywords if name in parameters]
        return as_released[0], dict(named)
    given = dict(zip(parameters, leading))
    known = dict(positional + keywords)
    left = [name for name, _ in positional]
    open_parameters = []
    for parameter in parameters[len(leading):]:
        name = parameter if parameter in known else ALSO.get(parameter)
        if name in known:
            given[parameter] = known[name]
            if name in left:
                left.remove(name)
        else:
            open_parameters.append(parameter)
    given.update((parameter, known[name]) for parameter, name in zip(open_parameters, left))
    return [], given


def method_of(hook, event, name):
    """The name of the method that answers, if there is one."""
    for method in ('%s_%s' % (event, name), 'generic_hook'):
        if getattr(hook, method, None) is not None:
            return method


def run(hook, event, name, result, positional, keywords, hook_config, documented):
    """Runs the method of an event, else the generic one; gives whether the answer is yes."""
    method = getattr(hook, '%s_%s' % (event, name), None)
    if method is not None:
        leading = [] if event == 'pre' else [result]
        if documented:
            args, kw = fitting(method, leading, positional, keywords)
        else:
            args, kw = leading + [value for _, value in positional], dict(keywords)
        return bool(method(*args, **kw))
    generic = getattr(hook, 'generic_hook', None)
    if generic is None:
        return True
    args = tuple([value for _, value in positional])
    return bool(generic(hook_config, event, name, result, args, dict(keywords)))
