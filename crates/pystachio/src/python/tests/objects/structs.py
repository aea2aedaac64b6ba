# Structs: fields, refinement, checks, classes derived from them.
from pystachio import *
from pystachio.base import Object
from pystachio.naming import Ref


class Part(Struct):
  name = Required(String)
  size = Default(Integer, 5)
  note = String
  ratio = Default(Float, 1)
  tags = List(String)
  limits = Map(String, Integer)
  shiny = Boolean


class Box(Struct):
  part = Part
  name = Default(String, 'box-{{n}}')
  n = Integer
  parts = List(Part)
  limit = 7
  def lost(self): return 'methods of a struct itself are not kept'


class Kit(Box):
  extra = Integer
  color = 'red'
  def size(self): return len(list(self.parts()))
  @property
  def title(self): return '%s %s' % (self.color, self.name())
  @classmethod
  def of(cls, n): return cls(n = n)
  @staticmethod
  def motto(): return 'tidy'
  def __str__(self): return 'a kit'


class BigKit(Kit):
  color = 'blue'
  def double(self): return 2 * self.size()


class Drawer(Struct):
  kit = Kit
  kits = List(Kit)


kit = Kit(n = 3, parts = [{'name': 'a'}, {'name': 'b'}])

EXPRESSIONS = r'''
Part()
Part().check()
Part(name = 'x')
Part(name = 'x').get()
Part(name = 'x').check()
Part(name = 'x', size = '3', note = u'y', ratio = 2, tags = ['1', 2], limits = {'a': 1, 'b': '2'}, shiny = 'true').interpolate()
Part(name = 'x', size = 'abc').check()
Part(name = 'x', size = 'abc')
Part(name = 'x', limits = {'a': 'b'}).check()
Part(name = 'x', tags = ['{{ y }}']).check()
Part(name = 'x', shiny = 'maybe').check()
Part(name = '{{a}}', size = '{{b}}', tags = ['{{c}}'], limits = {'{{d}}': '{{e}}'}).interpolate()
Part(wrong = 1)
Part(tags = 'abc')
Part(tags = None)
Part(limits = 'abc')
Part(name = None).check()
Part(name = ('a',)).check()
Part(name = Integer(3)).check()
Part({'name': 'b'}), Part({'name': 'b'}, {'size': 7}, name = 'c')
Part('abc')
Part(None)
Part(Part(name = 'b'))
Part({1: 2})
Part(name = 'x', size = Empty)
Part(name = Empty).check()
Part(name = 'x')(size = 9), Part(name = 'x')(name = Empty).has_name()
Part(name = 'x')({'size': 9})
Part(name = 'x')(wrong = 9)
Part().has_name(), Part(name = '').has_name(), Part().has_size(), Part(size = Empty).has_size()
Part().name(), Part(name = 'x').name(), Part().size(), Part(name = '{{size}}').name()
Part(size = 'abc').size()
Part().wrong
Part().has_wrong
Part.wrong
hasattr(Part(), 'name'), hasattr(Part(), 'wrong'), hasattr(Part(), 'has_name')
Part() == Part(), Part(name = 'x') == Part(name = 'y'), Part(name = 'x') != Part(name = 'x'), Part() == 3, Part() != 3
Part(name = '{{size}}') == Part(name = '5'), Part(size = '5') == Part(size = 5)
hash(Part(name = 'x')), hash(Part()), hash(Part(name = '{{size}}')) == hash(Part(name = '5'))
{Part(name = 'x'): 1}[Part(name = 'x')]
list(Part(name = 'x'))
len(Part(name = 'x'))
Part(name = 'x')['name']
Part(name = 'x')[0]
'name' in Part(name = 'x')
Part(name = 'x') + Part(name = 'y')
Box(part = 'x')
Box(part = {'wrong': 'x'})
Box(part = {'name': '{{n}}'}, n = 3, parts = [Part(name = '{{name}}'), {'name': 'dict'}]).interpolate()
Box(part = Part(name = '{{name}} {{n}}'), n = 3).part().name()
[part.name() for part in Box(parts = [Part(name = '{{name}}')], n = 3).parts()]
Box(parts = [{'name': 'x'}]).check()
Box(parts = [{}]).check()
Box(parts = [Part(name = 'x'), 'x'])
Box().lost()
Box.limit
Part.json_loads('{"name": "x", "wrong": 3}')
Part.json_loads('{"name": "x", "wrong": 3}', strict = True)
Part.json_loads('{"name": null}').check()
Part.json_loads('{')
Box.json_loads('{"part": {"name": "x", "wrong": 1}}')
Part(name = '{{x}}', tags = ['b']).bind(x = 1).json_dumps()
Part.json_loads(Part(name = 'x').json_dumps()) == Part(name = 'x')
Part(name = 'x').find(Ref.from_address('name')), Box(part = Part(name = 'x')).find(Ref.from_address('part.name'))
Part(name = 'x').find(Ref.from_address('wrong'))
Part(name = 'x').find(Ref.from_address('note'))
Part(name = 'x').find(Ref.from_address('name.b'))
Part(name = 'x').find(Ref.from_address('[name]'))
Part(tags = ['x']).find(Ref.from_address('tags[1]'))
Part(tags = ['x']).find(Ref.from_address('tags.x'))
kit.size(), kit.color, Kit.color, kit.motto(), Kit.motto(), str(kit)
kit.title, kit(n = 4).title, kit.bind(a = 1).size(), (kit % {}).size(), kit.copy().size()
Kit.of(5), Kit.of(5).title
Kit(extra = 3)
Kit().extra.__name__
BigKit(parts = []).double(), BigKit(n = 1).title if BigKit(n = 1).has_parts() else BigKit.color
Drawer(kit = kit).kit().size(), Drawer(kits = [kit]).kits()[0].size(), Drawer(kit = {'n': 1}).kit().get()
Drawer(kit = Box(n = 1))
Box(n = 1) == Kit(n = 1), Kit(n = 1) == Box(n = 1), Kit == Box, Kit == Kit
isinstance(kit, Kit), isinstance(kit, Box), isinstance(Box(), Kit), isinstance(kit, Object), isinstance(kit, Struct)
issubclass(Kit, Box), issubclass(Box, Kit), issubclass(BigKit, Box), issubclass(Kit, Object), issubclass(Kit, Struct)
type(kit) == Kit, type(kit).__name__, kit.__class__.__name__, kit.__class__ is Kit
'''


def shown(value):
  return value if isinstance(value, basestring) else repr(value)


for line in EXPRESSIONS.strip().split('\n'):
  try:
    outcome = '-> %r' % (eval(line),)
  except Exception as e:
    outcome = '!! %s: %s' % (type(e).__name__, '; '.join(shown(argument) for argument in e.args))
  print line, outcome
