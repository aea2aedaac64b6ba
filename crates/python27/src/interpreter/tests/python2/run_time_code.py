exec 'x = 7 / 2'
ns = {'base': 6}
exec 'doubled = base * 2; print `doubled`' in ns
exec('y = 0644')
exec 'z = 1' in ns, ns
print x, y, ns['doubled'], ns['z'], eval('7 / 2 <> 3'), eval(' 10L '), eval(compile('0644', 'x', 'eval'))
def f():
  scope = {}
  exec "print 'inside'" in scope
f()
try:
  eval('1 +')
except SyntaxError, e:
  print 'no'
