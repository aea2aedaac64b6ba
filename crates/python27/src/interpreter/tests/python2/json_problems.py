import json
for bad in ('{','[1,]','{a:1}','','nope','{"a":1} x', "{'a':1}", '["a', '{"a" 1}', '{"a":1,}','[1 2]','{"a":','[','{"a":1','[1,2','"a\nb"', '{"a":1,','{1:2}','  ','"\\x"','[1,'):
    try: json.loads(bad)
    except ValueError, e: print repr(bad), e
