//! `copydesk history` from outside: which versions are told, what is said of odd and damaged input, how the
//! run ends. What a history says is in corpus/cases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn copydesk(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    command.current_dir(folder).stdin(Stdio::null());
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    copydesk(folder).arg("history").args(arguments).output().unwrap()
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The documents of a JSON report: each id with the labels of its versions.
fn told(output: &Output) -> Vec<(String, Vec<String>)> {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    report["documents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|document| {
            let versions = document["versions"].as_array().unwrap().iter();
            (text(&document["id"]), versions.map(|version| text(&version["label"])).collect())
        })
        .collect()
}

/// Records of two documents.
fn records() -> String {
    let mut out = String::new();
    for day in 1..=4 {
        let text = format!("The pier opens at noon.\n\nSo far {} boats have called there.\n", 10 + day);
        let updated = format!("2026-05-0{day}T09:00:00Z");
        let pier = json!({"id": "pier", "version": format!("p{day}"), "updated": updated, "text": text});
        let quay = json!({"id": "quay", "version": format!("q{day}"), "updated": updated, "text": "Shut.\n"});
        writeln!(out, "{pier}\n{quay}").unwrap();
    }
    out
}

#[test]
fn versions_and_documents_are_chosen_by_label_date_and_id() {
    let folder = folder(&[("in.jsonl", &records())]);
    let chosen = |arguments: &[&str]| {
        let output = run(folder.path(), &[&["in.jsonl", "--format", "json"], arguments].concat());
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", stderr(&output));
        told(&output)
            .into_iter()
            .map(|(id, labels)| format!("{id}: {}", labels.join(" ")))
            .collect::<Vec<_>>()
    };
    assert_eq!(chosen(&[]), ["pier: p1 p2 p3 p4", "quay: q1 q2 q3 q4"]);
    assert_eq!(chosen(&["--id", "pier"]), ["pier: p1 p2 p3 p4"]);
    assert_eq!(chosen(&["--id", "pier", "--from", "p2", "--to", "p3"]), ["pier: p2 p3"]);
    assert_eq!(chosen(&["--from", "2026-05-03"]), ["pier: p3 p4", "quay: q3 q4"]);
    assert_eq!(chosen(&["--to", "2026-05-02"]), ["pier: p1 p2", "quay: q1 q2"]);
    assert_eq!(chosen(&["--id", "quay", "--since", "2026-05-03T12:00:00Z"]), ["quay: q3 q4"]);
    // What is asked for and is not there.
    let output = run(folder.path(), &["in.jsonl", "--id", "wharf"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("wharf"), "{}", stderr(&output));
}

#[test]
fn a_day_chooses_the_versions_that_are_shown_under_it_whatever_their_zone() {
    let dates = [
        "2024-01-01T12:00:00Z",
        "2024-01-02T00:30:00+02:00",
        "2024-01-02T12:00:00Z",
        "2024-01-03T23:30:00-05:00",
        "Thu, 04 Jan 2024 23:00:00 -0800",
        "2024-01-06",
    ];
    let mut records = String::new();
    for (at, date) in dates.iter().enumerate() {
        let text = format!("So far {at} boats have called.");
        let record = json!({"id": "pier", "version": format!("p{at}"), "updated": date, "text": text});
        writeln!(records, "{record}").unwrap();
    }
    let folder = folder(&[("in.jsonl", &records)]);
    let chosen = |arguments: &[&str]| {
        let output = run(folder.path(), &[&["in.jsonl", "--format", "json"], arguments].concat());
        told(&output).into_iter().next().unwrap().1.join(" ")
    };
    assert_eq!(chosen(&["--from", "2024-01-02"]), "p1 p2 p3 p4 p5");
    assert_eq!(chosen(&["--to", "2024-01-03"]), "p0 p1 p2 p3");
    assert_eq!(chosen(&["--from", "2024-01-02", "--to", "2024-01-02"]), "p1 p2");
    assert_eq!(chosen(&["--from", "2024-01-04", "--to", "2024-01-04"]), "p4");
    assert_eq!(chosen(&["--since", "2024-01-03"]), "p2 p3 p4 p5");
    assert_eq!(chosen(&["--to", "2024"]), "p0 p1 p2 p3 p4 p5");
    // A time is a moment, and not a day.
    assert_eq!(chosen(&["--from", "2024-01-02T00:00:00Z"]), "p2 p3 p4 p5");
}

#[test]
fn files_are_ordered_as_asked_for_and_disorder_is_a_warning() {
    let article = |day: u32, text: &str| format!("---\ndate: 2026-05-0{day}\n---\n\n{text}\n");
    let files = [
        ("pier-1.md", article(3, "The pier opens at noon on most days of the year.")),
        ("pier-2.md", article(1, "The pier opens at one on most days of the year.")),
        ("pier-3.md", article(1, "The pier opens at two on most days of the year.")),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let folder = folder(&files);
    let by_name = run(folder.path(), &[".", "--format", "json"]);
    assert_eq!(told(&by_name)[0].1, ["pier-1.md", "pier-2.md", "pier-3.md"]);
    let said = stderr(&by_name);
    assert!(said.starts_with("warning: ") && said.contains("an earlier date"), "{said}");
    assert_eq!(by_name.status.code(), Some(0), "{said}");
    let by_date = run(folder.path(), &[".", "--format", "json", "--order", "date"]);
    assert_eq!(told(&by_date)[0].1, ["pier-2.md", "pier-3.md", "pier-1.md"]);
    assert_eq!(by_date.status.code(), Some(0));
    let said = stderr(&by_date);
    assert!(said.starts_with("warning: ") && said.contains("pier-3.md"), "equal dates: {said}");
}

#[test]
fn two_documents_in_one_folder_are_two_histories() {
    let folder = folder(&[
        ("pier-1.txt", "The pier opens at noon, and the band plays until six.\n"),
        ("pier-2.txt", "The pier opens at noon, and the band plays until seven.\n"),
        ("menu-1.txt", "Soup of the day, bread, a herring with beetroot.\n"),
        ("menu-2.txt", "Soup of the day, bread, a salmon with beetroot.\n"),
    ]);
    let output = run(folder.path(), &[".", "--format", "json"]);
    let told = told(&output);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().all(|(_, labels)| labels.len() == 2), "{told:?}");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn what_is_no_article_is_skipped_in_a_folder_and_a_fault_by_name() {
    let folder = folder(&[
        ("in/quay-v1.md", "One boat called at the quay today.\n"),
        ("in/quay-v2.md", "Two boats called at the quay today.\n"),
        ("in/package.json", "{\"name\": \"quay\", \"version\": \"1.0.0\"}\n"),
        ("in/pom.xml", "<project><version>1</version></project>\n"),
        ("other/package.json", "{\"name\": \"quay\"}\n"),
        ("mixed.json", "[{\"id\": \"a\", \"text\": \"Shut.\"}, {\"id\": \"a\", \"name\": \"b\"}]\n"),
    ]);
    for again in [false, true] {
        let output = run(folder.path(), &["in", "--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(told(&output).len(), 1);
        let left = if again { "2 more hold" } else { "1 more hold" };
        let expected = format!("warning: in/package.json: and {left} no article; skipped\n");
        assert_eq!(stderr(&output), expected);
        // The report is no version of anything.
        fs::write(folder.path().join("in/report.json"), &output.stdout).unwrap();
    }
    let named = run(folder.path(), &["in/package.json"]);
    assert_eq!(named.status.code(), Some(2));
    assert!(
        stderr(&named).starts_with("error: in/package.json: is JSON but no article"),
        "{}",
        stderr(&named)
    );
    let nothing = run(folder.path(), &["other"]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(stderr(&nothing).ends_with("error: other: holds no documents\n"), "{}", stderr(&nothing));
    assert!(!stderr(&run(folder.path(), &["mixed.json"])).contains("error: :"));
}

#[test]
fn a_report_goes_to_files_beside_standard_output() {
    let folder = folder(&[("in.jsonl", &records())]);
    let output = run(folder.path(), &["in.jsonl", "-o", "json=h.json", "-o", "markdown=h.md"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).starts_with("pier\n4 versions"), "{}", stdout(&output));
    let report: Value = serde_json::from_slice(&fs::read(folder.path().join("h.json")).unwrap()).unwrap();
    assert_eq!(report["documents"].as_array().unwrap().len(), 2);
    assert!(
        fs::read_to_string(folder.path().join("h.md"))
            .unwrap()
            .starts_with("<!-- a report of copydesk -->\n## pier")
    );
    for wrong in ["json", "poem=h", "json="] {
        let output = run(folder.path(), &["in.jsonl", "-o", wrong]);
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), String::new()), "{wrong}");
        assert!(stderr(&output).contains("--output"), "{wrong}: {}", stderr(&output));
    }
    let output = run(folder.path(), &["in.jsonl", "-o", "json=nowhere/h.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stdout(&output).starts_with("pier\n"), "the other report is whole");
}

#[test]
fn a_dump_that_is_cut_off_is_told_as_far_as_it_goes() {
    let revision = |number: u32| {
        format!(
            "<revision><id>{number}</id><timestamp>2026-05-0{number}T09:00:00Z</timestamp>\
             <contributor><username>Ines</username></contributor><model>wikitext</model>\
             <format>text/x-wiki</format><text>The pier opens at {number}.</text></revision>"
        )
    };
    let dump = format!(
        "<mediawiki xmlns=\"http://www.mediawiki.org/xml/export-0.11/\"><page><title>Pier</title><ns>0</ns>\
         <id>1</id>{}{}{}</page></mediawiki>",
        revision(1),
        revision(2),
        revision(3)
    );
    let cut = &dump[..dump.rfind("opens at 3").unwrap()];
    let folder = folder(&[("whole.xml", &dump), ("cut.xml", cut)]);
    let whole = run(folder.path(), &["whole.xml", "--format", "json"]);
    assert_eq!((whole.status.code(), told(&whole)[0].1.len()), (Some(0), 3), "{}", stderr(&whole));
    let output = run(folder.path(), &["cut.xml", "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(told(&output), [("Pier".to_owned(), vec!["1".to_owned(), "2".to_owned()])]);
    assert!(stderr(&output).starts_with("error: cut.xml"), "{}", stderr(&output));
}

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=Ines", "-c", "user.email=ines@example.org", "-c", "commit.gpgsign=false"])
        .args(["-c", "protocol.file.allow=always"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .env("GIT_AUTHOR_DATE", "2026-05-01T09:00:00Z")
        .env("GIT_COMMITTER_DATE", "2026-05-01T09:00:00Z")
        .output()
        .unwrap();
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn a_shallow_clone_and_a_path_that_git_never_had_are_said() {
    let made = folder(&[]);
    let repository = made.path().join("one");
    fs::create_dir(&repository).unwrap();
    git(&repository, &["init", "-q", "-b", "main"]);
    for hour in ["noon", "one", "two"] {
        fs::write(repository.join("pier.md"), format!("The pier opens at {hour}.\n")).unwrap();
        git(&repository, &["add", "-A"]);
        git(&repository, &["commit", "-q", "-m", hour]);
    }
    let from = format!("file://{}", repository.display());
    git(made.path(), &["clone", "-q", "--depth", "2", &from, "two"]);
    let output = run(made.path(), &["two/pier.md", "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("shallow clone"), "{}", stderr(&output));
    assert_eq!(told(&output)[0].1.len(), 2, "what there is, is told");

    let whole = run(made.path(), &["one/pier.md", "--format", "json"]);
    assert_eq!((whole.status.code(), told(&whole)[0].1.len()), (Some(0), 3), "{}", stderr(&whole));
    fs::write(repository.join("new.md"), "Nobody has committed this.\n").unwrap();
    for never in ["one/new.md", "one/gone.md"] {
        let output = run(made.path(), &[never, "one/pier.md", "--format", "json"]);
        assert_eq!(output.status.code(), Some(2), "{never}");
        assert!(stderr(&output).contains(never), "{}", stderr(&output));
        assert_eq!(told(&output).len(), 1, "{never}: the rest is done");
    }
}

#[test]
fn a_long_history_fits_a_screen_and_verbose_tells_each_version() {
    let texts: Vec<(String, String)> = (0..120)
        .map(|number| {
            let hour = if number < 70 { "noon" } else { "one" };
            let mark = ["", "!"][number % 2];
            let link = format!("https://a.example/?u=1&e=AT{}aB{:08}xY", "k7".repeat(6), number * 7919);
            let text = format!("The pier opens at {hour}{mark}\n\nSee the [timetable]({link}) for boats.\n");
            (format!("pier-{number}.md"), text)
        })
        .collect();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = folder(&texts);
    let short = run(folder.path(), &["."]);
    assert_eq!(short.status.code(), Some(0), "{}", stderr(&short));
    let text = stdout(&short);
    let lines: Vec<&str> = text.lines().skip(3).take(4).collect();
    assert!(lines[0].starts_with("1 ") && lines[0].ends_with("first version"), "{text}");
    assert!(lines[1].starts_with("2–70 ") && lines[1].ends_with("69 versions: cosmetic"), "{text}");
    assert!(lines[2].starts_with("71 ") && lines[2].ends_with("substantive: date"), "{text}");
    assert!(lines[3].starts_with("72–120 ") && lines[3].ends_with("49 versions: cosmetic"), "{text}");
    let whole = run(folder.path(), &[".", "-v"]);
    assert!(stdout(&whole).lines().count() > 120, "{}", stdout(&whole));
}

#[test]
fn a_pipe_that_is_closed_ends_the_run_quietly() {
    let mut records = String::new();
    for number in 0..400 {
        let text = format!("The pier opens at noon. {}\n", "Boats call there. ".repeat(200));
        for version in 0..3 {
            let id = format!("pier {number}");
            writeln!(records, "{}", json!({"id": id, "version": version, "text": text})).unwrap();
        }
    }
    let folder = folder(&[("in.jsonl", &records)]);
    for read in [0, 16] {
        let mut child = copydesk(folder.path())
            .args(["history", "in.jsonl", "--blame"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdout.take().unwrap().read_exact(&mut [0; 16][..read]).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!((stderr(&output).as_str(), output.status.code()), ("", Some(0)), "{read}");
    }
}

/// `history . --format json > report.json` reads everything but the file that it is writing.
#[test]
fn a_report_in_the_folder_that_is_read_is_no_document() {
    let folder = folder(&[("news.jsonl", &records())]);
    let first = run(folder.path(), &["news.jsonl", "--format", "json"]);
    for _ in 0..2 {
        let report = fs::File::create(folder.path().join("report.json")).unwrap();
        let output = copydesk(folder.path())
            .args(["history", ".", "--format", "json"])
            .stdout(report)
            .output()
            .unwrap();
        if cfg!(target_os = "linux") {
            assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
            assert_eq!(fs::read(folder.path().join("report.json")).unwrap(), first.stdout);
        }
        let output = run(folder.path(), &[".", "-o", "json=other.json"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
}
