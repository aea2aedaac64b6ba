class Torn(Exception):
  def __init__(self, page, side):
    Exception.__init__(self, page, side)
    self.page = page
try:
  raise ValueError, 'loose page'
except ValueError, e:
  print e, repr(e), e.message, e.args
print e
try:
  raise Torn, (3, 'left')
except (KeyError, Torn), torn:
  print torn.page, torn.args
try:
  raise KeyError, 'x', None
except KeyError, (name,):
  print name
class Holder: pass
try:
  {}['spine']
except KeyError, Holder.error:
  print Holder.error
try:
  raise Torn(4, 'right')
except Torn as kept:
  pass
print kept.page
import sys
try:
  try:
    1 / 0
  except ZeroDivisionError:
    kind, value, trace = sys.exc_info()
    raise kind, value, trace
except ZeroDivisionError, again:
  print again
