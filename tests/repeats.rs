//! `pairs` and `dedupe` from outside: flags, what is written and what is not, whatever goes wrong.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::Value;

/// a and c are the same but for case and spacing, b is near them, d is something else.
const WIRE: &str = "\
{\"id\":\"a\", \"text\":\"The pier is closed for repairs until the first of May, says the harbour board.\",\"date\":\"2024-01-01\"}\r\n\
{\"id\":\"b\",\"text\":\"The pier is closed for repairs until the first of May, says the harbour board again and again, and again.\",\"date\":\"2024-02-01\"}\n\
{\"id\":\"c\",\"text\":\"the pier is  CLOSED for repairs until the first of May, says the harbour board.\",\"date\":\"2024-03-01\"}\n\
{\"id\":\"d\",\"text\":\"Nobody has seen the ferry since Tuesday; it is said to be in dock.\",\"date\":\"2024-04-01\"}\n";

fn line(number: usize) -> &'static str {
    WIRE.split_inclusive('\n').nth(number).unwrap()
}

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[track_caller]
fn status(output: &Output, expected: i32) {
    let said = (stdout(output), stderr(output));
    assert_eq!(output.status.code(), Some(expected), "{}{}", said.0, said.1);
}

/// The names of everything in a folder, hidden files too.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn wrong_flags_are_told_before_anything_is_read() {
    let place = folder(&[("wire.jsonl", WIRE.as_bytes())]);
    for threshold in ["0", "1.1", "nan", "-0.5", "1e-1", ""] {
        let threshold = format!("--threshold={threshold}");
        let output = run(place.path(), &["pairs", "wire.jsonl", &threshold]);
        status(&output, 2);
        assert!(stderr(&output).contains("--threshold") && stdout(&output).is_empty(), "{}", stderr(&output));
        let near = threshold.replace("--threshold", "--near");
        let output = run(place.path(), &["dedupe", "wire.jsonl", "-o", "out.jsonl", &near]);
        status(&output, 2);
        assert!(stderr(&output).contains("--near"));
    }
    for arguments in [
        &["pairs", "wire.jsonl", "--shingle", "0"][..],
        &["pairs", "wire.jsonl", "--unit", "word"],
        &["pairs", "wire.jsonl", "--measure", "cosine"],
        &["pairs", "wire.jsonl", "--format", "csv"],
        &["pairs", "wire.jsonl", "--memory-limit", "0"],
        &["pairs", "gone.jsonl"],
        &["dedupe", "wire.jsonl"],
        &["dedupe", "wire.jsonl", "-o", "out.jsonl", "--check"],
        &["dedupe", "wire.jsonl", "-o", "out.jsonl", "--keep", "best"],
        &["dedupe", "wire.jsonl", "-o", "out.jsonl", "--shingle", "3"],
        &["dedupe", "wire.jsonl", "-o", "out.jsonl", "--near", "0.5", "--shingle", "0"],
        &["dedupe", "wire.jsonl", "-o", "out.jsonl", "--removed", "out.jsonl"],
        &["dedupe", "gone.jsonl", "-o", "out.jsonl"],
        &["dedupe", "wire.jsonl", "-o", "no/such/folder/out.jsonl"],
    ] {
        let output = run(place.path(), arguments);
        status(&output, 2);
        assert!(stdout(&output).is_empty() && stderr(&output).starts_with("error: "), "{}", stderr(&output));
    }
    assert_eq!(names(place.path()), ["wire.jsonl"]);
}

