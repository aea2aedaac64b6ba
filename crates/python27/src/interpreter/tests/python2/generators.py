# A StopIteration ends a generator quietly, wherever it comes from.
def first(it):
    return it.next()


def pairs(it):
    """A pair at a time."""
    while True:
        yield first(it), first(it)
print list(pairs(iter([1, 2, 3, 4, 5]))), pairs.__doc__


def stops():
    yield 1
    raise StopIteration
    yield 2
print list(stops())


def cleans():
    try:
        yield 1
    finally:
        print 'cleaned'
g = cleans()
g.next()
g.close()


def echo():
    got = yield 'ready'
    while got:
        got = yield got * 2
g = echo()
print g.next(), g.send('a'), g.send('b')
try:
    g.send(None)
except StopIteration:
    print 'stopped'
