class S(object):
    def __getslice__(self, i, j):
        return 'get', i, j

    def __setslice__(self, i, j, value):
        print 'set', i, j, value

    def __delslice__(self, i, j):
        print 'del', i, j

    def __getitem__(self, key):
        return 'item', key

    def __len__(self):
        return 10
s = S()
print s[1:2], s[:], s[-1:], s[1:2:3], s[0]
s[1:3] = 5
del s[2:4]
print [1, 2, 3].__getslice__(0, 2)


class O:
    pass
o = O()
o.text = '%s-%s'
o.text %= (1, 2)
o.n = 7
o.n /= 2
d = {'n': 7}
d['n'] /= 2
d['n'] %= 2
print o.text, o.n, d


class I(object):
    def __idiv__(self, other):
        return 'in place', other
i = I()
i /= 3
print i
