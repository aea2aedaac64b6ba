# Everything has an order, also in chains.
print 1 < 2 < 3, 3 > 2 > 1, 1 < 3 < 2, 'a' < 1 < 2, None < 1 < 'a', 1 < 'a' > 2
stack = [5]
print 0 < stack.pop() < 10, 1 in [1] == True, 1 < 2 is not None


def told(x):
    print 'told', x,
    return x
print told(3) < told(2) < told(1)
print told(1) <= told(2) != told(3)


class C:
    low = 1
    ok = 0 < low <= max(low, 1) < 5
print C.ok
print isinstance('a', basestring), isinstance(u'a', basestring), isinstance(u'a', str)
print isinstance('a', unicode), isinstance(1L, int), isinstance(1, (long, str)), isinstance(2 ** 70, long)
