//! What an index says when it cannot be used, and that others may read while one writes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use copydesk::index::{Index, Recording, Terms};

fn copydesk(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_copydesk")).args(arguments).current_dir(folder).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

const ITEMS: &str = "\
{\"id\":\"a-1\",\"text\":\"The ferry to the islands leaves at nine in the morning on every day but Sunday.\"}
{\"id\":\"a-2\",\"text\":\"The pier will be closed for repairs from the first of May, the harbour office said.\"}
";

/// A folder with an index of two items.
fn filled() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("items.jsonl"), ITEMS).unwrap();
    let output = copydesk(folder.path(), &["index", "add", "i.copydesk-index", "items.jsonl"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let index = folder.path().join("i.copydesk-index");
    (folder, index)
}

#[test]
fn an_index_of_another_version_is_said_and_left_as_it_is() {
    let (folder, index) = filled();
    let db = rusqlite::Connection::open(&index).unwrap();
    db.execute_batch("PRAGMA user_version = 7; PRAGMA wal_checkpoint(TRUNCATE);").unwrap();
    drop(db);
    let before = fs::read(&index).unwrap();
    for arguments in [
        &["check", "items.jsonl", "--index", "i.copydesk-index"][..],
        &["index", "add", "i.copydesk-index", "items.jsonl"],
        &["index", "verify", "i.copydesk-index"],
    ] {
        let output = copydesk(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains("an index of format 7"), "{}", stderr(&output));
    }
    assert_eq!(fs::read(&index).unwrap(), before);
}

#[test]
fn one_version_is_counted_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let one = ITEMS.lines().next().unwrap();
    fs::write(folder.path().join("items.jsonl"), format!("{one}\n")).unwrap();
    let index = "i.copydesk-index";
    copydesk(folder.path(), &["index", "add", index, "items.jsonl"]);
    for (arguments, expected) in [
        (&["index", "verify", index][..], "i.copydesk-index: whole, 1 version of items\n"),
        (&["index", "stats", index], "  runs            1 of names, 1 of paragraphs, "),
        (&["index", "stats", index], " posted, 0 common\n"),
    ] {
        let stdout = String::from_utf8(copydesk(folder.path(), arguments).stdout).unwrap();
        assert!(stdout.contains(expected), "{stdout}");
    }
}

#[test]
fn another_programs_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("items.jsonl"), ITEMS).unwrap();
    let db = rusqlite::Connection::open(folder.path().join("other.db")).unwrap();
    db.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1);").unwrap();
    drop(db);
    let output = copydesk(folder.path(), &["check", "items.jsonl", "--index", "other.db"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("other.db: is not a copydesk index"), "{}", stderr(&output));
}

#[test]
fn a_damaged_index_is_said() {
    let (folder, index) = filled();
    let mut bytes = fs::read(&index).unwrap();
    let page = 4096;
    assert!(bytes.len() > 4 * page);
    for byte in &mut bytes[2 * page..] {
        *byte ^= 0x5a;
    }
    fs::write(&index, bytes).unwrap();
    for arguments in [
        &["check", "items.jsonl", "--index", "i.copydesk-index"][..],
        &["index", "verify", "i.copydesk-index"],
        &["index", "stats", "i.copydesk-index"],
        &["index", "export", "i.copydesk-index"],
    ] {
        let output = copydesk(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!stderr(&output).is_empty() && !stderr(&output).contains("panicked"), "{}", stderr(&output));
    }
}

#[test]
fn a_cut_index_is_said() {
    let (folder, index) = filled();
    let bytes = fs::read(&index).unwrap();
    for length in [1, 99, 4096, 4096 * 3 + 17, bytes.len() - 1] {
        fs::write(&index, &bytes[..length]).unwrap();
        let output = copydesk(folder.path(), &["index", "verify", "i.copydesk-index"]);
        assert_eq!(output.status.code(), Some(2), "{length}: {}", stderr(&output));
        assert!(!stderr(&output).contains("panicked"));
    }
}

