//! What types, references and templates show of themselves.

use super::objects::printed;

#[test]
fn templates_are_split_joined_and_resolved() {
    let shown = printed(
        "ref = Ref.from_address\n\
         print MustacheParser.split('a {{foo}} {{&bar}} z'), MustacheParser.split('{{foo}}')\n\
         scope = Environment(foo='{{bar}}', bar='{{baz}}', baz='hello')\n\
         print MustacheParser.join(MustacheParser.split('{{baz}} {{no}} {{&baz}}'), scope)\n\
         print MustacheParser.resolve('{{foo}} {{no}}', scope)\n\
         try: MustacheParser.resolve('{{a}}', Environment(a='{{b}}', b='{{a}}'))\n\
         except MustacheParser.Uninterpolatable: print 'loop'\n\
         print ref('a.b[c]').components(), ref('a').scoped_to(ref('a[1]')), isinstance(ref('a'), Ref)\n",
    );
    assert_eq!(
        shown,
        "['a ', Ref(foo), ' ', '{{bar}}', ' z'] [Ref(foo)]\n\
         (u'hello {{no}} {{baz}}', [Ref(no)])\n\
         (u'hello {{no}}', [Ref(no)])\n\
         loop\n\
         [Dereference(a), Dereference(b), Index(c)] {{[1]}} True\n"
    );
}

#[test]
fn a_type_can_be_described_and_made_again() {
    let shown = printed(
        "class Gear(Struct):\n  name = Required(String)\n  count = Default(Integer, 3)\n  \
         sizes = List(Map(String, Float))\n  kind = Enum('A', 'B')\n\
         print Gear.serialize_type()[:3]\n\
         known = {}\n\
         again = TypeFactory.new(known, *Gear.serialize_type())\n\
         print again.serialize_type() == Gear.serialize_type(), again(name='x').check(), sorted(known)\n\
         print Gear.TYPEMAP['name'], Gear(name='x')._schema_data['count'], Gear.TYPEMAP['count'].required\n\
         print Integer.checker('x').ok(), Integer.checker('4').ok(), TypeCheck.failure('no').message()\n\
         print Float, Gear, type(Gear), isinstance(String('a'), SimpleObject), issubclass(Gear, Type)\n\
         print String('a').bind(x=1).scopes()\n",
    );
    assert_eq!(
        shown,
        "('Struct', 'Gear', ('count', (False, 3, False, ('Integer',))))\n\
         True TypeCheck(OK) ['Enum_A_B', 'Gear']\n\
         TypeSignature(String, required: True, default: <class 'pystachio.composite.Empty'>, empty: True) 3 False\n\
         False True no\n\
         <class 'pystachio.basic.Float'> <class 'pystachio.typing.Gear'> <class 'pystachio.typing.TypeMetaclass'> True True\n\
         (Environment({Ref(x): '1'}),)\n"
    );
}
