print '%s %r %d %5.2f %x %c|%-4s|%04d' % (0.1 + 0.2, 0.1 + 0.2, 3.7, 2.0 / 3, 255, 'q', 'ab', 7)
print '%s' % (1,), '%s' % [u'a', 'b', 1.5, None], '%(a)s %(b)05d %%' % {'a': u'x', 'b': 3}, '%*d' % (4, 2)
print '{0} {1} {name}'.format(0.1 + 0.2, [u'x'], name='n'), '{:>6}|{:.3f}'.format('a', 1.0 / 3), '{0!r}'.format(0.1)
print `1, u'x'`, `'a"b'`, repr("it's"), str([1L, 2.5]), str(1e16), repr(1e22), str(True), str(None)
print set([1]), frozenset([2]), set(), {1: {2: [3]}}, (1,), (), int, ValueError
print 100 % 7, -1.5 % 1, 'a' 'b' % () if 0 else 'ab'
