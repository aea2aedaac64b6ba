import base64, binascii, collections, copy, hashlib, io, itertools, json, math, operator
import os, re, string, subprocess, sys, types, urllib, zlib
from StringIO import StringIO
print base64.encodestring('abc'), base64.decodestring('YWJj'), zlib.crc32('hello world')
print binascii.crc32('abc'), hashlib.md5(u'a').hexdigest()
d = collections.defaultdict(int)
for c in 'hello world':
    d[c] += 1
print d, d.copy(), collections.Counter('abracadabra'), collections.Counter('abracadabra').most_common(2)
print collections.OrderedDict([('b', 1), ('a', 2)]), isinstance({}, collections.Mapping)
P = collections.namedtuple('P', 'x y')
print P(1, y=2), P(1, 2)._asdict(), P._fields
print list(itertools.chain({'b': 1, 'a': 2}, {'z': 1})), list(itertools.islice({'one': 1, 'two': 2, 'three': 3}, 2))
for bad in '{', '[1,]', '', 'nope', '{"a":1} x', '{"a" 1}':
    try:
        json.loads(bad)
    except ValueError, e:
        print e
print json.JSONEncoder(sort_keys=True).encode({'b': (1, u'x'), 'a': None}), json.loads(u'{"k": [1.5]}')
for f, x in (math.sqrt, -1), (math.log, 0):
    try:
        f(x)
    except ValueError, e:
        print e
print operator.div(7, 2), operator.lt(1, 'a'), operator.isCallable(len), operator.itemgetter(0, 1)('abc')
print re.escape('a.b-c_d'), re.split('x*', 'axbc'), re.findall('\\w', '\xc3\xa9'), re.sub('a', 'b', 'A', flags=re.I)
try:
    re.compile('(')
except re.error, e:
    print e
print 'Hello'.translate(string.maketrans('lo', '01')), 'Hello'.translate(None, 'l'), string.capitalize('abc')
print sys.version_info[:2], sys.version_info >= (2, 7), sys.maxint, sys.platform, sys.getdefaultencoding()
print isinstance('a', types.StringTypes), types.ListType, types.NoneType
print urllib.quote('a b/~'), urllib.urlencode({'a': 1, 'b': 'x y'}), repr(urllib.unquote('%c3%a9'))
print repr(subprocess.Popen(['echo', 'a'], stdout=subprocess.PIPE).stdout.read())
try:
    subprocess.check_call(['false'])
except subprocess.CalledProcessError, e:
    print e, e.returncode
s = StringIO()
print >>s, 'x', u'y'
print repr(s.getvalue()), s.len, repr(io.BytesIO('x').read())
import ConfigParser
c = ConfigParser.ConfigParser()
c.readfp(StringIO('[s]\na=1\nb: two\nc=%(a)s\n[t]\nx=yes\n'))
print c.sections(), c.get('s', 'c'), c.getint('s', 'a'), c.items('s'), c.getboolean('t', 'x')
