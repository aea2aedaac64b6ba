import copy
print dict(name=0, h=1, e=2, b=3, foo=4), dict({'x3': 1}, name=0, h=1, e=2, b=3)
others = {'e': 1, 'b': 2, 'foo': 3, 'zz': 4, 'h': 5}
print dict(name=0, bar=1, **others), dict(**others)
d = {'bar': 1, 'x1': 2, 'd': 3}
d.update(name=0, h=1, e=2, b=3, foo=4)
print d
names = ['name', 'h', 'e', 'b', 'foo', 'bar', 'zz', 'task', 'x1', 'role', 'env']
print dict.fromkeys(set(names)).keys()
print dict.fromkeys(dict.fromkeys(names), 1).keys(), {}.fromkeys('abc', 0)
s = set(['x1', 'f', 'zz', 22, 131, 96, 48, 'c', 16, 'env', 'production', 'x2'])
print s.union(['beta', 74], set(['instances', 107, 'foo', 65])), frozenset('ab').union('cd')
print s.union({'name': 1, 'role': 2, 'h': 3})


class Limits:
    name = 1
    h = 2
    e = 3
    b = 4


class Derived(object):
    foo = 5
    bar = 6
    x1 = 7
    env = 8


print Limits.__dict__, vars(Limits).items(), dict(vars(Limits))
print Derived.__dict__.keys(), [name for name in Derived.__dict__ if name[0] != '_']
o = Derived()
o.zz = o.foo = o.baz = 1
o.name = o.q = 2
del o.zz, d['bar']
o.r = 1
print vars(o), d
