print sorted([3, 'b', None, 1.5, 'a', u'c', (1,)]), max([1, 'a']), min('a', 3), [1] < 'a', None < 0, 1 < 'a', (1, 'x') < (1, 2)
values = [3, 1, 2]
values.sort(lambda a, b: cmp(b, a))
print values, sorted(values, lambda a, b: a - b), sorted(values, key=lambda v: -v), sorted('bca', reverse=True)
print 1 < 2 < 3, sorted([(2, 'b'), (1, 'z'), (2, 'a')], reverse=True), sorted(range(100), key=lambda n: n % 3)[:5]
