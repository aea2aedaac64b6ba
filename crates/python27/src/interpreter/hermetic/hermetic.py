# What hermetic programs see of the clock, of chance, of standard input and of the machine.
# This file runs once, before anything of a program.

import sys
import _random


class Finder:
    """The first to be asked for a module: refuses those that are of no use."""
    find_spec = staticmethod(find_spec)


sys.meta_path.insert(0, Finder)

# Where the interpreter lies says nothing about results.
for name in ('executable', '_base_executable', 'prefix', 'base_prefix', 'exec_prefix',
             'base_exec_prefix'):
    setattr(sys, name, '')
sys.path[:] = []
sys.orig_argv = list(sys.argv)
sys._stdlib_dir = None


class Stdin:
    def __getattr__(self, name):
        refuse('sys.stdin')

    def __iter__(self):
        refuse('sys.stdin')


sys.stdin = sys.__stdin__ = Stdin()


def unraisablehook(unraisable):
    """Without a traceback, which would show lines of any file."""
    sys.stderr.write('%s: %s: %s\n' % (unraisable.err_msg or 'Exception ignored',
                                       unraisable.exc_type.__name__, unraisable.exc_value))


sys.unraisablehook = sys.__unraisablehook__ = unraisablehook


def localtime(seconds=None):
    """Local time is UTC everywhere."""
    return time.gmtime(seconds)


def mktime(parts):
    from calendar import timegm
    return float(timegm(parts))


def ctime(seconds=None):
    return time.asctime(time.gmtime(seconds))


def strftime(format, parts=None, native=time.strftime):
    """Without what the system takes from its own time zone."""
    zone = {'Z': 'UTC', 'z': '+0000'}
    written, rest = '', format
    while '%' in rest:
        before, _, rest = rest.partition('%')
        bare = rest.lstrip('_-0^#+EO123456789')
        directive = rest[:len(rest) - len(bare) + 1]
        rest = bare[1:]
        if directive[-1:] == 's' and parts is not None:
            written += before + '%d' % mktime(parts)
        else:
            written += before + zone.get(directive[-1:], '%' + directive)
    return native(written + rest, parts)


time.localtime, time.mktime, time.ctime, time.strftime = localtime, mktime, ctime, strftime
time.timezone = time.altzone = time.daylight = 0
time.tzname = ('UTC', 'UTC')


class Random(_random.Random):
    """Without a seed, the numbers are the same each time."""

    def __init__(self, seed=None):
        self.seed(seed)

    def seed(self, n=None):
        _random_seed(self, 0 if n is None else n)


_random_seed = _random.Random.seed
_random.Random = Random
