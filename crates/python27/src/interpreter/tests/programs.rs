//! Each program in `python2/` prints what CPython 2.7.18 printed when the text file beside it was
//! recorded.

use super::printed;

macro_rules! programs {
    ($($name:ident,)*) => {
        $(
            #[test]
            fn $name() {
                let program = include_bytes!(concat!("python2/", stringify!($name), ".py"));
                let recorded = include_str!(concat!("python2/", stringify!($name), ".txt"));
                assert_same(&printed(program), recorded);
            }
        )*
    };
}

/// Fails with the lines that differ.
fn assert_same(printed: &str, recorded: &str) {
    let differing: Vec<String> = printed
        .lines()
        .zip(recorded.lines())
        .filter(|(ours, theirs)| ours != theirs)
        .map(|(ours, theirs)| format!("printed  {ours}\nrecorded {theirs}"))
        .collect();
    assert!(
        differing.is_empty(),
        "{}\n\nall:\n{printed}",
        differing.join("\n")
    );
    assert_eq!(printed, recorded);
}

programs! {
    print_statements,
    print_as_a_function,
    softspace,
    exceptions,
    numbers,
    true_division,
    user_division,
    strings,
    undeclared_coding,
    unicode_literals,
    representations,
    dictionaries,
    sets,
    built_in_functions,
    mixed_order,
    classes,
    tuple_parameters,
    run_time_code,
    spelling,
    modules,
    comprehensions,
    generators,
    order_after_removal,
    comparisons,
    words,
    printing_in_turn,
    slices,
    seeded_random,
    more_modules,
    long_integers,
    json_problems,
    keyword_order,
    views,
    text_results,
    exception_arguments,
}
