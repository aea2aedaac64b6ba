class Count:
  def __init__(self, n): self.n = n
  def __iter__(self): return self
  def next(self):
    self.n -= 1
    if self.n < 0: raise StopIteration
    return self.n
  def __nonzero__(self): return False
  def __cmp__(self, other): return cmp(self.n, other.n)
print list(Count(3)), bool(Count(1)), Count(1) < Count(2), Count(1) == Count(1), max(Count(1), Count(5)).n, Count(2).next()
class Same(object):
  def __eq__(self, other): return True
print len({Same(): 1}) if hash(Same()) is not None else 0
class Meta(type):
  def __new__(mcs, name, bases, body):
    body['tag'] = name.lower()
    return type.__new__(mcs, name, bases, body)
class Tagged(object):
  __metaclass__ = Meta
print Tagged.tag, Tagged.__name__
class Title(object):
  def __unicode__(self): return u'title'
print unicode(Title())
def numbers():
  yield 1
  raise StopIteration
print list(numbers()), numbers().next()
def named(): pass
print named.func_name, Count(1).next.im_func is not None
