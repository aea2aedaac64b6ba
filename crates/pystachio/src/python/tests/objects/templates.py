# Templates, scopes and references.
from pystachio import *
from pystachio.base import Environment
from pystachio.naming import Namable, Ref


class Leaf(Struct):
  a = String
  b = Default(Integer, 5)
  c = String
  l = List(String)
  m = Map(String, String)


class Twig(Struct):
  leaf = Leaf
  a = String
  q = String
  leaves = List(Leaf)
  n = Integer


class Tree(Struct):
  twig = Twig
  a = String
  n = Integer


def text(source, *scopes, **names):
  return String(source).bind(*scopes, **names).interpolate()


def done(value):
  return value.interpolate()


def chain(length):
  return dict(('x%d' % i, '{{x%d}}' % (i + 1)) for i in range(length))


EXPRESSIONS = r'''
[text(s, a = 'A') for s in ('{{a}}', '{{{a}}}', '{{{{a}}}}', '{{a}}}', '{{{a}}', '{{{{{a}}}}}')]
[text(s, a = 'A') for s in ('{{&a}}', '{{&&a}}', '{{&a&}}', '{{&{{a}}}}', '{{a}} {{&z}}', '{{z}} {{&a}}')]
[text(s, a = 'A') for s in ('{{.a}}', '{}', '{a}', '{{a}', '{{}}', '{{a}b}}', '${a} %(a)s', '{{A}}', '\\{{a}}')]
text('{{ a }}', a = 'A')
text('{{a }}', a = 'A')
text('{{1a}}', a = 'A')
text('{{a..b}}', a = 'A')
text('{{a[}}', a = 'A')
text('{{a[]}}', a = 'A')
text('{{a[b]c}}', a = 'A')
text('{{a-b}}', a = 'A')
text('{{&}}', a = 'A')
[text(s, a = 'A', b = '{{a}}B', c = '{{&a}}', d = '{{b}}{{c}}') for s in ('{{b}}', '{{c}}', '{{d}}')]
[text(s, one = 1, k1 = 'K') for s in ('{{k{{one}}}}', '{{k{{z}}}}', '{{z}} {{z}} {{y}}')]
[text('{{a}}', a = a) for a in (1, 2.50, True, u'b', '', Integer('4'), Float('2.50'), Boolean('true'), 10 ** 20)]
text('{{a}}', a = None)
text('{{a}}', a = ['x'])
text('{{a}}', None)
text('{{a}}', {'a b': 1})
text('{{a}}', {3: 1})
text('{{a}}', a = Integer('x'))
text('{{a}}', {'a': 1}, {'a': 2}), text('{{a}}', {'a': 1}, a = 2)
String('{{a}}').bind(a = 1).bind(a = 2), String('{{a}}').bind(a = 1).in_scope(a = 2), String('{{a}}').in_scope({'a': 1}, {'a': 2})
text('{{a.b}} {{a.c[d]}}', a = {'b': 1, 'c[d]': 2}), text('{{a.b}}', {'a.b': 3}), text('{{a.b}}', a = {'b': {'c': 1}})
text('{{a}} {{l[0]}} {{m[k]}}', Leaf(a = 'x', l = ['e'], m = {'k': 'v'})), text('{{[0]}}', List(String)(['e']))
text('{{p.a}} {{p.l[0]}} {{p.m[x]}} {{p.b}}', p = Leaf(a = '{{z}}', l = ['{{z}}'], m = {'x': '{{b}}'}), z = 3)
text('{{p}}', p = Leaf(a = '{{z}}'), z = 3)
[text(s, p = Leaf(a = 'x', l = ['y'])) for s in ('{{p.wrong}}', '{{p.c}}', '{{p.a.b}}', '{{p.l[9]}}', '{{p.l[x]}}', '{{p[a]}}', '{{p.l[-1]}}')]
text('{{a.b}}', {'a': Leaf(b = 9), 'a.b': 2}), text('{{a.c.b}}', {'a': Leaf(b = 9), 'a.c': Leaf(b = 8)})
text('{{l[{{i}}]}}', l = List(String)(['x', 'y']), i = 1)
done(Integer('{{x}}').bind(x = '3'))
done(Integer('{{x}}').bind(x = 3.7))
done(Integer('{{x}}{{y}}').bind(x = '3')), done(Integer('{{x}}{{y}}').bind(x = '3', y = 4))
text('{{a}}', a = '{{b}}', b = '{{a}}')
String('{{a}}').bind(a = '{{b}}', b = '{{a}}').check()
Leaf(a = '{{a}}').check()
Leaf(a = '{{c}}', c = '{{a}}').check()
Leaf(a = '{{b}}', b = '{{a}}').check()
Leaf(l = ['{{l[1]}}', '{{l[0]}}']).check()
Leaf(a = '{{a}}') % {'a': 3}
Leaf(a = '{{super.a}}') % {'a': 3}
text('{{x0}}', chain(98)), text('{{x0}}', chain(99))
String('{{x0}}').bind(chain(100)).check().ok(), String('{{x0}}').bind(chain(101)).check().ok()
done(Twig(leaf = Leaf(a = '{{a}} {{q}} {{n}}'), a = 'TA', q = 'TQ', n = 1))
done(Twig(leaf = Leaf(a = '{{c}}'), q = 'TQ'))
done(Twig(leaf = Leaf(a = '{{super.a}}', c = '{{self.b}} {{leaf.b}} {{super.leaf.b}}'), a = 'TA'))
done(Tree(twig = Twig(leaf = Leaf(a = '{{super.a}} {{super.super.a}} {{super.super.n}}'), a = 'TA'), a = 'RA', n = 3))
done(Tree(twig = Twig(leaf = Leaf(a = '{{twig.a}} {{twig.leaf.b}}'), a = 'TA'), n = 3))
done(Twig(leaves = [Leaf(a = '{{n}}'), Leaf(a = '{{leaves[0].a}}', c = '{{leaves[1].a}}')], n = 3))
[done(Twig(leaf = leaf, n = 3)) for leaf in (Leaf(a = '{{n}}').bind(n = 'bound'), Leaf(a = '{{n}}').in_scope(n = 'around'))]
done(Twig(leaf = Leaf(a = '{{n}} {{z}}'), n = 3).bind(n = 4, z = 5)), done(Leaf(a = '{{b}} {{super.b}}').bind(b = 'x'))
done(Twig(a = '{{leaf.a}}', leaf = Leaf(a = '{{b}}'))), done(Twig(a = '{{leaf.a}}', leaf = Leaf(a = '{{q}}'), q = 'TQ'))
done(Twig(a = '{{leaf}}', q = 'TQ', leaf = Leaf(c = '{{q}}')))
Twig(leaf = Leaf(a = '{{z}}')).bind(z = 3).leaf().a(), Twig(leaf = Leaf(a = '{{z}}')).leaf().bind(z = 3).a()
(Twig(q = '{{z}}') % {'z': '{{y}}'}) % {'y': 1}, done(done(Twig(q = '{{z}} {{y}}').bind(z = 1))[0].bind(z = 7, y = 2))
done(Twig(q = '{{&z}}').bind(z = 1)), done(done(Twig(q = '{{&z}}').bind(z = 1))[0])
done(Twig(q = '{{x}}', leaf = Leaf(a = '{{y}} {{x}}', l = ['{{w}}', '{{x}}'], m = {'{{k}}': '{{v}}'})))
done(Leaf(l = ['{{m[x]}}', 'end'], m = {'x': '{{l[1]}}'}))
done(Leaf(m = {'{{k}}': '1', '{{j}}': '2'}).bind(k = 'K', j = 'K'))
Environment({'a': 1, 'b.c': 2}, d = {'e': 3})
Environment(a = 'x' * 40, b = Leaf(a = 'y' * 40))
Environment({'b.c': 2}).find(Ref.from_address('b.c')), Environment(a = Leaf(a = 'x')).find(Ref.from_address('a.a'))
Environment(a = 1).find(Ref.from_address('b'))
Environment(a = 1).find(Ref.from_address('a.b'))
Environment(3)
Environment(a = None)
Ref.from_address('a.b[c]'), str(Ref.from_address('a.b[c]')), Ref.from_address('a.b[c]').address()
Ref.from_address('a b')
Ref.from_address('')
Ref.from_address(3)
Ref.from_address('.a') == Ref.from_address('a'), hash(Ref.from_address('a.b'))
sorted(Ref.from_address(a) for a in ('b', 'a.b', 'a', 'a[b]'))
[issubclass(c, Namable.Error) for c in (Namable.NotFound, Namable.NamingError, Namable.Unnamable)]
Leaf(a = '{{c}}') % {'c': Leaf(a = 'z')}
Leaf(a = 'x') % [('c', 'd')]
'''


def shown(value):
  return value if isinstance(value, basestring) else repr(value)


for line in EXPRESSIONS.strip().split('\n'):
  try:
    outcome = '-> %r' % (eval(line),)
  except Exception as e:
    outcome = '!! %s: %s' % (type(e).__name__, '; '.join(shown(argument) for argument in e.args))
  print line, outcome
