//! Runs the session of docs/ci.md as its reader would paste it: one shell, an empty folder.

#![cfg(unix)]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Parts the outputs of two commands.
const MARK: &str = "-----8<-----";

/// The commands of all `console` blocks, and what is printed behind each.
fn session(page: &str) -> Vec<(String, String)> {
    let mut steps: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            _ if !inside => {}
            _ => match line.strip_prefix("$ ") {
                Some(command) => steps.push((command.to_owned(), String::new())),
                None => {
                    let (_, output) = steps.last_mut().expect("a command comes first");
                    output.push_str(line);
                    output.push('\n');
                }
            },
        }
    }
    steps
}

#[test]
fn the_session_of_the_ci_page_is_what_happens() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ci.md")).unwrap();
    let steps = session(&page);
    assert!(steps.len() > 10);
    let folder = tempfile::tempdir().unwrap();
    let programs = Path::new(env!("CARGO_BIN_EXE_copydesk")).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap_or_default());
    // The shell keeps the exit status of a command over the mark behind its output.
    let script: String = steps
        .iter()
        .map(|(command, _)| format!("{command}\nset -- $?; echo '{MARK}'; (exit $1)\n"))
        .collect();
    let mut shell = Command::new("sh")
        .current_dir(folder.path())
        .env("PATH", path)
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = shell.stdin.take().unwrap();
    input.write_all(format!("exec 2>&1\n{script}").as_bytes()).unwrap();
    drop(input);
    let output = String::from_utf8(shell.wait_with_output().unwrap().stdout).unwrap();
    let outputs: Vec<&str> = output.split(&format!("{MARK}\n")).collect();
    assert_eq!(outputs.len(), steps.len() + 1, "{output}");
    for ((command, expected), actual) in steps.iter().zip(outputs) {
        assert_eq!(actual, expected, "$ {command}");
    }
}
