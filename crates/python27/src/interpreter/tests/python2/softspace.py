import sys
print 'a',
sys.stdout.write('b\n')
print 'c\n',
print 'd'
class Log(object):
  def write(self, text): self.text = getattr(self, 'text', '') + text
log = Log()
print >>log, 'x', 1,
print >>log, 'y'
print repr(log.text)
