import sys
print 'copying', 3, 'folios'
print 'no newline',
print
print
print 'a',; print 'b'
print ('x', 1), ('y')
print ('z')
print ()
print >>sys.stdout, 'ink', 0.1 + 0.2
if 1: print 'c'
print -1, not 1, [2][0], {3: 4}, `5`
