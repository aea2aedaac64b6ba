print open('/etc/passwd').read()

print file('/etc/passwd').read()

import io; print io.open('/etc/passwd').read()

import io; print io.FileIO('/etc/passwd').read()

import io
class F(io.FileIO): pass
print F('/etc/passwd').read()

import io
class F(io.FileIO):
  def __init__(self, p): io.FileIO.__init__(self, p)
print F('/etc/passwd').read()

import io
class F(io.FileIO):
  def __init__(self, p): pass
f = F('/etc/passwd')
io.FileIO.__init__(f, '/etc/passwd')
print f.read()

import io
f = io.FileIO.__new__(io.FileIO)
f.__init__('/etc/passwd')
print f.read()

import io
f = io.FileIO.__new__(io.FileIO)
io.FileIO.__init__.__call__(f, '/etc/passwd')
print f.read()

import io
del io.FileIO.__init__
print io.FileIO('/etc/passwd').read()

import io
type.__delattr__(io.FileIO, '__init__')
f = io.FileIO('/etc/passwd')
print f.read()

import io
f = io.FileIO(0)
print f.read()

import io; print io.open_code('/etc/passwd').read()

import _pyio; print _pyio.open('/etc/passwd').read()

import codecs; print codecs.open('/etc/passwd').read()

import os; print os.read(os.open('/etc/passwd', 0), 100)

import os; print os.fdopen(0).read()

import fileinput; print list(fileinput.input(['/etc/passwd']))

import linecache; print linecache.getlines('/etc/passwd')

import tokenize; print tokenize.open('/etc/passwd').read()

import zipimport; zipimport.zipimporter('/etc/passwd')

import importlib.machinery as m; print m.SourceFileLoader('x', '/etc/passwd').get_data('/etc/passwd')

import importlib.machinery as m; print m.SourceFileLoader('x', '/etc/passwd').load_module()

import pkgutil; print pkgutil.get_data('os', '/etc/passwd')

import pkgutil; print list(pkgutil.iter_modules(['/tmp']))

import os; print os.listdir('/')

import os; print os.stat('/etc/passwd')

import os; print os.path.exists('/etc/passwd')

import os; print os.readlink('/proc/self/exe')

import os; print os.system('echo hi')

import os; print os.popen('echo hi').read()

import os; os.fork()

import os; os.execv('/bin/echo', ['echo', 'hi'])

import os; os.execvp('echo', ['echo', 'hi'])

import os; os.spawnlp(os.P_WAIT, 'echo', 'echo', 'hi')

import os; os.posix_spawn('/bin/echo', ['echo', 'hi'], {})

import os; os.kill(os.getpid(), 9)

import os; os.kill(1, 0)

import os; os.chdir('/')

import os; os.umask(0)

import os; os.mkdir('/tmp/dir')

import os; os.unlink('/etc/passwd')

import os; os._exit(0)

import os; os.abort()

import os; os.write(1, b'x')

import os; print os.getcwd()

import os; print os.path.abspath('x')

import os; print os.uname()

import os; print os.walk('/').next()

import glob; print glob.glob('/*')

import shutil; shutil.copy('/etc/passwd', '/tmp/copy')

import tempfile; tempfile.mkdtemp()

import tempfile; tempfile.NamedTemporaryFile()

import subprocess

import commands; print commands.getoutput('echo hi')

import multiprocessing

import ctypes

import _ctypes

import mmap

import select

import socket

import urllib; urllib.urlopen('http://localhost')

import urllib2; urllib2.urlopen('http://localhost')

import httplib

import ssl

import pty

import sqlite3

import fcntl

import signal; signal.alarm(1)

import signal; signal.signal(2, None)

import signal; signal.raise_signal(9)

import os; print os.sys.modules['posix'].open('/etc/passwd', 0)

import os, posix
sys = os.sys
del sys.modules['posix']
import posix as p2
print p2.open('/etc/passwd', 0)

import os
sys = os.sys
del sys.modules['_io']
import _io
print _io.FileIO('/etc/passwd').read()

import os
sys = os.sys
del sys.modules['_imp']
import _imp
class Spec(object):
  n = 0
  @property
  def name(self):
    self.n += 1
    return 'json' if self.n == 1 else 'posix'
