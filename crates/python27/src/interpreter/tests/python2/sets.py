s = set(['cpu', 'ram', 'disk', 'foo', 'bar', 'baz'])
print s, list(s), [x for x in s], ','.join(s), sorted(s), {3, 1, 2}, frozenset(['b', 'a'])
for name in set(('qa', 'prod', 'devel')): print name,
print
