d = {'maps': 4, 'poems': 2, 'law': 9, 'x': 1, 'y': 2, 'z': 3, 'w': 5}
print d, d.keys(), d.values(), d.items()
print [k for k in d], sorted(d.iteritems()), list(d.iterkeys()), sum(d.itervalues()), d.has_key('law'), len(d.viewkeys())
small = dict(c=1, b=2, a=3)
print small, dict(d, q=3), d.copy(), dict(d.items())
print small.popitem(), small, small.keys()[0]
d['new'] = 1
print tuple(d), ','.join(d), map(str, d), zip(d, range(2)), max(d), sorted(d)
def f(**kw): return kw
print f(zeta=1, alpha=2, mid=3, **{'other': 4})
from collections import OrderedDict, defaultdict
by = defaultdict(list)
by['q'].append(1); by['a'].append(2)
print by.items(), OrderedDict([('z', 1), ('a', 2)]).keys(), OrderedDict([('z', 1), ('a', 2)]).items()
class Wide(dict):
  def keys(self): return ['mine']
print Wide(a=1).keys(), Wide(a=1).items()
