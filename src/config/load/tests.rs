use std::path::Path;

use super::*;
use crate::config::keys::Kind;

fn parse(text: &str) -> Result<Config, Vec<Fault>> {
    let base = Arc::new(Base::new(Path::new("/site"), Path::new("/site")));
    Config::parse(text, &Arc::from("copydesk.toml"), PathBuf::new(), base)
}

fn faults(text: &str) -> Vec<Vec<String>> {
    parse(text).unwrap_err().iter().map(Fault::lines).collect()
}

#[test]
fn every_example_is_a_value_that_is_taken() {
    for key in KEYS {
        let config = parse(&format!("{} = {}\n", key.name, key.example));
        let config = config.unwrap_or_else(|faults| panic!("{faults:?}"));
        assert_eq!(config.values.given[key.name].line, 1, "{}", key.name);
        if !key.default.is_empty() && !matches!(key.kind, Kind::Scopes) {
            parse(&format!("{} = {}\n", key.name, key.default)).unwrap();
        }
    }
}

#[test]
fn every_key_that_may_stand_in_overrides_is_taken_there() {
    for key in KEYS {
        let text = format!("[[overrides]]\npaths = [\"a/\"]\n{} = {}\n", key.name, key.example);
        assert_eq!(parse(&text).is_ok(), key.per_path, "{}", key.name);
    }
}

#[test]
fn all_that_is_wrong_is_told_in_order() {
    let text =
        "treshold = 0.9\nmin-words = \"five\"\nselect = [\"repeated-paragraf\"]\nexclude = [\"a[b\"]\n";
    let told = faults(text);
    assert_eq!(
        told,
        [
            vec![
                "copydesk.toml:1:1: unknown key `treshold`",
                "  |",
                "1 | treshold = 0.9",
                "  | ^^^^^^^^ did you mean `threshold`?",
                "  = help: docs/configuration.md lists the keys, `copydesk config schema` tells editors",
            ],
            vec![
                "copydesk.toml:2:13: `min-words` is a string, and has to be a whole number",
                "  |",
                "2 | min-words = \"five\"",
                "  |             ^^^^^^",
                "  = help: such as min-words = 8",
            ],
            vec![
                "copydesk.toml:3:11: no rule is called `repeated-paragraf`",
                "  |",
                "3 | select = [\"repeated-paragraf\"]",
                "  |           ^^^^^^^^^^^^^^^^^^^ did you mean `repeated-paragraph`?",
                "  = help: `copydesk rules` lists them",
            ],
            vec![
                "copydesk.toml:4:12: `a[b` is not a glob",
                "  |",
                "4 | exclude = [\"a[b\"]",
                "  |            ^^^^^ unclosed character class; missing ']'",
                "  = help: globs are written as in .gitignore, from the folder of this file",
            ],
        ]
    );
}

#[test]
fn what_is_wrong_says_so() {
    for (text, expected) in [
        ("a = ", "copydesk.toml:1:"),
        ("min-words = -1", "`min-words` cannot be -1"),
        ("min-words = 99999999999", "cannot be 99999999999"),
        ("threads = 0", "write 1 or more"),
        ("threads = 70000", "write 1 to 65535"),
        ("threshold = 0", "write a decimal above 0 and up to 1"),
        ("threshold = 1e-1", "`threshold` cannot be 1e-1"),
        ("max-size = \"lots\"", "write a number of bytes"),
        ("hidden = 1", "`hidden` is a whole number, and has to be true or false"),
        ("profile = \"tight\"", "there are verbatim, whitespace, standard, loose"),
        ("fail-on = \"errors\"", "did you mean `error`?"),
        ("blocks = [\"headings\"]", "did you mean `heading`?"),
        ("blocks = \"heading\"", "has to be a list of strings"),
        ("blocks = [1]", "an item of `blocks` is a whole number"),
        ("encoding = \"klingon\"", "no encoding is called `klingon`"),
        ("severity = { boilerplate = \"bad\" }", "no level is called `bad`"),
        ("severity = { boilerplat = \"off\" }", "did you mean `boilerplate`?"),
        ("severity = [\"boilerplate\"]", "`severity` is a list, and has to be a table"),
        ("fields = { body = \"x\" }", "no meaning of a field is called `body`"),
        ("fields = { text = \"\" }", "`fields.text` is empty"),
        ("output = { json = \"a\", sarif = \"a\" }", "two reports would go to one file"),
        ("scope = 1", "write [scope]"),
        ("[scope]\ncompare-with = []", "unknown key `scope.compare-with`"),
        ("[scope]\ncompare-within = [\"docs/**\"]", "no name in braces"),
        ("[rules.empty-text]\nlevel = 1", "`empty-text` has no settings of its own"),
        ("[rules.boilerplat]\ndocuments = 1", "no rule is called `boilerplat`"),
        ("[rules.boilerplate]\ndocument = 1", "did you mean `documents`?"),
        ("[rules.boilerplate]\nallow = [\"*\"]", "the pattern has no word"),
        ("overrides = 1", "write [[overrides]]"),
        ("[overrides]\npaths = []", "has to be a list of tables"),
        ("[[overrides]]\nmin-words = 1", "does not say which paths"),
        ("[[overrides]]\npaths = []", "`paths` is empty"),
        ("[[overrides]]\npaths = [\"a\"]\nthreshold = 0.5", "cannot be set for some paths only"),
        ("[[overrides]]\npath = [\"a\"]", "did you mean `paths`?"),
        ("[[allow]]\npattern = \"word\"", "[[allow]] gives no reason"),
        ("[[allow]]\nreason = \"x\"", "[[allow]] does not say what"),
        ("[[allow]]\nreason = \" \"\npattern = \"x\"", "the reason is empty"),
        ("[[allow]]\nfingerprint = \"abc\"\nreason = \"x\"", "`abc` is no fingerprint"),
        (
            "[[allow]]\nfingerprint = \"00112233445566778899aabbccddeeff\"\npattern = \"x\"\nreason = \"x\"",
            "both a fingerprint and a pattern",
        ),
        ("[[allow]]\nreasons = \"x\"", "did you mean `reason`?"),
    ] {
        let told = faults(text);
        assert!(told.concat().join("\n").contains(expected), "{text}:\n{told:#?}");
        for line in told.concat() {
            assert!(!line.contains('\n') && line.chars().count() <= 110, "{line}");
        }
    }
}

#[test]
fn tables_keep_their_order_and_lines() {
    let text = "\u{feff}# first\r\n[[overrides]]\r\npaths = [\"b/\"]\r\n\r\n[[overrides]]\r\npaths = [\"a/\"]\r\n\
                [[allow]]\r\nfingerprint = \"00112233445566778899AABBCCDDEEFF\"\r\nreason = \"why\"\r\n";
    let config = parse(text).unwrap();
    let lines: Vec<_> = config.overrides.iter().map(|one| (one.written[0].as_str(), one.line)).collect();
    assert_eq!(lines, [("b/", 2), ("a/", 5)]);
    let place = &config.allow[0].place;
    assert_eq!((place.start.line, place.start.column, place.end.column), (7, 1, 10));
}
