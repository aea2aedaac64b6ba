# Lists and maps.
from pystachio import *
from pystachio.naming import Ref

Texts, Numbers, Table = List(String), List(Integer), Map(String, Integer)


class Part(Struct):
  name = Required(String)
  size = Default(Integer, 5)


words = Texts(['a', '{{b}}', 'c'])
table = Table({'a': '1', 'c': '{{x}}'})

EXPRESSIONS = r'''
words
words.get()
words.interpolate()
words.check()
Texts(['a', 3, 2.5, True, u'b'])
Texts(('a', 'b'))
Texts([])
Texts(xrange(3))
Texts('abc')
Texts(3)
Texts(None)
Texts({'a': 'b'})
Texts(set(['a']))
Texts(Texts(['a']))
Texts()
Texts(['a'], ['b'])
Texts([None]).check()
Texts([['a']]).check()
Texts([None])
Numbers(['1', 2, '{{x}}']).interpolate()
Numbers(['1', 'x']).check()
Numbers(['1', 'x']).get()
List(Part)([{'name': 1}, Part(name = '2'), {}])
List(Part)([{'name': 1}, {}]).check()
List(Part)(['x'])
List(Texts)([['a'], ['{{x}}']])
List(Map(String, Part))([{'a': {'name': 'x'}}])
words[0], words[-1], words[1]
words[0:2]
words[3]
words['0']
words[None]
words[Integer(1)]
len(words)
list(words)
[str(word) for word in words.bind(b = 'x')]
'a' in words, 'z' in words, String('a') in words, '{{b}}' in words, None in words
3 in Numbers([3]), '3' in Numbers([3]), 3 in Numbers(['3']), Integer(3) in Numbers(['3'])
words == Texts(['a', '{{b}}', 'c']), words == ['a', '{{b}}', 'c'], Numbers(['1']) == Numbers([1])
hash(words), hash(Numbers([1]))
words + ['a']
words.append('d')
words % {'b': 'x'}
words.find(Ref.from_address('[0]')), words.find(Ref.from_address('[-1]'))
words.find(Ref.from_address('[7]'))
words.find(Ref.from_address('[x]'))
words.find(Ref.from_address('a'))
table
table.get()
table.interpolate()
table.check()
Table({'a': 'b'}).check()
Map(Integer, String)({'x': 'b'}).check()
Map(Integer, String)({1: 'b', '1': 'c'})
Map(Integer, String)({1: 'b', '1': 'c'}).get()
Map(String, String)({'{{k}}': '{{v}}'}).bind(k = 'K', v = 'V').interpolate()
Map(String, Part)({'x': {'name': 1}})
Map(String, String)(('a', 'b'), ('c', 'd'))
Map(String, String)(['a', 'b'])
Map(String, String)([('a', 'b')])
Map(String, String)('ab')
Map(String, String)(3)
Map(String, String)(a = 'b')
Map(String, String)()
Map(String, String)({'a': None}).check()
Map(String, String)({None: 'a'}).check()
table['a'], table[String('a')]
table['z']
Map(Integer, String)({3: 'x'})['3'], Map(Integer, String)({'3': 'x'})[3]
Map(Integer, String)({3: 'x'})['x']
table[None]
[str(key) for key in table]
'a' in table, 'z' in table, 3 in table, None in table
table.keys()
len(table)
hash(table)
table == Table({'a': 1, 'c': '{{x}}'}), table == {'a': 1}
table % {'x': 3}
table.find(Ref.from_address('[a]'))
table.find(Ref.from_address('[z]'))
table.find(Ref.from_address('a'))
Texts.__name__, Table.__name__, List(Part).__name__, Map(String, List(Part)).__name__
'''


def shown(value):
  return value if isinstance(value, basestring) else repr(value)


for line in EXPRESSIONS.strip().split('\n'):
  try:
    outcome = '-> %r' % (eval(line),)
  except Exception as e:
    outcome = '!! %s: %s' % (type(e).__name__, '; '.join(shown(argument) for argument in e.args))
  print line, outcome