#[test]
fn every_kept_byte_is_as_it_was() {
    let place = folder(&[("wire.jsonl", WIRE.as_bytes())]);
    let kept = |flags: &[&str]| {
        let arguments = [&["dedupe", "wire.jsonl", "-o", "out.jsonl", "--force", "-q"], flags].concat();
        let output = run(place.path(), &arguments);
        status(&output, 0);
        assert_eq!((stdout(&output), stderr(&output)), (String::new(), String::new()));
        fs::read_to_string(place.path().join("out.jsonl")).unwrap()
    };
    assert_eq!(kept(&[]), [line(0), line(1), line(3)].concat());
    assert_eq!(kept(&["--keep", "last"]), [line(1), line(2), line(3)].concat());
    assert_eq!(kept(&["--keep", "newest"]), [line(1), line(2), line(3)].concat());
    assert_eq!(kept(&["--near", "0.6"]), [line(0), line(3)].concat());
    assert_eq!(kept(&["--near", "0.6", "--keep", "longest"]), [line(1), line(3)].concat());
    assert_eq!(kept(&["--near", "0.6", "--keep", "newest"]), [line(2), line(3)].concat());
    assert_eq!(kept(&["--near", "0.6", "--shingle", "40"]), [line(0), line(1), line(3)].concat());
    assert_eq!(kept(&["--near", "1"]), [line(0), line(1), line(3)].concat());
    assert_eq!(fs::read_to_string(place.path().join("wire.jsonl")).unwrap(), WIRE);
}

