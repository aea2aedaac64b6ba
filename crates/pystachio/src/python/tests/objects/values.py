# Single values: what they take, what they become, how they compare.
from pystachio import *
from pystachio.base import Object

EXPRESSIONS = r'''
[String(x) for x in ('a', u'b', 3, 2.5, True, 10 ** 20, -0.0, 1e20)]
[String(x).get() for x in ('a', u'b', 3, 2.5, True, 10 ** 20)]
[String(x).check() for x in (None, [1], (1, 2), ('a',), {'a': 1}, Integer(3), Empty)]
String(None)
[Integer(x).interpolate()[0].get() for x in (3, 3.9, -2.7, True, '4', ' 12 ', '007', u'5', '9' * 25)]
[Integer(x).check().message() for x in ('2.5', '1e3', '', 'x', '0x10', None, '{{x}}', [3])]
Integer('4').get()
str(Integer(' 4 '))
[Float(x).interpolate()[0].get() for x in (3, 2.5, True, '4', ' 1e3 ', '.5', 'inf', 10 ** 20)]
[Float(x).check().message() for x in ('x', '', '1,5', None)]
[Boolean(x).interpolate()[0].get() for x in (True, 0, 2, 0.0, 'true', 'FALSE', '1', u'0')]
[Boolean(x).check().message() for x in ('yes', ' true', '', None)]
[Integer(3) == x for x in (3, Integer(3), Integer('3'), Float(3), String('3'))]
[Integer(3) != x for x in (3, Integer(3), Integer('3'))]
[String('a') == x for x in ('a', String('a'), String(u'a'), Enum('a', 'b')('a'))]
Integer('x') == Integer(3)
[Integer(5) < x for x in (3, Integer(3), Integer(7), Integer('10'), Float(3), None)]
[Integer(5) > x for x in (3, Integer(3), Integer(7), Integer('10'), Float(3), None)]
[x < Integer(5) for x in (3, 7, Float(3))]
sorted([Integer(10), Integer('9'), Integer(7)])
sorted([String('b'), String('B'), String('a')])
[hash(x) for x in (String('a'), Integer(3), Float(2.5), Boolean(True), String('{{a}}'))]
Enum('A', 'B')
Enum('Mode', ('on', 'off'))
Enum('A', 'B').VALUES
[Enum('A', 'B')(x) for x in ('A', u'B', '{{x}}', 'A{{x}}')]
Enum('A', 'B')('C')
Enum('Mode', ('on', 'off'))('ON')
Enum('A', 'B')(None)
Enum('A', 'B')(3)
Enum('A', 'B')('{{x}}') % {'x': 'A'}
Enum('A', 'B')('{{x}}') % {'x': 'C'}
Enum('A', 'B')('{{x}}').bind(x = 'C').check()
Enum('A', 'B')('{{x}}').check()
String()
String('a', 'b')
String('a', y = 1)
String('a').upper()
String('a') + 'b'
Integer(1) + 1
1 + Integer(1)
-Integer(3)
String('a')[0]
String('a')['x']
len(String('a'))
list(String('a'))
'a' in String('a')
String('a')()
bool(String('')), bool(Integer(0)), bool(Boolean(False))
'%s %r' % (Integer('1'), Integer('1'))
'{0}'.format(Integer('1'))
unicode(String('a'))
isinstance(String('a'), String), isinstance(String('a'), Integer), isinstance(String('a'), Object)
type(Integer(3)) == Integer, type(Integer(3)).__name__, Integer(3).__class__ is Integer
type(Integer(3))(4)
Empty
'''


def shown(value):
  return value if isinstance(value, basestring) else repr(value)


for line in EXPRESSIONS.strip().split('\n'):
  try:
    outcome = '-> %r' % (eval(line),)
  except Exception as e:
    outcome = '!! %s: %s' % (type(e).__name__, '; '.join(shown(argument) for argument in e.args))
  print line, outcome
