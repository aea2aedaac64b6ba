class Half(object):
  def __init__(self, n): self.n = n
  def __div__(self, other): return Half(self.n / other)
  def __rdiv__(self, other): return other
h = Half(8) / 2
h /= 2
print h.n, 9 / Half(1)
