d = {'a': 1, 'b': 2, 'c': 3}
keys = d.viewkeys()
print keys, d.viewvalues(), d.viewitems()
print keys & set(['a', 'z']), keys | set('q'), keys - set('a'), keys ^ set('ab')
print keys & {'a': 1}.viewkeys(), sorted(d.viewitems() - set([('a', 1)])), keys == set('abc')
d['zz'] = 4
print len(keys), sorted(keys), 'zz' in keys, [key for key in keys]
