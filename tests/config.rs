//! The settings file: that its schema, its page and its loader say the same, and what the commands around it
//! write.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use copydesk::config::keys::ALLOW_KEYS;
use copydesk::config::schema::schema;
use copydesk::config::{Config, KEYS};
use copydesk::read::paths::Base;
use serde_json::Value;
use tempfile::TempDir;

fn page() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md")).unwrap()
}

/// What stands in the fenced blocks of `language` in a page.
fn blocks<'p>(page: &'p str, language: &str) -> Vec<&'p str> {
    let open = format!("\n```{language}\n");
    page.match_indices(&open)
        .map(|(at, _)| {
            let block = &page[at + open.len()..];
            &block[..block.find("\n```").unwrap() + 1]
        })
        .collect()
}

fn parse(text: &str) -> Config {
    let base = Arc::new(Base::new(Path::new("/"), Path::new("/")));
    let config = Config::parse(text, &Arc::from("copydesk.toml"), PathBuf::new(), base);
    config.unwrap_or_else(|faults| panic!("{text}\n{faults:?}"))
}

#[test]
fn the_published_schema_is_what_the_command_prints() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json-schema/config.schema.json");
    let published: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let redo = "copydesk config schema > docs/json-schema/config.schema.json";
    assert_eq!(published, schema(), "write it anew: {redo}");
}

#[test]
fn the_page_names_every_key_with_its_default() {
    let page = page();
    for key in KEYS {
        let row = page.lines().find(|line| line.starts_with(&format!("| `{}` |", key.name)));
        let row = row.unwrap_or_else(|| panic!("docs/configuration.md has no row on `{}`", key.name));
        assert!(key.default.is_empty() || row.contains(&format!("| `{}` |", key.default)), "{row}");
        assert_eq!(row.contains("Per path."), key.per_path, "{row}");
    }
    for (name, _) in ALLOW_KEYS {
        assert!(page.contains(&format!("`{name}`")), "docs/configuration.md does not name `{name}`");
    }
}

#[test]
fn every_example_of_the_page_is_taken_and_each_key_has_one() {
    let page = page();
    let examples = blocks(&page, "toml");
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for key in KEYS {
        let stands = |text: &&str| parse(text).values.given.contains_key(key.name);
        assert!(examples.iter().any(stands), "docs/configuration.md has no example of `{}`", key.name);
    }
    for example in examples {
        let config = parse(example);
        for given in config.values.given.values() {
            assert!(given.line > 0);
        }
        let whole = whole(&config);
        assert!(validator.is_valid(&whole), "{example}\n{whole}");
    }
}

/// The settings of a file as the JSON that its schema is about; without allowances.
fn whole(config: &Config) -> Value {
    let table = |values: &copydesk::config::Values| {
        let mut all = serde_json::Map::new();
        for (name, given) in &values.given {
            let mut parts: Vec<&str> = name.split('.').collect();
            let last = parts.pop().unwrap();
            let mut at = &mut all;
            for part in parts {
                let inner = at.entry(part).or_insert_with(|| Value::Object(serde_json::Map::new()));
                at = inner.as_object_mut().unwrap();
            }
            at.insert(last.to_owned(), given.value.clone());
        }
        all
    };
    let mut all = table(&config.values);
    let overrides = config.overrides.iter().map(|one| {
        let mut inner = table(&one.values);
        inner.insert("paths".to_owned(), one.written.clone().into());
        Value::Object(inner)
    });
    all.insert("overrides".to_owned(), overrides.collect());
    Value::Object(all)
}

fn run(place: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_copydesk"))
        .args(arguments)
        .current_dir(place)
        .env_remove("CLICOLOR_FORCE")
        .output()
        .unwrap()
}

fn told(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let place = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let file = place.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }
    place
}

const STORY: &str = "The harbour bridge will stay shut until the end of the month, the council said.\n";

