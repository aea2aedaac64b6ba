//! Values, however a program gets at what works on them. Each program checks itself; what it
//! expects is known of CPython 2.7.

use super::printed;

macro_rules! holds {
    ($($name:ident: $program:expr;)*) => {
        $(
            #[test]
            fn $name() {
                assert_eq!(printed(concat!($program, "\nprint 'done'\n").as_bytes()), "done\n");
            }
        )*
    };
}

holds! {
    built_in_types_are_the_same_as_values: "
x = 1 / 3.0
f = str
for _ in range(50):
  assert f(x) == '0.333333333333' and map(str, [x]) == [f(x)]
  assert repr(map(f, [u'a'])) == \"['a']\" and (lambda g, v: g(v))(type, 2 ** 70) is long
assert getattr('a', 'encode')('hex') == '61' and hasattr({}, 'iteritems') and not hasattr({}, 'x')
assert str.join(',', ['a', u'b']) == u'a,b' and dict.keys({'b': 1, 'a': 2}) == ['a', 'b']
assert 'a'.encode('zlib').decode('zlib') == 'a'";
    derived_containers_keep_their_order_and_text: "
class D(dict):
  def keys(self): return sorted(dict.keys(self))
  def __setitem__(self, key, value): super(D, self).__setitem__(key, value)
class S(set): pass
class U(unicode): pass
d = D(zeta=1, host=2, rack=3)
assert repr(d) == repr(dict(d)) == '%r' % d == '{0}'.format(d), repr(d)
assert [k for k in d] == dict.keys(d) and d.keys() == ['host', 'rack', 'zeta']
assert repr(S([1, 2]) | S([3])) == 'S([1, 2, 3])'
assert repr([U('a')]) == \"[u'a']\" and isinstance(U('a'), unicode)
l = []
l.extend({'b': 1, 'a': 2})
assert l == ['a', 'b']";
    long_numbers_stay_long: "
assert repr(2 ** 63 - 2) == '9223372036854775806L' and repr([5L - 3, True + 1L]) == '[2L, 2L]'
assert repr(divmod(7L, 2)) == '(3L, 1L)' and repr(-(5L)) == '-5L' and int(5L) is not 5L
assert type(2 ** 63) is long and repr(0 << 2L) == '0L' and str(2 ** 64) == '18446744073709551616'
assert repr(9223372036854775808) == '9223372036854775808L'";
    files_raise_io_errors_and_the_rest_os_errors: "
import os
class Mine(IOError): pass
def caught(function, *classes):
  for kind in classes:
    try:
      try: function()
      except kind: return kind.__name__
    except Exception: pass
def mine(): raise Mine('x')
assert caught(lambda: open('/no/such'), OSError, IOError) == 'IOError'
assert caught(lambda: os.listdir('/no/such'), IOError, OSError) == 'OSError'
assert caught(mine, OSError, IOError) == 'IOError'
for function in (lambda: open('/no/such'), lambda: os.listdir('/no/such'), mine):
  assert caught(function, EnvironmentError) == 'EnvironmentError'
try: import nowhere
except ImportError as e: assert type(e).__name__ == 'ImportError'
try: open('/no/such')
except (OSError, IOError) as e: assert (e.errno, e.filename, repr(type(e))) == (2, '/no/such', \"<type 'exceptions.IOError'>\")";
    code_and_stars_set_names_of_functions: "
def code(a):
  exec 'b = a + 1; a = 5'
  return a, b
def star():
  from os.path import *
  return basename('/x/y')
def loop(n):
  for i in range(n):
    exec 'total = i'
  return total
assert code(1) == (5, 2) and star() == 'y' and loop(3) == 2
assert 'basename' not in globals()";
    a_handled_exception_is_known_until_its_function_ends: "
import sys
def handled():
  try: raise ValueError('x')
  except ValueError: pass
  return sys.exc_info()[0]
assert handled() is ValueError and sys.exc_info() == (None, None, None)
def cleared():
  try: raise ValueError('x')
  except ValueError: sys.exc_clear()
  return sys.exc_info()[0]
assert cleared() is None";
    formats_write_what_python_2_writes: "
x = 1 / 3.0
assert '{0:>15}|{0}|{0:.3}|{1:,}'.format(x, 1234567) == ' 0.333333333333|0.333333333333|0.333|1,234,567'
assert '{0!r} {1[a]} {2.real}'.format(u'a', {'a': [u'b', 1L]}, 3) == \"u'a' [u'b', 1L] 3\"
assert '%#o %5% %c' % (8, 65) == '010     % A' and '%s' % ([x, u'a'],) == \"[0.3333333333333333, u'a']\"
for wrong in (('{0:+}', 'a'), ('{0:_}', 1), ('{', 1), ('}', 1), ('{0!x}', 1), ('{0:.2}', 1)):
  try: wrong[0].format(wrong[1])
  except ValueError: continue
  raise AssertionError(wrong)
class Text(object):
  def __unicode__(self): return u'caf\\xe9'
assert u'%s' % Text() == unicode(Text()) == u'{0}'.format(Text()) == u'caf\\xe9'";
}
