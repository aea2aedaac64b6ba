from __future__ import division
x = 7
x /= 2
print 7 / 2, 7 // 2, x
