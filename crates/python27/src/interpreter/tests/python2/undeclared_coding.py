# façade
print repr(u'pâté'), len('é')
