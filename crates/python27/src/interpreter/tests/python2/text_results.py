import datetime
import json
import pprint
import re
import string
print repr(string.Template('$a ${b} $$').substitute(a=1.5, b=u'x'))
print repr(string.Template('$a $b').safe_substitute({'a': ['x']}))
try:
    string.Template('$a').substitute(b=1)
except KeyError, e:
    print e
print repr(re.sub('a', 'b', u'xa')), repr(re.sub('a', u'b', 'xa')), repr(re.sub('a', 'b', 'xa'))
print re.match('(a)(?P<n>b)', u'abc').groups(), re.match('(?P<n>a)', u'a').groupdict()
print re.findall('[a-z]+', u'ab cd'), re.split(',', u'a,b'), re.compile('a|b', re.I).flags
print re.sub(r'(\w+)-(?P<n>\d)', r'\g<n>\t\1\\', 'ab-1 cd-2'), re.sub('a*', '-', 'baac')
print re.sub('(a)', lambda found: found.group(1).upper(), u'banana', 2), re.subn('x', 'y', 'axx')
pprint.pprint(set('hello'))
pprint.pprint({'x': set([1, 2]), 'n': 10 ** 20, 'f': 0.1})
print repr(datetime.timedelta(1, 2, 3)), repr(datetime.timedelta(hours=5)), repr(datetime.timedelta(0))
for value in (set(), {(1, 2): 3}):
    try:
        json.dumps(value)
    except TypeError, e:
        print e
print json.dumps({'a': set([1])}, default=lambda value: {'z': 1, 'y': 2})
print json.loads('{"a": "b"}', object_hook=lambda found: sorted(found.items()))
