try:
    raise ValueError('a', 2)
except ValueError, e:
    print e[0], e[1], e[:1]


class Own(Exception):
    pass


try:
    raise Own('x')
except Own, e:
    print e[0]


def f(a, b=1):
    pass


class C(object):
    def m(self, x):
        pass


for call in (lambda: f(1, 2, 3), lambda: f(1, a=2), lambda: C().m(1, 2), lambda: ' '.join(['a', 1]),
             lambda: range(1.5), lambda: 'abc'[5], lambda: chr(300)):
    try:
        call()
    except Exception, e:
        print type(e).__name__, e
print C, repr(C()).split(' at ')[0], isinstance(5, file), file
print cmp({}, {1: 1}), sorted([{1: 2}, {1: 1}, {}]), {'a': 1} < {'a': 2}