#[test]
fn init_writes_what_fits_and_never_over_what_is_there() {
    let place = folder(&[("docs/v1/a.md", STORY), ("docs/v2/a.md", STORY)]);
    let output = run(place.path(), &["init"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let written = fs::read_to_string(place.path().join("copydesk.toml")).unwrap();
    assert!(written.contains("compare-within = [\"docs/{version}/**\"]"), "{written}");
    // What it wrote is read, and the two versions are no copies of each other any more.
    let output = run(place.path(), &["check", "--fail-on", "info"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let output = run(place.path(), &["check", "--no-config"]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));

    fs::write(place.path().join("copydesk.toml"), "# mine\n").unwrap();
    let output = run(place.path(), &["init"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("copydesk.toml: stands there already; --force replaces it"));
    assert_eq!(fs::read_to_string(place.path().join("copydesk.toml")).unwrap(), "# mine\n");
    assert_eq!(run(place.path(), &["init", "--force"]).status.code(), Some(0));
    assert_eq!(run(place.path(), &["init", "nowhere"]).status.code(), Some(2));
    assert_eq!(run(place.path(), &["init", "docs/v1", "-q"]).status.code(), Some(0));
    assert!(place.path().join("docs/v1/copydesk.toml").is_file());
}

#[test]
fn allow_writes_to_the_nearest_file_and_keeps_the_rest() {
    let key = "00112233445566778899aabbccddeeff";
    let place = folder(&[(".copydesk.toml", "# ours\nmin-words = 7   # few\n"), ("docs/a.md", STORY)]);
    let docs = place.path().join("docs");
    let output = run(&docs, &["allow", key, "--reason", "quoted \"so\"", "--path", "docs/"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(
        told(&output).starts_with("../.copydesk.toml:4: 00112233445566778899aabbccddeeff is allowed now")
    );
    let written = fs::read_to_string(place.path().join(".copydesk.toml")).unwrap();
    assert_eq!(
        written,
        format!(
            "# ours\nmin-words = 7   # few\n\n[[allow]]\nfingerprint = \"{key}\"\npaths = [\"docs/\"]\nreason = \
             \"quoted \\\"so\\\"\"\n"
        )
    );
    assert!(!docs.join("copydesk.toml").exists());
    // Everywhere is more than under docs/; once it is everywhere, it is allowed already.
    assert!(told(&run(&docs, &["allow", key, "--reason", "all"])).contains("allowed now: all"));
    let output = run(&docs, &["allow", key, "--reason", "again"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(told(&output).contains("is allowed already: all"), "{}", told(&output));
    // What is wrong is told, and nothing is written.
    let before = fs::read_to_string(place.path().join(".copydesk.toml")).unwrap();
    for (arguments, expected) in [
        (&["allow", "0011", "--reason", "x"][..], "a fingerprint is 32 hexadecimal digits"),
        (&["allow", key], "--reason"),
        (&["allow", key, "--reason", " "], "say why"),
        (&["allow", key, "--reason", "x", "--rule", "shared-paragraf"], "did you mean `shared-paragraph`?"),
        (&["allow", key, "--reason", "x", "--path", "a[b"], "`a[b` is not a glob"),
    ] {
        let output = run(&docs, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", told(&output));
        assert!(told(&output).contains(expected), "{arguments:?}: {}", told(&output));
    }
    assert_eq!(fs::read_to_string(place.path().join(".copydesk.toml")).unwrap(), before);
}

#[test]
fn allow_makes_the_file_where_there_is_none() {
    let place = folder(&[("a.md", STORY)]);
    let arguments = ["allow", "00112233445566778899aabbccddeeff", "--reason", "why"];
    // A file above the temporary folder would be taken.
    let output = run(place.path(), &[&arguments[..], &["--config", "copydesk.toml"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let written = fs::read_to_string(place.path().join("copydesk.toml")).unwrap();
    assert!(written.starts_with("[[allow]]\n"), "{written}");
    assert_eq!(run(place.path(), &["check"]).status.code(), Some(0));
}

#[test]
fn the_nearest_file_above_the_first_path_counts() {
    let place = folder(&[
        ("copydesk.toml", "min-words = 99\n"),
        ("docs/copydesk.toml", "[severity]\nrepeated-paragraph = \"warning\"\n"),
        ("docs/deep/a.md", &format!("{STORY}\n{STORY}")),
        ("other.md", &format!("{STORY}\n{STORY}")),
        ("ci.toml", "fail-on = \"never\"\n"),
    ]);
    let status = |arguments: &[&str]| run(place.path(), arguments).status.code();
    let shown = |arguments: &[&str]| told(&run(place.path(), arguments));
    assert!(shown(&["check", "docs"]).contains("warning[repeated-paragraph]"));
    assert!(shown(&["check", "docs/deep/a.md"]).contains("warning[repeated-paragraph]"));
    assert!(shown(&["check", "docs/deep/*.md"]).contains("warning[repeated-paragraph]"));
    assert_eq!(status(&["check", "other.md", "docs"]), Some(0));
    assert_eq!(status(&["check", "other.md", "--no-config"]), Some(1));
    assert_eq!(status(&["check", "other.md", "--config", "ci.toml"]), Some(0));
    assert!(shown(&["check", "other.md", "--config", "ci.toml"]).contains("error[repeated-paragraph]"));
    assert_eq!(status(&["check", "other.md", "--config", "gone.toml"]), Some(2));
    assert_eq!(status(&["check", "other.md", "--config", "ci.toml", "--no-config"]), Some(2));
    assert!(run(&place.path().join("docs/deep"), &["config", "show"]).status.success());
    assert!(
        told(&run(&place.path().join("docs/deep"), &["config", "show"])).starts_with("# ../copydesk.toml\n")
    );
}
