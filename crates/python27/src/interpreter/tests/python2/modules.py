import urlparse, urllib, urllib2, StringIO, ConfigParser, Queue, cPickle, commands, json, itertools, string, hashlib, base64, math, os, sys, types, collections, re, md5, subprocess, binascii, pipes
from cStringIO import StringIO as Text
from urllib import quote, urlencode
import __builtin__
import os.path as path
print urlparse.urlparse('http://a/b?c').netloc, quote('a b&c'), urlencode({'a': 1}), urllib2.quote('x y')
print commands.getoutput('echo hi'), commands.getstatusoutput('exit 3')
print json.dumps({'b': 1, 'a': [1, 2.5, None, True, u'\xe9', '\xc3\xa9']}), json.dumps({'a': 1, 'b': 2}, indent=2), json.loads('{"a": [1, "x"]}')
print list(itertools.imap(lambda x: x + 1, [1, 2])), list(itertools.izip([1], [2])), string.letters[:3], string.join(['a', 'b'], '-')
print hashlib.sha1('abc').hexdigest(), md5.new('x').hexdigest(), base64.b64encode('honey'), base64.b64decode('aG9uZXk='), math.ceil(2.1), math.floor(-2.5)
print path.join('a', 'b'), sys.maxint, isinstance({}, collections.Mapping), re.sub('a+', 'b', 'caat'), binascii.hexlify('ab'), pipes.quote('a b')
print subprocess.check_output(['echo', 'x']).strip(), subprocess.Popen('cat', shell=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE).communicate('in')[0]
out = Text(); out.write('abc'); print >>out, 'def'; print repr(out.getvalue()), __builtin__.len('ab'), types.StringType is str
for name in ('no_such_module.part', 'os.nothing'):
  try:
    __import__(name)
  except ImportError, e:
    print e
