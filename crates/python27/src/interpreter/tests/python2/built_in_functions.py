print map(None, [1, 2], [3]), map(lambda x: x * 2, (1, 2)), map(None, 'ab'), filter(None, [0, 1]), filter(lambda c: c > 'a', 'abc'), filter(None, (0, 2))
print zip([1, 2], 'ab'), range(3) + range(10, 12), xrange(3)[1], len(xrange(5)), reduce(lambda a, b: a + b, [1, 2], 10)
print apply(max, (1, 2)), intern('x'), cmp(2, 1), cmp('a', 'a'), callable(len), buffer('abc', 1)
print sum([1, 2L]), list(enumerate('ab')), iter([1]).next(), hash('environment'), hash(u'environment'), hash(-1)
