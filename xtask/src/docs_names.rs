//! Checks that the pages for contributors name things that exist: items, files and links.

use std::fs;
use std::path::{Path, PathBuf};

use crate::workspace_root;

/// Words that begin the declaration of an item.
const KEYWORDS: &[&str] = &[
    "fn",
    "struct",
    "enum",
    "trait",
    "mod",
    "const",
    "static",
    "type",
    "macro_rules!",
];

/// Words that may come before such a word.
const MODIFIERS: &[&str] = &["async", "const", "default", "unsafe"];

/// The code spans of a page, without those in fenced blocks.
fn code_spans(page: &str) -> Vec<&str> {
    let prose = page.split("```").step_by(2);
    prose
        .flat_map(|text| text.split('`').skip(1).step_by(2))
        .collect()
}

/// The segments of a span such as `aurora_rpc::SchedulerClient::call`; `None` if it is something else.
fn item_path(span: &str) -> Option<Vec<&str>> {
    let segments: Vec<&str> = span.split("::").collect();
    let is_name = |text: &&str| {
        text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text
                .chars()
                .all(|char| char.is_ascii_alphanumeric() || char == '_')
    };
    (segments.len() > 1 && segments.iter().all(is_name)).then_some(segments)
}

/// All files with that ending in a folder and in the folders below it.
fn files_below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = paths
        .flat_map(|path| match path.is_dir() {
            true => files_below(&path, ending),
            false => vec![path],
        })
        .filter(|path| path.extension().is_some_and(|it| it == ending))
        .collect();
    files.sort();
    files
}

/// Whether the line declares an item of that name.
fn declares(line: &str, name: &str) -> bool {
    let mut rest = line.trim_start();
    if let Some(after) = rest.strip_prefix("pub") {
        let after = after.trim_start();
        rest = match after.strip_prefix('(') {
            Some(scope) => scope.split_once(')').map_or("", |(_, rest)| rest),
            None => after,
        };
    }
    let mut words = rest.split_whitespace().peekable();
    while let Some(word) = words.next() {
        if KEYWORDS.contains(&word)
            && let Some(declared) = words.peek()
        {
            let is_part = |char: char| char.is_ascii_alphanumeric() || char == '_';
            let end = declared.find(|char| !is_part(char));
            if declared[..end.unwrap_or(declared.len())] == *name {
                return true;
            }
        }
        if !MODIFIERS.contains(&word) {
            return false;
        }
    }
    false
}

/// Whether the line is a variant of that name in the body of an enum.
fn is_variant(line: &str, name: &str) -> bool {
    let rest = line.trim_start().strip_prefix(name);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([',', '(', ' ', '{']))
}

/// Whether a type has such a method, constant or variant: rustfmt ends each block at the indentation of its first line.
fn has_member(text: &str, owner: &str, member: &str) -> bool {
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let is_impl = line.trim_start().starts_with("impl");
        if !is_impl && !declares(line, owner) {
            continue;
        }
        let mut header = line.to_owned();
        while !header.ends_with('{') && !header.ends_with(['}', ';']) {
            match lines.next() {
                Some(line) => header.push_str(line),
                None => return false,
            }
        }
        let mut words = header.split(|char: char| !char.is_ascii_alphanumeric() && char != '_');
        if !header.ends_with('{') || !words.any(|word| word == owner) {
            continue;
        }
        let indentation = &line[..line.len() - line.trim_start().len()];
        let end = format!("{indentation}}}");
        for line in lines.by_ref().take_while(|line| **line != end) {
            if declares(line, member) || (!is_impl && is_variant(line, member)) {
                return true;
            }
        }
    }
    false
}

