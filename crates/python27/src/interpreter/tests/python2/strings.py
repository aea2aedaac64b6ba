# -*- coding: utf-8 -*-
print 'caf\xc3\xa9', len('café'), len(u'café'), repr('café'), repr(u'café'), ['é', u'é']
print repr('\u00e9'), repr(ur'\d\u0041'), repr(b'x'), repr('a' u'b'), repr(r'\x\u00e9')
print repr('a' + u'b'), repr('%s' % u'x'), repr(u'%s' % 'x'), repr(','.join(['a', u'b'])), repr(u'ab'.upper())
print repr('é' + 'x'), repr('é%s' % 1), 'é' * 2, 'é' == 'é', u'\xe9' == u'é'
print repr(u'\u20ac'.encode('utf-8')), repr('\xe2\x82\xac'.decode('utf-8')), 'abc'.encode('hex'), '6162'.decode('hex')
print 'abc'.encode('base64'), repr(unichr(233)), ord('\xe9'), repr(chr(233)), repr(unicode('folio'))
print isinstance('a', basestring), isinstance(u'a', unicode), isinstance('a', unicode), type(u'a').__name__
for text in ('é', u'é'):
  try:
    print unicode(text) == u'é', 1
  except UnicodeDecodeError, e:
    print e
  except UnicodeEncodeError, e:
    print 'not ascii'