print _imp.create_builtin(Spec()).open('/etc/passwd', 0)

import _imp
class Spec(object):
  name = '_ctypes'
print _imp.create_builtin(Spec()).dlopen

import _imp
class Name(str):
  def __eq__(self, o): return False
  def __hash__(self): return 1
class Spec(object):
  name = Name('posix')
print _imp.create_builtin(Spec()).open('/etc/passwd', 0)

def f():
  yield 1
g = f()
b = g.gi_frame.f_builtins
print b['open']('/etc/passwd').read()

import sys; print sys._getframe().f_builtins['__py3_open__']('/etc/passwd').read()

print __builtins__['open']('/etc/passwd').read()

print __builtins__['__py3_open__']('/etc/passwd').read()

print open.func_globals['__py3_open__']('/etc/passwd').read() if hasattr(open, 'func_globals') else open.__globals__['__py3_open__']('/etc/passwd').read()

import builtins; print builtins.open('/etc/passwd').read()

import os; print os.open.__self__
print os.fspath.__self__.open('/etc/passwd', 0)

import marshal; marshal.loads(b'x')

def f(): pass
type(f.__code__)(0)

def f(): pass
type(f.__code__).__new__(type(f.__code__), 0)

def f(): pass
f.__code__.replace(co_code=b'')

import types; types.CodeType(0)

import copy
def f(): pass
copy.replace(f.__code__, co_name='x')

import _imp; _imp.get_frozen_object('json', b'1234')

import gc; print len(gc.get_objects())

import sys; sys.stdin.read()

raw_input()

input()

import sys
for line in sys.stdin: pass

import os, sys; os.write(sys.stdout.fileno(), b'x')

breakpoint()

import pdb; pdb.set_trace()

import sys, StringIO
c = compile('1/0', '/etc/passwd', 'exec')
try: exec(c)
except ZeroDivisionError:
  import sys
  t = sys.exc_info()
  class W(object):
    def write(self, x): self.got = getattr(self, 'got', '') + x
    def flush(self): pass
  w = W()
  real = sys.stdout
  sys.stderr = w
  import traceback
  traceback._print_exception_bltin = None
  sys.excepthook(*t)
  print >>real, w.got

import sys
c = compile('1/0', '/etc/passwd', 'exec')
class W(object):
  got = ''
  def write(self, x): W.got += x
  def flush(self): pass
real = sys.stdout
class D(object):
  def __del__(self): exec(c)
sys.stderr = W()
d = D()
del d
print >>real, W.got

import sys
c = compile('1/0', '/etc/passwd', 'exec')
import traceback
try: exec(c)
except ZeroDivisionError: print traceback.format_exc()

import warnings; warnings.warn_explicit('x', UserWarning, '/etc/passwd', 1)

import logging; logging.FileHandler('/tmp/log')

import logging; logging.basicConfig(filename='/tmp/log')

import logging.config; logging.config.fileConfig('/etc/passwd')

import ConfigParser; c = ConfigParser.ConfigParser(); print c.read('/etc/passwd'), c.sections()

import gzip; gzip.open('/etc/passwd')

import bz2; bz2.BZ2File('/etc/passwd')

import lzma; lzma.open('/etc/passwd')

import zipfile; zipfile.ZipFile('/etc/passwd')

import tarfile; tarfile.open('/etc/passwd')

import shelve; shelve.open('/tmp/shelf')

import csv; print list(csv.reader(open('/etc/passwd')))

import json; print json.load(open('/etc/passwd'))

import xml.etree.ElementTree as e; e.parse('/etc/passwd')

import xml.dom.minidom as m; m.parse('/etc/passwd')

import xml.sax; xml.sax.parse('/etc/passwd', xml.sax.ContentHandler())

import time; print time.time()

import datetime; print datetime.datetime.now()

import datetime; print datetime.date.today()

import time; print time.strftime('%Y')

import time; print time.gmtime()

import time; print time.localtime(None)

import time; print time.clock()

import uuid; print uuid.uuid4()

import uuid; print uuid.uuid1()

