# -*- coding: utf-8 -*-
from __future__ import unicode_literals
print repr('é'), repr(b'\xc3'), repr('a' + b'b'), isinstance('x', unicode)
