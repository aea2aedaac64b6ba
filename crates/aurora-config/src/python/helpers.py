# The helper functions of configuration files. It runs in a table of names that already holds the
# types and functions of the object model and of the schema; what it defines without a leading
# underscore is what configuration files see.


def SimpleTask(name, command):
    return _simple(name, command)


class Tasks(object):
    SIMPLE_CPU = 1.0
    SIMPLE_RAM = GB
    SIMPLE_DISK = GB
    simple = staticmethod(SimpleTask)
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
