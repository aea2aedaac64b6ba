print repr(10L), str(10L), 10L * 2, type(10L), type(2 ** 63), 2 ** 64, repr(2 ** 64), divmod(7L, 2), 2L ** 3
print hex(255L), oct(8L), hex(-255), oct(-8), oct(0), hex(2 ** 64)
print int('017', 0), int('0o17', 0), int(' 12 '), coerce(1, 2L), [1L, 2], {3L: 4L}
print hash((1, 2)), hash((1, 'a', None is None)), hash(2 ** 64), xrange(3), xrange(1, 10, 2), unicode, long, basestring
l = [1]
l.append(l)
d = {}
d['d'] = d
print l, d
print '{0} {1:.3f} {2:10}| {3!r}'.format(1 / 3.0, 1 / 3.0, None, 1 / 3.0), '{0:10}|'.format([1])
for f in (lambda: 1 % 0, lambda: 1.0 / 0, lambda: str(u'\xe9'), lambda: '{}'.format(u'\xe9'), lambda: [1]['a'], lambda: u'\xe9'.decode('utf-8')):
    try:
        f()
    except Exception, e:
        print type(e).__name__, e
try:
    raise KeyError('k')
except (ValueError, (KeyError, IndexError)), e:
    print 'caught', e