import os; print os.urandom(3)

import random; print random.SystemRandom().random()

import secrets; print secrets.token_hex()

import platform; print platform.node()

import os; print os.getpid()

import os; print os.getlogin()

import sysconfig; print sysconfig.get_config_vars()

import pydoc; pydoc.help('os')

import locale; print locale.getpreferredencoding(), locale.localeconv()['decimal_point']
locale.setlocale(locale.LC_ALL, '')

import faulthandler

import webbrowser

import asyncio

import ensurepip; ensurepip.bootstrap()

import antigravity

import readline

import ctypes.util

import concurrent.futures as c
print c.ThreadPoolExecutor(1).submit(lambda: 5).result()

import io; io.BufferedReader(io.FileIO(0)).read()

import io; io.TextIOWrapper(open(0)).read()

import sys; print type(sys.__stdin__)
sys.__stdin__.buffer

import os; print os.get_terminal_size()

import os; print os.isatty(0)

import os; os.dup2(1, 0)

import os; os.closerange(0, 100)

import os; print os.supports_fd and os.scandir('/')

import runpy; runpy.run_path('/etc/passwd')

import code; code.interact()

import cmd; cmd.Cmd().cmdloop()

import doctest; doctest.testfile('/etc/passwd', module_relative=False)

import compileall; compileall.compile_file('/etc/passwd')

import py_compile; py_compile.compile('/etc/passwd')

import trace

import netrc; netrc.netrc('/etc/passwd')

import filecmp; filecmp.cmp('/etc/passwd', '/etc/passwd')

import dbm

import pwd

import functools, os
functools.partial(os.open, '/etc/passwd')(0)

import os
map(os.listdir, ['/'])

sorted(['/etc/passwd'], key=open)

import io
print io.FileIO.readall(io.FileIO.__new__(io.FileIO))

import io
class F(io.FileIO):
  def __init__(self): pass
f = F()
f.closefd = False
f.fd = 0
print f.read()

import io
f = io.FileIO.__new__(io.FileIO)
f.__setstate__({'fd': 0})

import os
sys = os.sys
del sys.modules['time']
import time
print time.time()

import os
sys = os.sys
del sys.modules['builtins']
import builtins
print builtins.open('/etc/passwd')

import importlib, posix
importlib.reload(posix)
print posix.open('/etc/passwd', 0)

import os, importlib
sys = os.sys
import importlib.machinery, importlib.util
spec = importlib.machinery.ModuleSpec('posix', importlib.machinery.BuiltinImporter)
del sys.modules['posix']
print importlib.util.module_from_spec(spec).open('/etc/passwd', 0)

import _imp
print _imp.init_frozen('os').open('/etc/passwd', 0)

import posix
print type(posix)('posix').open

import os
print os.DirEntry('/etc/passwd')

import io
print io.open(0, opener=lambda path, flags: 0)

import sys
def tracer(frame, event, arg):
  sys.settrace(None)
  frame.f_builtins['open']('/etc/passwd')
sys.settrace(tracer)
def f(): pass
f()

open.__code__ = (lambda *args: 5).__code__
file('/etc/passwd').read()

import ast
exec compile(ast.parse("print(open('/etc/passwd').read())"), '/etc/passwd', 'exec')

import sys
try: open('/etc/passwd')
except: print sys.exc_info()[2].tb_frame.f_globals['__builtins__']['open']('/etc/passwd')

import email.utils; print email.utils.formatdate()

import random; random.SystemRandom().seed(); print random.SystemRandom().random()

import site; print site.getusersitepackages()

import tempfile; tempfile.gettempdir()

import getpass; getpass.getpass()

import logging.handlers

import syslog; syslog.syslog('x')

import resource; print resource.getrlimit(0)

import _posixsubprocess

import _multiprocessing

import sys; sys.breakpointhook()

import sys; sys._baserepl()

import atexit, os; atexit.register(os._exit, 1); atexit._run_exitfuncs()

import os, posix
for name in dir(posix):
  value = getattr(posix, name)
  if isinstance(value, set):
    for function in value:
      if function.__name__ == 'open': print function('/etc/passwd', 0)
