//! Runs every case of corpus/cases: a folder with a `command`, input, and `expected.txt`.
//!
//! `COPYDESK_BLESS=1 cargo test --test cases` writes what came out as what is expected. Read the
//! difference before you commit it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use similar::TextDiff;

/// What in a case folder is no input.
const OWN: [&str; 4] = ["before", "command", "expected.txt", "why.md"];

#[test]
fn cases() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/cases");
    let mut folders: Vec<PathBuf> = fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("command").is_file())
        .collect();
    folders.sort();
    assert!(!folders.is_empty(), "no case in {}", root.display());
    let bless = std::env::var_os("COPYDESK_BLESS").is_some();
    let failures: Vec<String> = folders.iter().filter_map(|folder| run_case(folder, bless).err()).collect();
    assert!(
        failures.is_empty(),
        "{} of {} cases failed (COPYDESK_BLESS=1 accepts what came out):\n\n{}",
        failures.len(),
        folders.len(),
        failures.join("\n")
    );
}

/// Runs the case in a copy of its folder and compares; the error says what is wrong with it.
fn run_case(folder: &Path, bless: bool) -> Result<(), String> {
    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
    let line = fs::read_to_string(folder.join("command")).unwrap();
    let arguments = split(line.trim_end_matches('\n'));
    let place = tempfile::tempdir().unwrap();
    copy(folder, place.path(), &OWN);
    let run = |arguments: &[String]| {
        Command::new(env!("CARGO_BIN_EXE_copydesk"))
            .args(arguments)
            .current_dir(place.path())
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR")
            .env_remove("CLICOLOR_FORCE")
            .stdin(Stdio::null())
            .output()
            .unwrap()
    };
    // Runs that come before: what they say is not looked at, only what they leave behind.
    for line in fs::read_to_string(folder.join("before")).unwrap_or_default().lines() {
        let status = run(&split(line)).status;
        assert!(matches!(status.code(), Some(0 | 1)), "{name}: `{line}` went wrong");
    }
    let output = run(&arguments);
    let stdout = String::from_utf8(output.stdout).map_err(|_| format!("{name}: output is not UTF-8"))?;
    let stderr = String::from_utf8(output.stderr).map_err(|_| format!("{name}: errors are not UTF-8"))?;
    // What a runner obeys of `github` are its own commands, which its unit tests take apart.
    let own = arguments.iter().any(|argument| argument == "github");
    let mut told = stdout.clone();
    for command in ["::error file=", "::warning file=", "::notice file="].iter().filter(|_| own) {
        told = told.replace(command, "(own command) ");
    }
    if arguments.first().is_some_and(|command| command == "pairs") {
        // Columns are parted by tabs; a tab of a name is shown as an escape.
        told = told.replace('\t', " ");
    }
    harmless(&told).map_err(|what| format!("{name}: standard output holds {what}"))?;
    harmless(&stderr).map_err(|what| format!("{name}: standard error holds {what}"))?;
    validate(&arguments, &stdout).map_err(|error| format!("{name}: {error}"))?;

    let status = output.status.code().map_or("killed".to_owned(), |code| code.to_string());
    let mut actual = format!("status: {status}\n--- stdout\n{}", ended(&stdout));
    if !stderr.is_empty() {
        let _ = write!(actual, "--- stderr\n{}", ended(&stderr));
    }
    let version = env!("CARGO_PKG_VERSION");
    let actual = actual
        .replace(&format!("\"version\": \"{version}\""), "\"version\": \"[VERSION]\"")
        .replace(&format!("\"version\":\"{version}\""), "\"version\":\"[VERSION]\"")
        .replace(&format!("copydesk {version}"), "copydesk [VERSION]");
    let file = folder.join("expected.txt");
    if bless {
        fs::write(&file, actual).unwrap();
        return Ok(());
    }
    let expected = fs::read_to_string(&file).map_err(|_| format!("{name}: no expected.txt"))?;
    if expected == actual {
        return Ok(());
    }
    let diff = TextDiff::from_lines(&expected, &actual);
    Err(format!("{}", diff.unified_diff().header(&format!("{name}/expected.txt"), "what came out")))
}

/// Splits a command line at spaces; double quotes hold an argument together.
fn split(line: &str) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut argument: Option<String> = None;
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                argument.get_or_insert_default();
            }
            ' ' if !quoted => arguments.extend(argument.take()),
            c => argument.get_or_insert_default().push(c),
        }
    }
    assert!(!quoted, "a quotation mark is missing: {line}");
    arguments.extend(argument);
    arguments
}

fn copy(from: &Path, to: &Path, without: &[&str]) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if without.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target, &[]);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// The text with a line break at its end; where there was none, it says so.
fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') {
        text.to_owned()
    } else {
        format!("{text}\n(no line break at the end)\n")
    }
}

/// Says what in the output a terminal or a CI runner would obey.
fn harmless(output: &str) -> Result<(), String> {
    let acting = |c: &char| {
        (c.is_control() && *c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
    };
    if let Some(c) = output.chars().find(acting) {
        return Err(format!("the raw character {c:?}"));
    }
    match output.lines().find(|line| line.trim_start().starts_with("::") || line.contains("##[")) {
        Some(line) => Err(format!("a line that a CI runner obeys: {line}")),
        None => Ok(()),
    }
}

/// Holds JSON output against its published schema.
fn validate(arguments: &[String], stdout: &str) -> Result<(), String> {
    let format = arguments
        .iter()
        .position(|argument| argument == "--format")
        .and_then(|at| arguments.get(at + 1))
        .map_or("", String::as_str);
    let command = arguments.first().map_or("", String::as_str);
    let below = arguments.get(1).map_or("", String::as_str);
    match (command, format) {
        _ if stdout.is_empty() => Ok(()),
        ("index", "json") if below == "stats" => against("index-stats", stdout),
        ("config", "json") if below == "show" => against("config-show", stdout),
        ("check" | "show" | "rules" | "diff" | "history", "json") => against(command, stdout),
        ("check", "gitlab") => against("gitlab", stdout),
        ("pairs", "jsonl") => stdout.lines().try_for_each(|line| against("pairs-line", line)),
        ("check", "jsonl") => stdout.lines().try_for_each(|line| against("check-line", line)),
        _ => Ok(()),
    }
}

fn against(schema: &str, json: &str) -> Result<(), String> {
    let path = format!("{}/docs/json-schema/{schema}.schema.json", env!("CARGO_MANIFEST_DIR"));
    let parsed: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&parsed).unwrap();
    let value: Value = serde_json::from_str(json).map_err(|error| format!("not JSON: {error}"))?;
    let errors: Vec<String> =
        validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(format!("not by {schema}.schema.json: {}", errors.join("; ")))
    }
}
