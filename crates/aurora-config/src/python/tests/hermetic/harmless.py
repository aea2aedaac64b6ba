for name in (
    'json re itertools datetime collections copy hashlib base64 string os os.path sys time math '
    'random struct types functools operator StringIO cStringIO urllib urlparse urllib2 textwrap '
    'pprint traceback logging warnings decimal fractions calendar uuid getpass tempfile shutil '
    'glob fnmatch pickle cPickle threading thread Queue signal inspect ast tokenize linecache '
    'zlib binascii gzip zipfile csv ConfigParser optparse argparse platform locale codecs io '
    'errno stat contextlib abc weakref bisect heapq array unicodedata difflib hmac md5 sha sets '
    'UserDict commands pipes shlex HTMLParser Cookie xml.etree.ElementTree xml.dom.minidom '
    'numbers gettext email email.utils pkgutil mimetypes').split():
  __import__(name)

import os, time, datetime, random, uuid, logging, traceback, threading, json, mimetypes
print os.path.join('a', 'b'), os.path.normpath('a/../b'), os.path.basename('/a/b')
print time.localtime(86400)[:6], time.mktime(time.gmtime(86400)), time.ctime(0), time.tzname
print time.strftime('%Y-%m-%d %H:%M', time.gmtime(0)), datetime.datetime.fromtimestamp(0)
print datetime.date(2020, 2, 1), time.asctime(time.localtime(0)), time.timezone
print uuid.uuid5(uuid.NAMESPACE_DNS, 'web'), random.Random(5).random(), json.dumps({'a': [1]})
print mimetypes.guess_type('index.html')
threading.Thread(target=lambda: None).start()
logging.warning('careful')
try:
  1 / 0
except ZeroDivisionError:
  print traceback.format_exc().splitlines()[-1]
time.sleep(0)
