# List comprehensions run in the scope around them.
[x for x in range(5)]
print x


def f():
    [y for y in 'abc']
    return y
print f()
print [(a, b) for a in 1, 2 for b in 3, 4 if a], a, b
print [n() for n in lambda: 1, lambda: 2]
kept = 'kept'
list(kept for kept in range(3))
{kept: 1 for kept in range(3)}
{kept for kept in range(3)}
print kept
print [g() for g in [lambda: q for q in range(3)]]
print [[i * j for j in range(3)] for i in range(2)], i, j
print [sum(y + row for y in [1]) for row in [1, 2]], row


class C:
    n = 3
    scaled = [n * i for i in range(n)]
    same = [n for _ in range(n)]
print C.scaled, C.same


def g(n):
    made = [lambda: i + n for i in range(n)]
    return [m() for m in made], i
print g(3)
d = {}
[0 for d['key'] in 'ab']
print d
