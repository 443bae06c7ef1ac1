//! An index is killed at random moments while it is filled, and has lost nothing that it said was on the disk.
//!
//! `COPYDESK_CRASH_ROUNDS=100 cargo test --test index_crash -- --nocapture` makes the table of
//! docs/performance.md; without, a few rounds are done.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

const ITEMS: usize = 3000;
const BATCH: usize = 50;

fn copydesk(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_copydesk")).args(arguments).current_dir(folder).output().unwrap()
}

fn text(number: usize) -> String {
    let words = |from: usize| {
        (from..from + 14).map(|n| format!("w{}", n * (number + 7) % 977)).collect::<Vec<_>>().join(" ")
    };
    format!("item {number} {}\n\n{} {number}", words(3), words(40))
}

/// The items of an export: id and text, in order.
fn exported(folder: &Path) -> Vec<(String, String)> {
    let output = copydesk(folder, &["index", "export", "i.copydesk-index"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    let item = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap();
        let blocks: Vec<&str> =
            value["blocks"].as_array().unwrap().iter().map(|block| block["text"].as_str().unwrap()).collect();
        (value["id"].as_str().unwrap().to_owned(), blocks.join("\n\n"))
    };
    lines.lines().skip(1).map(item).collect()
}

#[test]
fn a_killed_writer_loses_nothing_that_was_acknowledged() {
    let rounds: usize =
        std::env::var("COPYDESK_CRASH_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(6);
    let folder = tempfile::tempdir().unwrap();
    let lines: String = (0..ITEMS)
        .map(|number| {
            serde_json::json!({"id": format!("n-{number}"), "text": text(number)}).to_string() + "\n"
        })
        .collect();
    fs::write(folder.path().join("items.jsonl"), lines).unwrap();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let (mut kept, mut ended, mut killed, mut slowest) = (0, 0, 0, Duration::ZERO);
    for round in 0..rounds {
        let mut child = Command::new(env!("CARGO_BIN_EXE_copydesk"))
            .args([
                "index",
                "add",
                "i.copydesk-index",
                "items.jsonl",
                "--verbose",
                "--batch",
                &BATCH.to_string(),
            ])
            .current_dir(folder.path())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // So many acknowledgements, and then some moment before the next one.
        let wait = (kept / BATCH) as u64 + random(12);
        let mut acknowledged = 0;
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let mut lines = stderr.lines();
        for _ in 0..wait {
            let Some(line) = lines.next() else { break };
            let line = line.unwrap();
            let Some(number) = line.strip_prefix("note: ").and_then(|line| line.split(' ').next()) else {
                continue;
            };
            acknowledged = number.parse().unwrap_or(acknowledged);
        }
        std::thread::sleep(Duration::from_micros(random(15_000)));
        // SIGKILL on Unix.
        child.kill().unwrap();
        let whole = child.wait().unwrap().success();
        // What was acknowledged while the signal was under way.
        for line in lines.map_while(Result::ok) {
            if let Some(number) = line.strip_prefix("note: ").and_then(|line| line.split(' ').next()) {
                acknowledged = number.parse().unwrap_or(acknowledged);
            }
        }
        if whole {
            ended += 1
        } else {
            killed += 1
        }
        if !folder.path().join("i.copydesk-index").exists() {
            assert_eq!(acknowledged, 0);
            continue;
        }
        let began = Instant::now();
        let stats = copydesk(folder.path(), &["index", "stats", "i.copydesk-index"]);
        slowest = slowest.max(began.elapsed());
        if !stats.status.success() {
            // Killed before the tables were made: there is no index yet, and none was promised.
            assert_eq!((acknowledged, kept), (0, 0), "{}", String::from_utf8_lossy(&stats.stderr));
            continue;
        }
        let verified = copydesk(folder.path(), &["index", "verify", "i.copydesk-index"]);
        assert!(verified.status.success(), "round {round}: {}", String::from_utf8_lossy(&verified.stderr));
        let items = exported(folder.path());
        assert!(items.len() >= acknowledged.max(kept), "round {round}: {} of {acknowledged}", items.len());
        for (number, (id, kept_text)) in items.iter().enumerate() {
            assert_eq!((id.as_str(), kept_text.as_str()), (&*format!("n-{number}"), text(number).as_str()));
        }
        kept = items.len();
        if kept == ITEMS {
            kept = 0;
            for file in fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
                if file.file_name().to_string_lossy().starts_with("i.copydesk-index") {
                    fs::remove_file(file.path()).unwrap();
                }
            }
        }
    }
    println!(
        "{rounds} rounds: {killed} killed, {ended} had ended; nothing lost, no half item, every index whole; \
         slowest `index stats` after a kill (whole process): {slowest:?}"
    );
}
