from __future__ import print_function
import sys
print('a', 0.1 + 0.2, sep='-', end='!\n')
print('b', file=sys.stdout)
print()
