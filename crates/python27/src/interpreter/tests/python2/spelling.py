if 1:
        a = 1
	b = 2
if a:
	if b:
		print a, \
  b
async = 3; await = [async]
print async, await, `async`
print {'a':
 1}['a']; print 'x' ; 
