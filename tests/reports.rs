//! Every report of `check` on a corpus of hostile text: valid in its format, and obeyed by nobody.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::process::Command;

use html5gum::{Token, Tokenizer};
use quick_xml::events::Event;
use serde_json::Value;

const FORMATS: [&str; 11] = [
    "full",
    "concise",
    "json",
    "jsonl",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "checkstyle",
    "markdown",
    "html",
];

/// What a document may hold to be taken for something else.
const HOSTILE: &str = "::error file=x::owned ]]> </script><script>alert(1)</script> <!-- --> \u{202e}txt.exe\u{202c} \
                       \x1b[31mred\x07 ##[error]x ##vso[task.complete] | a | `b` ![c](javascript:d) &amp; \u{9b}1m \
                       \u{2028}::warning::y \"quoted\" 'single' \\ \u{fffe} \u{7f}";

fn reports() -> Vec<(&'static str, String)> {
    let folder = tempfile::tempdir().unwrap();
    let long = "Lorem ipsum dolor sit amet, consectetur <b>adipiscing</b> elit. ".repeat(1700);
    assert!(long.len() > 100_000);
    let one = format!(
        "{HOSTILE}\n\nBetween the two stands this line.\n\n{HOSTILE}\n\n{long}\n\nAnd this one.\n\n{long}\n"
    );
    fs::write(folder.path().join("::error::a]]>.txt"), one).unwrap();
    let record = |id: &str| serde_json::json!({"id": id, "title": HOSTILE, "text": HOSTILE}).to_string();
    fs::write(
        folder.path().join("b.jsonl"),
        format!("{}\n{}\n{{\n", record("::x"), record("\u{1b}]0;y\u{7}")),
    )
    .unwrap();
    fs::write(
        folder.path().join("c.md"),
        format!("# {HOSTILE}\n\n{HOSTILE}\n\nâ€™ and a line of its own.\n"),
    )
    .unwrap();
    let place = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    command.args(["check", "--select", "ALL", "--format", "concise"]).current_dir(folder.path());
    for format in FORMATS {
        command.arg("-o").arg(format!("{format}={}", place.path().join(format).display()));
    }
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2), "the last record is broken");
    let read = |format: &'static str| (format, fs::read_to_string(place.path().join(format)).unwrap());
    FORMATS.into_iter().map(read).collect()
}

fn schema(path: &str) -> jsonschema::Validator {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    // One pattern of SARIF's is no regular expression (`]?`); we write no language.
    for definition in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{definition}/properties/language"));
        language.map(|language| language.as_object_mut().unwrap().remove("pattern"));
    }
    jsonschema::validator_for(&schema).unwrap()
}

fn validate(what: &str, schema: &jsonschema::Validator, text: &str) -> Value {
    let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{what}: {error}"));
    let errors: Vec<String> =
        schema.iter_errors(&value).map(|error| format!("{} {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{what}: {}", errors.join("\n"));
    value
}

fn well_formed(what: &str, xml: &str) {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert_eq!(xml.chars().find(|&c| !allowed(c)), None, "{what}: XML 1.0 forbids it");
    let mut reader = quick_xml::Reader::from_str(xml);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return,
            Ok(_) => {}
            Err(error) => panic!("{what}: {error}"),
        }
    }
}

/// The page's elements, by name, and the texts of its scripts.
fn page(html: &str) -> (Vec<String>, usize) {
    let (mut names, mut links) = (Vec::new(), 0);
    for token in Tokenizer::new(html).flatten() {
        if let Token::StartTag(tag) = token {
            let name = String::from_utf8_lossy(&tag.name).into_owned();
            for (attribute, value) in &tag.attributes {
                let attribute = String::from_utf8_lossy(attribute);
                let value = String::from_utf8_lossy(value);
                assert!(!attribute.starts_with("on"), "{name} {attribute}");
                let loads = matches!(&*attribute, "src" | "href") && !value.starts_with('#');
                links += usize::from(loads);
            }
            names.push(name);
        }
    }
    (names, links)
}

