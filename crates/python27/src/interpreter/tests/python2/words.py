# Words that only Python 3 keeps for itself.
async = 2
await = 3
nonlocal = 4
print async + await + nonlocal


class X:
    pass
X.async = 4
print X.async, getattr(X, 'async')


def f(async=1, await=2):
    return async, await
print f(), f(async=3), f(await=5), dict(async=1, nonlocal=2)
True, False = 0, 1
print True, False
