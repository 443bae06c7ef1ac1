//! A folder is watched by a real process: what arrives is told once, also over a restart.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::{BufRead as _, BufReader, Lines, Read as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

struct Watch(Child, Lines<BufReader<ChildStdout>>);

impl Watch {
    fn start(folder: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_copydesk"))
            .args(["watch", "in", "--index", "i.copydesk-index", "--settle", "200"])
            .args(more)
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self(child, lines)
    }

    /// The lines up to the next summary.
    fn report(&mut self) -> Vec<Value> {
        let mut lines = Vec::new();
        loop {
            let line: Value = serde_json::from_str(&self.1.next().unwrap().unwrap()).unwrap();
            let last = line.get("summary").is_some();
            lines.push(line);
            if last {
                return lines;
            }
        }
    }

    /// Ends it as Ctrl-C does; returns its exit status and what was left to read.
    fn interrupt(mut self) -> (Option<i32>, Vec<String>, String) {
        let id = self.0.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        let status = self.0.wait().unwrap().code();
        let mut errors = String::new();
        self.0.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        (status, self.1.map(Result::unwrap).collect(), errors)
    }
}

fn statuses(report: &[Value]) -> Vec<(String, String)> {
    let field = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
    report
        .iter()
        .filter(|line| line["kind"] == "item")
        .map(|line| (field(line, "id"), field(line, "status")))
        .collect()
}

fn item(id: &str, text: &str) -> String {
    serde_json::json!({"id": id, "text": text}).to_string() + "\n"
}

#[test]
fn what_arrives_is_told_once_and_never_again_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let incoming = folder.path().join("in");
    fs::create_dir(&incoming).unwrap();
    let first =
        item("a-1", "The ferry to the islands leaves at nine in the morning on every day but Sunday.");
    fs::write(incoming.join("first.jsonl"), &first).unwrap();
    let mut watch = Watch::start(folder.path(), &[]);
    assert_eq!(statuses(&watch.report()), [("a-1".to_owned(), "new".to_owned())]);
    fs::write(incoming.join("picture.bin"), [0u8, 1, 2]).unwrap();
    fs::write(incoming.join("second.jsonl"), first.replace("a-1", "a-2")).unwrap();
    let report = watch.report();
    assert_eq!(statuses(&report), [("a-2".to_owned(), "repeat".to_owned())]);
    assert_eq!(report[0]["rule"], "duplicate-document");
    let (status, left, errors) = watch.interrupt();
    assert_eq!((status, left), (Some(0), Vec::new()), "{errors}");

    // Something arrives while nobody watches.
    let third =
        item("a-3", "The pier will be closed for repairs from the first of May, the harbour office said.");
    fs::write(incoming.join("third.jsonl"), third).unwrap();
    let mut watch = Watch::start(folder.path(), &[]);
    assert_eq!(statuses(&watch.report()), [("a-3".to_owned(), "new".to_owned())]);
    let (status, left, errors) = watch.interrupt();
    assert_eq!((status, left), (Some(0), Vec::new()), "{errors}");

    let Watch(mut child, lines) = Watch::start(folder.path(), &["--once"]);
    assert_eq!(lines.count(), 0);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn any_name_is_seen_and_a_folder_that_is_gone_is_said() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = tempfile::tempdir().unwrap();
    let incoming = folder.path().join("in");
    fs::create_dir(&incoming).unwrap();
    let text = "The ferry to the islands leaves at nine in the morning on every day but Sunday.";
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.jsonl");
    fs::write(incoming.join(name), item("a-1", text)).unwrap();
    let mut watch = Watch::start(folder.path(), &[]);
    assert_eq!(statuses(&watch.report()), [("a-1".to_owned(), "new".to_owned())]);
    // A folder that takes the place of the first one is watched.
    let other = folder.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("second.jsonl"), item("a-2", text)).unwrap();
    fs::rename(&incoming, folder.path().join("gone")).unwrap();
    fs::rename(&other, &incoming).unwrap();
    assert_eq!(statuses(&watch.report()), [("a-2".to_owned(), "repeat".to_owned())]);
    fs::write(incoming.join("third.jsonl"), item("a-3", text)).unwrap();
    assert_eq!(statuses(&watch.report()), [("a-3".to_owned(), "repeat".to_owned())]);
    fs::remove_dir_all(&incoming).unwrap();
    let Watch(mut child, lines) = watch;
    assert_eq!(lines.count(), 0);
    assert_eq!(child.wait().unwrap().code(), Some(2));
    let mut errors = String::new();
    child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert!(errors.contains("in: the folder is gone, so the watch ends"), "{errors}");
}