/// The reason why an item does not exist in the crate whose sources are in `folder`.
fn missing(folder: &Path, path: &[&str]) -> Option<String> {
    let is_type = |segment: &str| segment.starts_with(|first: char| first.is_ascii_uppercase());
    let mut path = path;
    let mut folder = folder.to_owned();
    let mut own_file = None;
    while let [module, _, ..] = path
        && !is_type(module)
    {
        own_file = Some(folder.join(format!("{module}.rs")));
        folder = folder.join(module);
        if !folder.is_dir() && !own_file.as_ref().is_some_and(|file| file.is_file()) {
            return Some(format!("there is no module {module}"));
        }
        path = &path[1..];
    }
    let mut files = files_below(&folder, "rs");
    files.extend(own_file.filter(|file| file.is_file()));
    let texts: Vec<String> = files
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    let declared = |name: &str| {
        let is_file = folder.join(format!("{name}.rs")).is_file() || folder.join(name).is_dir();
        is_file
            || texts
                .iter()
                .any(|text| text.lines().any(|line| declares(line, name)))
    };
    match path {
        [item] if declared(item) => None,
        [item] => Some(format!("{item} is not declared")),
        [owner, member] if texts.iter().any(|text| has_member(text, owner, member)) => None,
        [owner, member] => Some(format!("{owner} has no {member}")),
        _ => Some("the path is too long".to_owned()),
    }
}

/// Every item on a page that does not exist, with the reason.
fn missing_items(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for path in code_spans(page).into_iter().filter_map(item_path) {
        let package = path[0].replace('_', "-");
        let folder = workspace_root().join("crates").join(package).join("src");
        let reason = match folder.is_dir() {
            true => missing(&folder, &path[1..]),
            false => Some("there is no such crate".to_owned()),
        };
        found.extend(reason.map(|reason| format!("{}: {reason}", path.join("::"))));
    }
    found
}

fn read(page: &str) -> String {
    fs::read_to_string(workspace_root().join(page)).unwrap()
}

#[test]
fn items_that_the_architecture_names_exist() {
    let page = read("docs/architecture.md");
    assert_eq!(missing_items(&page), [""; 0], "in docs/architecture.md");
    let named = code_spans(&page).into_iter().filter_map(item_path);
    assert!(named.count() > 30, "the page names the functions");
}

#[test]
fn items_that_do_not_exist_are_found() {
    let page =
        "`aurora_jobkey::JobKey::role` and `aurora_jobkey::JobKey::rule`, `aurora_jobkey::Key`,
        `aurora_jobkey::keys::JobKey`, `aurora_cli::failure::Failure::new`, `aurora_joke::Joke`;
        `aurora_compat::Compat::Released`, `a sentence`, `--option`";
    assert_eq!(
        missing_items(page),
        [
            "aurora_jobkey::JobKey::rule: JobKey has no rule",
            "aurora_jobkey::Key: Key is not declared",
            "aurora_jobkey::keys::JobKey: there is no module keys",
            "aurora_joke::Joke: there is no such crate",
        ]
    );
}

#[test]
fn files_that_the_contributing_page_names_exist() {
    let page = read("CONTRIBUTING.md");
    let is_file = |span: &&str| {
        let path = Path::new(span);
        span.contains('/') && path.extension().is_some() && !span.contains([' ', '*', '…', '<'])
    };
    let named: Vec<&str> = code_spans(&page).into_iter().filter(is_file).collect();
    let gone: Vec<&&str> = named
        .iter()
        .filter(|path| !workspace_root().join(path).exists())
        .collect();
    assert!(gone.is_empty(), "CONTRIBUTING.md names {gone:?}");
}

#[test]
fn links_between_files_lead_somewhere() {
    let root = workspace_root();
    let mut pages = vec![root.join("README.md"), root.join("CONTRIBUTING.md")];
    pages.extend(files_below(&root.join("docs"), "md"));
    pages.extend(files_below(&root.join("crates"), "md"));
    let mut broken = Vec::new();
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        let prose: String = text.split("```").step_by(2).collect();
        for link in prose.split("](").skip(1) {
            let target = link.split([')', '#']).next().unwrap();
            let is_local = !target.is_empty() && !target.contains(':');
            if is_local && !page.parent().unwrap().join(target).exists() {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert_eq!(broken, [""; 0]);
}
