# What was taken out, and how a table came to its size, shows in the order of the rest.
def keywords(**given):
    return given
d = keywords(cluster=1, role=2, environment=3, name=4, task=5, contact=6, production=7)
print d
d.pop('role')
d['tier'] = 8
del d['task']
d['service'] = 9
d['priority'] = 10
print d, d.popitem(), d.popitem(), d
d.update({'zeta': 1, 'alpha': 2, 'beta': 3, 'gamma': 4, 'delta': 5, 'epsilon': 6})
print d, dict(d), d.copy()
print dict(d, eta=1, theta=2, iota=3), dict(zeta=1, alpha=2, beta=3, gamma=4, delta=5, epsilon=6)
import copy
print copy.copy(d), copy.deepcopy(d)
e = {'one': 1, 'two': 2, 'three': 3, 'four': 4, 'five': 5, 'six': 6, 'one': 7}
print e, e.copy(), dict(e.items()), type(e) is dict
while e:
    print e.popitem(),
print
e['two'] = 1
print e
a = set('abcdefgh')
b = set('fghijklm')
print a | b, a & b, a - b, a ^ b, b ^ a
print a.union('xyz'), a.intersection('hgf'), a.difference('abc'), a.symmetric_difference(b)
a -= set('abc')
print a
a.remove('d')
a.add('q')
a ^= b
print a, a.copy(), set(a), frozenset(a)
a |= set(range(20))
a &= set(range(5, 40)) | b
print a, a.pop(), a.pop(), a
print {'service', 'delta', 'role', 'x3', 89, 136, 169, 'g', 'x1', 'c'}, set(d)