#[test]
fn others_read_while_one_writes_and_a_second_writer_is_told_of_the_first() {
    let (folder, path) = filled();
    let mut index = Index::open(&path, &Terms::default(), Recording::On).unwrap();
    index.begin("the night run, process 12").unwrap();
    let output =
        copydesk(folder.path(), &["index", "check", "i.copydesk-index", "items.jsonl", "--format", "jsonl"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said.matches("\"status\":\"known\"").count(), 2, "{said}");
    let output = copydesk(folder.path(), &["check", "items.jsonl", "--index", "i.copydesk-index"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("another process writes to it (the night run, process 12)"),
        "{}",
        stderr(&output)
    );
    index.roll_back();
    let output = copydesk(folder.path(), &["check", "items.jsonl", "--index", "i.copydesk-index"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_said_and_what_was_there_stays() {
    let (folder, _) = filled();
    let more: String = (0..4000)
        .map(|n| {
            let words: Vec<String> = (0..60).map(|w| format!("w{}", (n * 131 + w * 17) % 9973)).collect();
            serde_json::json!({"id": format!("m-{n}"), "text": words.join(" ")}).to_string() + "\n"
        })
        .collect();
    fs::write(folder.path().join("more.jsonl"), more).unwrap();
    // A file may not grow beyond 256 KiB, and the signal that says so is ignored.
    for command in ["check more.jsonl --index i.copydesk-index", "index add i.copydesk-index more.jsonl"] {
        let line =
            format!("trap '' XFSZ; ulimit -f 512; exec '{}' {command}", env!("CARGO_BIN_EXE_copydesk"));
        let output = Command::new("sh").args(["-c", &line]).current_dir(folder.path()).output().unwrap();
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("what was there still is"), "{said}");
        // Went wrong: what was rolled back was committed, and told as damage.
        assert_eq!(said.matches("error:").count(), 1, "{said}");
        let output = copydesk(folder.path(), &["index", "verify", "i.copydesk-index"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    let output = copydesk(folder.path(), &["index", "export", "i.copydesk-index"]);
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 3);
}

#[test]
fn items_that_pass_go_on_byte_for_byte() {
    let (folder, _) = filled();
    // Spacing, escapes, unknown fields and the missing line break at the end are the item's own.
    let new = "{ \"id\": \"a-3\", \"x\": [1 , 2],  \"text\": \"The caf\\u00e9 by the pier opens again in the first week of April.\" }";
    let faulty = "{\"id\":\"a-4\",\"text\":\"The town library will be open on Sundays from now on.\\n\\nThe town library will be open on Sundays from now on.\"}";
    fs::write(folder.path().join("more.jsonl"), format!("{ITEMS}{faulty}\n{new}")).unwrap();
    for (which, expected) in [
        ("clean", format!("{new}\n")),
        ("new", format!("{faulty}\n{new}\n")),
        ("all", format!("{ITEMS}{faulty}\n{new}\n")),
    ] {
        let output = copydesk(
            folder.path(),
            &["check", "more.jsonl", "--index", "i.copydesk-index", "--no-record", "--pass", which],
        );
        assert_eq!(String::from_utf8(output.stdout.clone()).unwrap(), expected, "{which}");
        assert!(stderr(&output).contains("error[repeated-paragraph]"), "{}", stderr(&output));
        assert_eq!(output.status.code(), Some(1));
    }
    let feed = "<rss version=\"2.0\"><channel><title>Harbour</title><item><guid>f-1</guid><title>Ferry</title>\
                <pubDate>Tue, 24 Nov 2026 10:00:00 GMT</pubDate><description>The ferry leaves &amp;amp; returns \
                later from next week on.</description></item></channel></rss>";
    fs::write(folder.path().join("feed.xml"), feed).unwrap();
    let output = copydesk(folder.path(), &["check", "feed.xml", "--pass", "all"]);
    let item: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((item["id"].as_str(), item["title"].as_str()), (Some("f-1"), Some("Ferry")));
}

#[test]
fn what_the_next_stage_did_not_get_is_not_taken_in() {
    let (folder, _) = filled();
    let more: String = (0..20_000)
        .map(|n| serde_json::json!({"id": format!("m-{n}"), "text": format!("word {n} and nine more words that fill a paragraph up")}).to_string() + "\n")
        .collect();
    fs::write(folder.path().join("more.jsonl"), more).unwrap();
    let line = format!(
        "'{}' check more.jsonl --index i.copydesk-index --ignore ALL --pass all 2>/dev/null | head -n 1",
        env!("CARGO_BIN_EXE_copydesk")
    );
    let output = Command::new("sh").args(["-c", &line]).current_dir(folder.path()).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 1);
    let output = copydesk(folder.path(), &["index", "stats", "i.copydesk-index", "--format", "json"]);
    let stats: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(stats["items"], 2);
}

#[test]
fn statistics_are_by_their_schema() {
    let (folder, _) = filled();
    fs::write(folder.path().join("none.jsonl"), "").unwrap();
    copydesk(folder.path(), &["index", "add", "empty.copydesk-index", "none.jsonl"]);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json-schema/index-stats.schema.json");
    let schema: serde_json::Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (index, items) in [("i.copydesk-index", 2), ("empty.copydesk-index", 0)] {
        let output = copydesk(folder.path(), &["index", "stats", index, "--format", "json"]);
        let stats: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let wrong: Vec<String> = validator.iter_errors(&stats).map(|error| error.to_string()).collect();
        assert_eq!((wrong, stats["items"].as_u64()), (Vec::new(), Some(items)), "{stats}");
    }
}

/// A repeat, checked with an index and `then`; returns the status and the standard error of that run, and
/// what a further one tells.
#[cfg(target_os = "linux")]
fn told_again(then: &str) -> (Option<i32>, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let line = ITEMS.lines().next().unwrap();
    fs::write(folder.path().join("items.jsonl"), format!("{ITEMS}{}\n", line.replace("a-1", "a-3"))).unwrap();
    let command = format!("\"$0\" check items.jsonl --index i.copydesk-index {then}");
    let mut shell = Command::new("bash");
    shell.args(["-c", &command, env!("CARGO_BIN_EXE_copydesk")]).current_dir(folder.path());
    let first = shell.output().unwrap();
    let second = copydesk(folder.path(), &["check", "items.jsonl", "--index", "i.copydesk-index"]);
    (first.status.code(), stderr(&first), String::from_utf8(second.stdout).unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn what_could_not_be_told_is_not_taken_in() {
    for then in [
        "> /dev/full",
        "-o jsonl=nowhere/x.jsonl",
        "-o jsonl=/dev/full",
        "--pass all -o jsonl=nowhere/x.jsonl",
        "--pass all > /dev/full",
        "--pass all 2> /dev/full",
    ] {
        let (status, _, again) = told_again(then);
        assert_eq!(status, Some(2), "{then}");
        assert!(again.contains("error[duplicate-document]"), "{then}: {again}");
    }
    let (status, _, again) = told_again("-o jsonl=x.jsonl");
    assert_eq!(status, Some(1));
    assert_eq!(again, "");
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_reader_left_unread_is_not_taken_in() {
    // The reader is gone before anything is written.
    let (status, errors, again) = told_again("| exec 0<&-; exit ${PIPESTATUS[0]}");
    assert_eq!(status, Some(1), "{errors}");
    assert!(errors.contains("warning: not all that was found could be told"), "{errors}");
    assert!(again.contains("error[duplicate-document]"), "{again}");
}

/// A feed of two items, the second one as long as `text`; closed if `whole`.
fn feed(text: &str, whole: bool) -> String {
    let start = "<rss version=\"2.0\"><channel><title>Wire</title>\n\
        <item><guid>a-1</guid><pubDate>Fri, 20 Nov 2026 10:00:00 +0000</pubDate>\
        <description>The ferry to the islands leaves at nine on every day but Sunday.</description></item>\n\
        <item><guid>a-2</guid><pubDate>Fri, 20 Nov 2026 10:00:00 +0000</pubDate><description>";
    let end = if whole { "</description></item></channel></rss>\n" } else { "" };
    format!("{start}{text}{end}")
}

#[test]
fn an_item_that_the_file_breaks_off_in_is_not_taken_in() {
    const WHOLE: &str = "The pier will be closed for repairs. In May 14 of the 20 berths will be open again.";
    let folder = tempfile::tempdir().unwrap();
    let write = |text, whole| fs::write(folder.path().join("feed.xml"), feed(text, whole)).unwrap();
    let check = |pass: &str| {
        let index = ["check", "feed.xml", "--index", "i.copydesk-index", "--now", "2026-11-21T00:00:00Z"];
        let output = copydesk(folder.path(), &[&index[..], &["--pass", pass]].concat());
        let passed = String::from_utf8(output.stdout.clone()).unwrap();
        (output.status.code(), passed.matches("\"id\"").count(), stderr(&output))
    };
    // The first time: half an item is read, told, and forgotten.
    write(&WHOLE[..60], false);
    let (status, passed, said) = check("clean");
    assert_eq!((status, passed), (Some(2), 1), "{said}");
    assert!(said.contains("the file ends inside of <description>"), "{said}");
    write(WHOLE, true);
    let (status, passed, said) = check("clean");
    assert_eq!((status, passed), (Some(0), 1), "{said}");
    assert!(said.contains("Items: 1 new, 1 known"), "{said}");
    // Half of what is known is no new version of it, and the whole is known afterwards.
    write(&WHOLE[..60], false);
    let (status, passed, said) = check("new");
    assert_eq!((status, passed), (Some(2), 0), "{said}");
    assert!(!said.contains("silent-edit") && said.contains("Items: 2 known"), "{said}");
    write(WHOLE, true);
    assert!(check("all").2.contains("Items: 2 known"));
}

/// Runs copydesk as somebody who may not write what is ours; `None` where there is nobody else to be.
#[cfg(unix)]
fn as_another(folder: &Path, arguments: &[&str]) -> Option<Output> {
    use std::os::unix::fs::MetadataExt as _;
    use std::os::unix::process::CommandExt as _;
    let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    command.args(arguments).current_dir(folder);
    // Root may write everything.
    if fs::metadata(folder).unwrap().uid() == 0 {
        command.uid(65534).gid(65534);
    }
    command.output().ok()
}

#[cfg(unix)]
#[test]
fn who_may_only_read_reads_and_leaves_nothing_behind() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let names = |folder: &Path| {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    let (folder, index) = filled();
    let folder = folder.path();
    mode(&index, 0o444);
    let ask = ["index", "check", "i.copydesk-index", "items.jsonl", "--format", "jsonl"];
    // The folder may be written, and may not.
    for of_folder in [0o777, 0o555] {
        mode(folder, of_folder);
        let Some(output) = as_another(folder, &ask) else { return };
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(String::from_utf8(output.stdout).unwrap().matches("\"status\":\"known\"").count(), 2);
        assert_eq!(names(folder), ["i.copydesk-index", "items.jsonl"]);
        let output = as_another(folder, &["index", "stats", "i.copydesk-index"]).unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    mode(folder, 0o755);
    mode(&index, 0o644);
    // A writer is at work, and has committed what is not in the file yet.
    let db = rusqlite::Connection::open(&index).unwrap();
    db.execute_batch("PRAGMA wal_autocheckpoint = 0; UPDATE items SET title = 'x'").unwrap();
    let output = as_another(folder, &ask).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    // It was killed, and only the log is left.
    let log = folder.join("i.copydesk-index-wal");
    let bytes = fs::read(&log).unwrap();
    drop(db);
    fs::write(&log, bytes).unwrap();
    let output = as_another(folder, &ask).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("i.copydesk-index-wal, which can be read only by"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn an_item_that_gets_its_id_later_is_found_by_it() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = copydesk(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", stderr(&output));
        String::from_utf8(output.stdout.clone()).unwrap() + &stderr(&output)
    };
    let text = "The ferry to the islands leaves at nine in the morning on every day but Sunday.";
    let item = |id: &str| format!("{{{id}\"url\":\"https://example.org/ferry\",\"text\":\"{text}\"}}\n");
    fs::write(folder.path().join("a.jsonl"), item("")).unwrap();
    fs::write(folder.path().join("b.jsonl"), item("\"id\":\"tag:a\",").repeat(2)).unwrap();
    run(&["index", "add", "i.copydesk-index", "a.jsonl"]);
    assert!(run(&["index", "add", "i.copydesk-index", "b.jsonl"]).contains("2 known"));
    assert!(run(&["index", "verify", "i.copydesk-index"]).contains("whole, 1 version"));
    assert!(run(&["index", "remove", "i.copydesk-index", "tag:a"]).contains("items removed: 1"));
    assert!(run(&["index", "verify", "i.copydesk-index"]).contains("whole, 0 versions"));
    assert!(run(&["index", "add", "i.copydesk-index", "a.jsonl"]).contains("1 new"));
}