#[test]
fn the_list_says_what_went_and_what_it_repeats() {
    let place = folder(&[("wire.jsonl", WIRE.as_bytes())]);
    let schema = format!("{}/docs/json-schema/removed-line.schema.json", env!("CARGO_MANIFEST_DIR"));
    let schema: Value = serde_json::from_str(&fs::read_to_string(schema).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (flags, expected) in [
        (&["--removed", "gone.jsonl", "--force"][..], &[("c", "a", "normal-form")][..]),
        (
            &["--removed", "gone.jsonl", "--force", "--near", "0.6"],
            &[("b", "a", "jaccard"), ("c", "a", "jaccard")],
        ),
        (&["--removed", "gone.jsonl", "--force", "--unit", "paragraph"], &[("c", "a", "normal-form")]),
    ] {
        // `--check` writes the list alone.
        for arguments in
            [&["dedupe", "wire.jsonl", "--check"][..], &["dedupe", "wire.jsonl", "-o", "o.jsonl"]]
        {
            status(
                &run(place.path(), &[arguments, flags].concat()),
                i32::from(arguments.contains(&"--check")),
            );
            let list = fs::read_to_string(place.path().join("gone.jsonl")).unwrap();
            let lines: Vec<Value> = list.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert_eq!(lines.len(), expected.len());
            for (line, (removed, repeats, measure)) in lines.iter().zip(expected) {
                assert!(validator.is_valid(line), "{line}");
                assert_eq!(
                    (&line["removed"]["id"], &line["repeats"]["id"]),
                    (&(*removed).into(), &(*repeats).into())
                );
                assert_eq!(line["similarity"]["measure"], *measure);
            }
        }
    }
}

#[test]
fn check_writes_nothing_and_tells_by_its_status() {
    let place = folder(&[("wire.jsonl", WIRE.as_bytes()), ("one.jsonl", line(0).as_bytes())]);
    let output = run(place.path(), &["dedupe", "wire.jsonl", "--check", "--near", "0.6"]);
    status(&output, 1);
    assert_eq!(
        stdout(&output),
        "wire.jsonl:2 (b) nearly repeats wire.jsonl:1 (a) (13 of 17 3-word runs shared)\nwire.jsonl:3 (c) repeats wire.jsonl:1 (a)\n"
    );
    assert_eq!(stderr(&output), "would stay: 2 of 4 documents, 2 repeats left out\n");
    status(&run(place.path(), &["dedupe", "one.jsonl", "--check"]), 0);
    assert_eq!(names(place.path()), ["one.jsonl", "wire.jsonl"]);
}

#[test]
fn a_folder_becomes_a_folder_with_compressed_members() {
    let mut packed = GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(WIRE.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let story = "One thing.\n\nNobody has seen the ferry since Tuesday; it is said to be in dock.\n";
    let other = "# Ferry\n\nNobody has seen the ferry since Tuesday; it is said to be in dock.\n\nMore.\n";
    let place = folder(&[
        ("in/a/wire.jsonl.gz", &packed),
        ("in/b.txt", story.as_bytes()),
        ("in/c.txt", story.as_bytes()),
        ("in/d.md", other.as_bytes()),
        ("in/e.bin", b"\0"),
    ]);
    let output = run(place.path(), &["dedupe", "in", "-o", "out"]);
    status(&output, 0);
    assert_eq!(stderr(&output), "kept: 5 of 7 documents, 2 repeats left out\n");
    assert_eq!(names(&place.path().join("out")), ["a", "b.txt", "d.md"]);
    let unpacked = |path: &str| {
        let mut text = String::new();
        GzDecoder::new(fs::File::open(place.path().join(path)).unwrap()).read_to_string(&mut text).unwrap();
        text
    };
    assert_eq!(unpacked("out/a/wire.jsonl.gz"), [line(0), line(1), line(3)].concat());
    assert_eq!(fs::read_to_string(place.path().join("out/b.txt")).unwrap(), story);

    // What stands there stays unless it is said that it may go; and then it goes whole.
    status(&run(place.path(), &["dedupe", "in", "-o", "out"]), 2);
    fs::write(place.path().join("out/old.txt"), "old").unwrap();
    status(&run(place.path(), &["dedupe", "in", "-o", "out", "--force", "--unit", "paragraph"]), 0);
    assert_eq!(names(&place.path().join("out")), ["a", "b.txt", "c.txt", "d.md"]);
    let gone = "the pier is  CLOSED for repairs until the first of May, says the harbour board.";
    assert_eq!(unpacked("out/a/wire.jsonl.gz"), WIRE.replace(gone, ""));
    assert_eq!(fs::read_to_string(place.path().join("out/b.txt")).unwrap(), "One thing.\n");
    assert_eq!(fs::read_to_string(place.path().join("out/d.md")).unwrap(), "# Ferry\n\nMore.\n");
    assert_eq!(names(place.path()), ["in", "out"], "nothing else is left behind");
}

#[test]
fn an_output_never_touches_an_input() {
    let place = folder(&[("in/wire.jsonl", WIRE.as_bytes()), ("taken.jsonl", b"taken")]);
    for arguments in [
        &["dedupe", "in", "-o", "in"][..],
        &["dedupe", "in", "-o", "in/out"],
        &["dedupe", "in", "-o", "."],
        &["dedupe", "in/wire.jsonl", "-o", "in/wire.jsonl"],
        &["dedupe", "in/wire.jsonl", "-o", "in/../in/wire.jsonl"],
        &["dedupe", "in", "-o", "out", "--removed", "in/gone.jsonl"],
        &["dedupe", "in", "--check", "--removed", "in/wire.jsonl"],
    ] {
        let output = run(place.path(), &[arguments, &["--force"]].concat());
        status(&output, 2);
        let said = stderr(&output);
        assert!(said.contains("no input is written over") || said.contains(", which is read: "), "{said}");
    }
    let output = run(place.path(), &["dedupe", "in/wire.jsonl", "-o", "taken.jsonl"]);
    status(&output, 2);
    assert!(stderr(&output).contains("taken.jsonl exists (--force replaces it)"));
    assert_eq!(fs::read(place.path().join("taken.jsonl")).unwrap(), b"taken");
    assert_eq!(fs::read_to_string(place.path().join("in/wire.jsonl")).unwrap(), WIRE);
    assert_eq!(names(&place.path().join("in")), ["wire.jsonl"]);
}

#[test]
fn a_corpus_may_go_to_standard_output() {
    let place = folder(&[("in/wire.jsonl", WIRE.as_bytes())]);
    let output = run(place.path(), &["dedupe", "in/wire.jsonl", "-o", "-"]);
    status(&output, 0);
    assert_eq!(stdout(&output), [line(0), line(1), line(3)].concat());
    for (arguments, said) in [
        (&["dedupe", "in", "-o", "-"][..], "a folder becomes a folder"),
        (&["dedupe", "in/wire.jsonl", "-o", "-", "--removed", "-"], "name the same file"),
        (&["dedupe", "in/wire.jsonl", "--check", "--removed", "-"], "--removed -: "),
        (&["dedupe", "in/wire.jsonl", "-o", "nosuch/x.jsonl"], "nosuch/x.jsonl: there is no folder nosuch"),
        (
            &["dedupe", "in", "-o", "in/clean"],
            "in/clean lies in in, which is read: name an output outside of it",
        ),
    ] {
        let output = run(place.path(), arguments);
        status(&output, 2);
        assert!(stderr(&output).contains(said) && stdout(&output).is_empty(), "{}", stderr(&output));
    }
    assert_eq!(names(place.path()), ["in"]);
}

#[test]
fn damage_means_nothing_is_written() {
    let broken = format!("{WIRE}{{\"id\":\"e\",\"text\":\n");
    let place = folder(&[("wire.jsonl", broken.as_bytes()), ("old.jsonl", b"old")]);
    let output = run(place.path(), &["dedupe", "wire.jsonl", "-o", "old.jsonl", "--force"]);
    status(&output, 2);
    assert!(stderr(&output).contains("nothing was written"), "{}", stderr(&output));
    assert_eq!(fs::read(place.path().join("old.jsonl")).unwrap(), b"old");
    assert_eq!(names(place.path()), ["old.jsonl", "wire.jsonl"]);
    // A table is printed of what could be read, and the status tells.
    let output = run(place.path(), &["pairs", "wire.jsonl"]);
    status(&output, 2);
    assert_eq!(stdout(&output).lines().count(), 2);
}

/// 800 kB of records that all differ.
fn many() -> Vec<u8> {
    let record = |n: u32| {
        let words: Vec<String> =
            (0..20).map(|i| format!("w{}", n.wrapping_mul(2_654_435_761) >> (i % 9))).collect();
        format!("{{\"id\":{n},\"text\":\"{}\"}}\n", words.join(" "))
    };
    (0..5000).map(record).collect::<String>().into_bytes()
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_nothing_behind() {
    let place = folder(&[("wire.jsonl", &many()), ("old.jsonl", b"old")]);
    // A file may not grow beyond 512 kB: to the program that is what a full disk is.
    for (target, near) in [("new.jsonl", ""), ("old.jsonl", ""), ("new.jsonl", "--near 0.9")] {
        let program = env!("CARGO_BIN_EXE_copydesk");
        let line =
            format!("trap '' XFSZ; ulimit -f 1000; '{program}' dedupe wire.jsonl -o {target} --force {near}");
        let output = Command::new("sh")
            .args(["-c", &line])
            .current_dir(place.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        status(&output, 2);
        assert!(stderr(&output).starts_with("error: "), "{}", stderr(&output));
        assert_eq!(names(place.path()), ["old.jsonl", "wire.jsonl"]);
        assert_eq!(fs::read(place.path().join("old.jsonl")).unwrap(), b"old");
    }
}

#[cfg(unix)]
#[test]
fn a_killed_run_leaves_no_half_output_and_does_no_harm_to_the_next() {
    let place = folder(&[("in/wire.jsonl", &many()), ("in/a.txt", b"One story.\n")]);
    for _ in 0..4 {
        let mut child = Command::new(env!("CARGO_BIN_EXE_copydesk"))
            .args(["dedupe", "in", "-o", "out"])
            .current_dir(place.path())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Wait until it writes, then kill it: what it wrote stands under another name.
        while child.try_wait().unwrap().is_none() {
            if names(place.path()).iter().any(|name| name.starts_with(".copydesk-")) {
                child.kill().unwrap();
            }
        }
        assert!(!place.path().join("out").exists() || child.wait().unwrap().success());
        let _ = fs::remove_dir_all(place.path().join("out"));
    }
    // What a killed run left inside of the input is no document, whatever it is called in full.
    fs::write(place.path().join("in/.copydesk-x1Y2z3.tmp"), WIRE).unwrap();
    for hidden in [&[][..], &["--hidden"]] {
        let output = run(place.path(), &[&["dedupe", "in", "-o", "out", "--force"], hidden].concat());
        status(&output, 0);
        assert!(stderr(&output).contains("of 5001 documents"), "{}", stderr(&output));
        assert_eq!(names(&place.path().join("out")), ["a.txt", "wire.jsonl"]);
    }
}

#[cfg(unix)]
#[test]
fn an_input_that_changes_is_told_and_nothing_is_written() {
    // A named pipe as the second input holds the run up between looking at the files and reading the last.
    let place = folder(&[("wire.jsonl", WIRE.as_bytes())]);
    assert!(Command::new("mkfifo").arg(place.path().join("pipe")).status().unwrap().success());
    let child = Command::new(env!("CARGO_BIN_EXE_copydesk"))
        .args(["dedupe", "wire.jsonl", "pipe", "--input-format", "jsonl", "-o", "out.jsonl"])
        .current_dir(place.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Opening the pipe waits for its reader.
    let mut pipe = fs::OpenOptions::new().write(true).open(place.path().join("pipe")).unwrap();
    fs::write(place.path().join("wire.jsonl"), format!("{WIRE}{}", line(3).replace("\"d\"", "\"e\"")))
        .unwrap();
    pipe.write_all(line(3).as_bytes()).unwrap();
    drop(pipe);
    let output = child.wait_with_output().unwrap();
    status(&output, 2);
    assert!(stderr(&output).contains("changed while it was read"), "{}", stderr(&output));
    assert_eq!(names(place.path()), ["pipe", "wire.jsonl"]);
}

#[test]
fn too_little_memory_is_said_before_everything_is_read() {
    // A file of 5 MB of which no two records have much in common; a little is read of it.
    let record = |n: u64| {
        let words: Vec<String> = (0..1000).map(|i| format!("{:x}", n * 1000 + i)).collect();
        format!("{{\"id\":{n},\"text\":\"{}\"}}\n", words.join(" "))
    };
    let wire: String = (0..850).map(record).collect();
    assert!(wire.len() > 9 << 19);
    let place = folder(&[("wire.jsonl", wire.as_bytes())]);
    for (arguments, instead) in [
        (&["pairs", "wire.jsonl"][..], "copydesk dedupe"),
        (&["dedupe", "wire.jsonl", "-o", "out.jsonl", "--near", "0.5"], "without --near"),
        (&["dedupe", "wire.jsonl", "-o", "out.jsonl", "--memory-limit", "9K"], "fewer files"),
    ] {
        let limit: &[&str] = if arguments.contains(&"9K") { &[] } else { &["--memory-limit", "10M"] };
        let output = run(place.path(), &[arguments, limit].concat());
        status(&output, 2);
        let said = stderr(&output);
        assert!(said.contains("more than --memory-limit") && said.contains(instead), "{said}");
        assert!(stdout(&output).is_empty());
    }
    let output = run(place.path(), &["check", "wire.jsonl", "--memory-limit", "10M", "-q"]);
    status(&output, 2);
    let said = stderr(&output);
    assert!(said.contains("--memory-limit 10M: the near rules would need"), "{said}");
    assert!(said.contains("are left out from here on"), "{said}");
    // Pairs of all with all are more than may be kept, even where the texts are not.
    let record =
        |n: u32| format!("{{\"id\":{n},\"text\":\"The harbour board met, said little, and went {n}.\"}}\n");
    let few: String = (0..200).map(record).collect();
    fs::write(place.path().join("few.jsonl"), few).unwrap();
    let arguments = ["pairs", "few.jsonl", "--measure", "containment", "--threshold", "0.5"];
    let output = run(place.path(), &[&arguments[..], &["--memory-limit", "400K"]].concat());
    status(&output, 2);
    assert!(stderr(&output).contains("--memory-limit 400K"), "{}", stderr(&output));
    assert_eq!(names(place.path()), ["few.jsonl", "wire.jsonl"]);
}
