def area((a, b), (c, (d, e))=(3, (4, 5)), *rest, **kw):
  return a, b, c, d, e, rest, kw
print area((1, 2)), area((1, 2), (6, (7, 8)), 9, k=1)
print sorted({'a': 3, 'b': 1}.items(), key=lambda (k, v): v), map(lambda (a, (b, c)), d=1: a + b + c + d, [(1, (2, 3))])
print (lambda (x): x)(4)