#[test]
fn every_format_is_valid_and_harmless() {
    for (format, text) in reports() {
        let acting = |c: char| c != '\n' && copydesk::report::visible::acts(c);
        assert_eq!(text.chars().find(|&c| acting(c)), None, "{format}");
        let commands = text.lines().filter(|line| line.trim_start().starts_with("::"));
        match format {
            "github" => {
                let own = [
                    "::error file=",
                    "::warning file=",
                    "::notice file=",
                    "::error::",
                    "::notice::",
                    "::warning::",
                ];
                for line in commands {
                    assert!(own.iter().any(|own| line.starts_with(own)), "{line}");
                }
            }
            _ => assert_eq!(commands.count(), 0, "{format}"),
        }
        assert!(!text.contains("##[error]") && !text.contains("##vso["), "{format}");
        match format {
            "json" => {
                let report = validate(format, &schema("docs/json-schema/check.schema.json"), &text);
                assert!(report["findings"].as_array().unwrap().len() >= 5);
            }
            "jsonl" => {
                let schema = schema("docs/json-schema/check-line.schema.json");
                text.lines().for_each(|line| drop(validate(format, &schema, line)));
            }
            "sarif" => drop(validate(format, &schema("tests/schemas/sarif-2.1.0.schema.json"), &text)),
            "gitlab" => drop(validate(format, &schema("docs/json-schema/gitlab.schema.json"), &text)),
            "junit" | "checkstyle" => well_formed(format, &text),
            "markdown" => assert!(text.len() < 1 << 20, "{} bytes", text.len()),
            "html" => {
                let (names, links) = page(&text);
                assert_eq!(names.iter().filter(|name| *name == "script").count(), 1, "our own script only");
                assert_eq!(names.iter().filter(|name| *name == "b" || *name == "img").count(), 0);
                assert_eq!(links, 0, "the page loads nothing");
                assert!(text.len() < 200_000, "a long passage is cut: {} bytes", text.len());
            }
            "full" | "concise" | "github" => {}
            other => panic!("{other} is checked by nobody"),
        }
    }
}

#[test]
fn a_walk_passes_over_what_copydesk_wrote_itself() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_copydesk"));
        program.args(arguments).current_dir(folder.path()).output().unwrap()
    };
    let twice =
        "The quay at Hask is closed to cars until the end of the month, the board said.\n\n".repeat(2);
    fs::write(folder.path().join("a.txt"), &twice).unwrap();
    fs::write(folder.path().join("b.txt"), twice.replace("month", "year")).unwrap();
    let told = String::from_utf8(run(&["check", ".", "-q"]).stdout).unwrap();
    assert_eq!(told.lines().filter(|line| line.contains("repeated-paragraph")).count(), 2, "{told}");
    for format in ["html", "markdown", "json"] {
        for (command, name) in [("diff", "diff"), ("history", "history")] {
            let output = run(&[command, "a.txt", "b.txt", "--format", format]);
            let ending = if format == "markdown" { "md" } else { format };
            fs::write(folder.path().join(format!("{name}.{ending}")), output.stdout).unwrap();
        }
    }
    run(&["check", ".", "-q", "-o", "html=check.html", "-o", "markdown=check.md", "-o", "json=check.json"]);
    run(&["index", "add", "i.copydesk-index", "a.txt", "b.txt"]);
    fs::write(folder.path().join("export.jsonl"), run(&["index", "export", "i.copydesk-index"]).stdout)
        .unwrap();
    let again = run(&["check", ".", "-q"]);
    assert_eq!(String::from_utf8(again.stdout).unwrap(), told);
    assert_eq!(String::from_utf8(again.stderr).unwrap(), "");
    // Who names a report wants it read.
    let named = run(&["check", "check.md", "--format", "json"]);
    let named: Value = serde_json::from_slice(&named.stdout).unwrap();
    assert_eq!(named["summary"]["documents"], 1);
}
