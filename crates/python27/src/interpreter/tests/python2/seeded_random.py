import random
random.seed(42)
print random.random(), random.randint(1, 100), random.choice('abcdef'), random.uniform(1, 2)
print random.sample(range(20), 5), random.randrange(10), random.randrange(0, 100, 5)
l = range(10)
random.shuffle(l)
print l
r = random.Random(7)
print r.random(), r.randint(0, 9), r.getrandbits(40), r.gauss(0, 1), r.sample('abcdefghij', 3)
for seed in 'abc', 2 ** 70, u'x', 1.5, (1, 2), -5:
    random.seed(seed)
    print random.random(), random.sample(xrange(1000), 3), random.expovariate(1)
