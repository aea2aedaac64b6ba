# Copies of objects, types, references and containers of them.
import copy
from pystachio import *
from pystachio.naming import Ref


class Part(Struct):
  name = Required(String)
  sizes = Default(List(Integer), [1])


class Kit(Part):
  def label(self): return 'kit %s' % self.name()


part = Part(name='{{x}}').bind(x='1')
kit = Kit(name='a')
for value in (part, kit, String('{{a}}'), Integer(3), List(Integer)([1]), Map(String, String)({'a': 'b'}),
              {'k': [part]}, [Part, part], Environment(a='1'), Ref.from_address('a.b[c]'), Empty):
  print repr(copy.deepcopy(value)), copy.deepcopy(value) is value
  print repr(copy.copy(value)), copy.copy(value) is value
print copy.deepcopy(part) == part, copy.copy(part).name(), copy.deepcopy(kit).label()
changed = copy.deepcopy(part)(sizes=[2])
print part.sizes(), changed.sizes()
