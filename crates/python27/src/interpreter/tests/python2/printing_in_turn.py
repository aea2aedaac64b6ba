# Each item is written before the next one is evaluated.
def noisy(x):
    print '<%s>' % x,
    return x
print noisy(1), noisy(2)
items = [1, 2, 3]
print items, items.pop(), items
try:
    print 'before', 1 / 0
except ZeroDivisionError, e:
    print 'and', e
import sys
print >>sys.stdout, noisy(3), noisy(4),
print
