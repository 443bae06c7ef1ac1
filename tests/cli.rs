//! The command line from outside: exit statuses, streams, files, colours, help. What a single check says
//! is in corpus/cases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use copydesk::lint::RULES;
use copydesk::report::documents::DOCUMENTS;
use copydesk::report::findings::FINDINGS;

const REPEAT: &str = "Ferry traffic resumed at noon, the board said.\n\nNobody was hurt, it said.\n\n\
                      Ferry traffic resumed at noon, the board said.\n";
const CLEAN: &str = "Ferry traffic resumed at noon, the board said.\n\nNobody was hurt.\n";

fn copydesk(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    command.current_dir(folder).stdin(Stdio::null());
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    copydesk(folder).args(arguments).output().unwrap()
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
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

#[test]
fn the_exit_status_tells_findings_from_trouble() {
    let place = folder(&[("repeat.txt", REPEAT), ("clean.txt", CLEAN)]);
    let run = |arguments: &[&str]| run(place.path(), arguments);
    status(&run(&["check", "clean.txt"]), 0);
    status(&run(&["check", "repeat.txt"]), 1);
    status(&run(&["check", "repeat.txt", "--fail-on", "never"]), 0);
    status(&run(&["check", "repeat.txt", "--severity", "repeated-paragraph=warning"]), 0);
    status(
        &run(&["check", "repeat.txt", "--severity", "repeated-paragraph=warning", "--fail-on", "warning"]),
        1,
    );
    status(&run(&["check", "repeat.txt", "--ignore", "ALL", "--fail-on", "info"]), 0);
    // Trouble beats findings, and what could be checked is reported.
    let output = run(&["check", "repeat.txt", "missing.txt"]);
    status(&output, 2);
    assert!(stdout(&output).contains("repeated-paragraph"));
    assert!(stderr(&output).contains("error: missing.txt: "), "{}", stderr(&output));
    status(&run(&["check", "--format", "nonsense"]), 2);
    status(&run(&[]), 2);
    status(&run(&["--version"]), 0);
}

#[test]
fn no_document_at_all_is_trouble_unless_allowed() {
    let place = folder(&[("picture.xyz", "x")]);
    let output = run(place.path(), &["check"]);
    status(&output, 2);
    assert!(stderr(&output).contains("no document was checked"));
    status(&run(place.path(), &["check", "--allow-empty"]), 0);
}

#[test]
fn a_wrong_flag_is_named_before_anything_is_read() {
    let place = folder(&[("repeat.txt", REPEAT)]);
    for (arguments, expected) in [
        (
            &["--select", "repeated-paragraf"][..],
            "error: --select: no rule is called `repeated-paragraf`; did you mean `repeated-paragraph`?",
        ),
        (&["--severity", "boilerplate=bad"], "error: --severity: "),
        (&["-o", "json"], "error: --output: "),
        (&["--encoding", "klingon"], "error: --encoding: "),
        (&["--max-size", "lots"], "--max-size"),
    ] {
        let mut all = vec!["check", "repeat.txt"];
        all.extend(arguments);
        let output = run(place.path(), &all);
        status(&output, 2);
        assert!(stderr(&output).contains(expected), "{}", stderr(&output));
        assert_eq!(stdout(&output), "");
    }
}

#[test]
fn standard_input_is_read_and_named() {
    let place = folder(&[]);
    let mut child = copydesk(place.path())
        .args(["check", "-", "--stdin-filename", "story.txt", "-q"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(REPEAT.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    status(&output, 1);
    assert_eq!(stdout(&output), "story.txt:5:1: error[repeated-paragraph] paragraph repeats story.txt:1\n");
    assert_eq!(stderr(&output), "");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let text: String = (0..4000).map(|i| format!("Line number {} of a long story.\n\n", i % 2000)).collect();
    let place = folder(&[("long.txt", &text)]);
    let mut child = copydesk(place.path())
        .args(["check", "long.txt", "--format", "json", "-q"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut start = [0; 100];
    child.stdout.take().unwrap().read_exact(&mut start).unwrap();
    // The pipe is closed here, long before all is written.
    let output = child.wait_with_output().unwrap();
    assert_eq!(stderr(&output), "");
    assert_eq!(output.status.code(), Some(1));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_trouble() {
    let place = folder(&[("repeat.txt", REPEAT)]);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = copydesk(place.path()).args(["check", "repeat.txt"]).stdout(full).output().unwrap();
    status(&output, 2);
    assert!(stderr(&output).contains("cannot write to standard output"));
}

#[test]
fn reports_go_to_files_in_the_same_run() {
    let place = folder(&[("repeat.txt", REPEAT), ("old.json", "old")]);
    let output = run(
        place.path(),
        &["check", "repeat.txt", "-o", "json=old.json", "-o", "full=report.txt", "--format", "concise"],
    );
    status(&output, 1);
    assert!(stdout(&output).starts_with("repeat.txt:5:1: error[repeated-paragraph]"));
    let json: serde_json::Value =
        serde_json::from_slice(&fs::read(place.path().join("old.json")).unwrap()).unwrap();
    assert_eq!(json["summary"]["errors"], 1);
    let full = fs::read_to_string(place.path().join("report.txt")).unwrap();
    assert!(full.starts_with("error[repeated-paragraph]: paragraph repeats repeat.txt:1\n"), "{full}");
    let names: Vec<_> = fs::read_dir(place.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "no temporary file stays: {names:?}");
}

#[test]
fn platforms_get_paths_from_the_root_of_the_repository() {
    let place = folder(&[]);
    let docs = place.path().join("docs/en");
    fs::create_dir_all(&docs).unwrap();
    fs::create_dir(place.path().join(".git")).unwrap();
    fs::write(docs.join("a b.txt"), REPEAT).unwrap();
    let arguments = ["check", "a b.txt", "--format", "github", "-o", "sarif=a.sarif", "-o", "gitlab=a.json"];
    let output = run(&docs, &arguments);
    status(&output, 1);
    assert!(stdout(&output).starts_with("::error file=docs/en/a b.txt,line=5,col=1,"), "{}", stdout(&output));
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_slice(&fs::read(docs.join(name)).unwrap()).unwrap()
    };
    let uri = "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri";
    assert_eq!(read("a.sarif").pointer(uri).unwrap(), "docs/en/a%20b.txt");
    assert_eq!(read("a.json")[0]["location"]["path"], "docs/en/a b.txt");
    // The others print paths as given.
    let concise = run(&docs, &["check", "a b.txt", "--format", "checkstyle"]);
    assert!(stdout(&concise).contains("<file name=\"a b.txt\">"));
}

#[test]
fn a_report_that_cannot_be_written_is_trouble() {
    let place = folder(&[("clean.txt", CLEAN)]);
    let arguments = ["check", "clean.txt", "-o", "json=no/such/folder.json", "-o", "jsonl=fine.jsonl"];
    let output = run(place.path(), &arguments);
    status(&output, 2);
    assert!(stderr(&output).contains("error: no/such/folder.json: cannot write the report"));
    assert!(place.path().join("fine.jsonl").is_file());
}

#[cfg(unix)]
#[test]
fn a_report_through_a_link_or_to_a_device_replaces_neither() {
    let place = folder(&[("clean.txt", CLEAN), ("target.json", "")]);
    std::os::unix::fs::symlink("target.json", place.path().join("link.json")).unwrap();
    let output = run(place.path(), &["check", "clean.txt", "-o", "json=link.json", "-o", "json=/dev/null"]);
    status(&output, 0);
    assert!(fs::symlink_metadata(place.path().join("link.json")).unwrap().is_symlink());
    assert!(!fs::read(place.path().join("target.json")).unwrap().is_empty());
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}

#[test]
fn colours_follow_the_flag_then_the_environment() {
    let place = folder(&[("repeat.txt", REPEAT)]);
    let colored = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = copydesk(place.path());
        command.args(["check", "repeat.txt", "--format", "full"]).args(arguments);
        command.envs(variables.iter().copied());
        stdout(&command.output().unwrap()).contains('\u{1b}')
    };
    assert!(!colored(&[], &[]), "a pipe gets no colours");
    assert!(colored(&["--color", "always"], &[]));
    assert!(colored(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(colored(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    // A file never does.
    run(place.path(), &["check", "repeat.txt", "--color", "always", "-o", "full=report.txt"]);
    assert!(!fs::read_to_string(place.path().join("report.txt")).unwrap().contains('\u{1b}'));
}

#[test]
fn quiet_and_verbose() {
    let place = folder(&[("repeat.txt", REPEAT)]);
    let usual = run(place.path(), &["check", "repeat.txt"]);
    assert!(stderr(&usual).starts_with("Checked 1 file, 1 document, 3 paragraphs"), "{}", stderr(&usual));
    let quiet = run(place.path(), &["check", "repeat.txt", "--format", "full", "--quiet"]);
    assert!(!stdout(&quiet).contains("Checked") && stderr(&quiet).is_empty());
    let verbose = run(place.path(), &["-v", "check", "repeat.txt"]);
    assert!(stderr(&verbose).contains("note: rules: "), "{}", stderr(&verbose));
    status(&run(place.path(), &["check", "repeat.txt", "-q", "-v"]), 2);
}

#[test]
fn many_faults_of_one_file_are_cut_short() {
    let broken = "{\"text\": \n".repeat(30);
    let place = folder(&[("broken.jsonl", &broken)]);
    for command in ["check", "show"] {
        let output = run(place.path(), &[command, "broken.jsonl"]);
        status(&output, 2);
        let said = stderr(&output);
        assert!(said.starts_with("error: broken.jsonl:1:"), "{said}");
        assert_eq!(said.matches("broken.jsonl:").count(), 21, "{said}");
        assert!(said.contains("error: broken.jsonl: 10 more faults like these\n"), "{said}");
    }
}

#[test]
fn the_same_bytes_come_out_at_any_thread_count() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let one = run(folder, &["check", "corpus/newsroom", "--format", "json", "--threads", "1"]);
    let two = run(folder, &["check", "corpus/newsroom", "--format", "json", "--threads", "2"]);
    assert_eq!(stdout(&one), stdout(&two));
}

#[test]
fn help_names_every_rule_and_format() {
    let place = folder(&[]);
    let output = run(place.path(), &["check", "--help"]);
    status(&output, 0);
    let help = stdout(&output);
    for rule in RULES {
        assert!(help.contains(rule.name()), "{}", rule.name());
    }
    for format in FINDINGS {
        assert!(help.contains(&format!("- {}:", format.name())), "{}", format.name());
    }
    let show = stdout(&run(place.path(), &["show", "--help"]));
    assert!(DOCUMENTS.iter().all(|format| show.contains(&format!("- {}:", format.name()))));
}

#[test]
fn rules_are_listed_and_explained() {
    let place = folder(&[]);
    let list = run(place.path(), &["rules"]);
    status(&list, 0);
    assert_eq!(stdout(&run(place.path(), &["explain"])), stdout(&list));
    for rule in RULES {
        assert!(stdout(&list).contains(rule.name()));
        let page = run(place.path(), &["explain", rule.name()]);
        status(&page, 0);
        assert!(stdout(&page).starts_with(rule.name()));
    }
    let unknown = run(place.path(), &["explain", "shared-paragraf"]);
    status(&unknown, 2);
    assert!(stderr(&unknown).contains("did you mean `shared-paragraph`?"));
}

/// Written anew by `COPYDESK_BLESS=1 cargo test --test cli`.
#[test]
fn the_page_of_rules_is_made_from_the_rules() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    let page = run(path.parent().unwrap(), &["rules", "--format", "markdown"]);
    if std::env::var_os("COPYDESK_BLESS").is_some() {
        fs::write(&path, &page.stdout).unwrap();
    }
    let stored = fs::read_to_string(&path).unwrap();
    assert!(
        stored == stdout(&page),
        "docs/rules.md is behind: `copydesk rules --format markdown > docs/rules.md`"
    );
}

#[test]
fn completions_and_manual_pages_are_printed() {
    let place = folder(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = run(place.path(), &["completions", shell]);
        status(&output, 0);
        assert!(stdout(&output).contains("select"), "{shell}");
    }
    let page = stdout(&run(place.path(), &["man"]));
    assert!(page.contains(".TH copydesk 1"), "{page}");
    assert!(stdout(&run(place.path(), &["man", "check"])).contains(".TH copydesk-check 1"));
    for command in [&["man", "index", "add"][..], &["man", "index-add"]] {
        let page = stdout(&run(place.path(), command));
        assert!(page.contains(".TH copydesk-index-add 1") && page.contains("batch"), "{page}");
    }
    status(&run(place.path(), &["man", "nonsense"]), 2);
    status(&run(place.path(), &["man", "index", "nonsense"]), 2);
}

#[test]
fn show_goes_on_behind_what_it_cannot_read() {
    let place = folder(&[("a.txt", CLEAN)]);
    let output = run(place.path(), &["show", "missing.txt", "a.txt", "--format", "json"]);
    status(&output, 2);
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(json["documents"][0]["blocks"].as_array().map(Vec::len), Some(2));
    assert_eq!(json["errors"][0]["path"], "missing.txt");
}

fn git(folder: &Path, arguments: &[&str]) -> Output {
    let own = ["-c", "user.name=Copy Desk", "-c", "user.email=desk@example.org", "-c", "core.autocrlf=false"];
    Command::new("git")
        .args(own.iter().chain(arguments))
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap()
}

#[test]
fn a_version_of_a_git_repository_is_compared() {
    let place = folder(&[("story.md", CLEAN)]);
    status(&git(place.path(), &["init", "-q"]), 0);
    status(&git(place.path(), &["add", "story.md"]), 0);
    status(&git(place.path(), &["commit", "-q", "-m", "First"]), 0);
    fs::write(place.path().join("story.md"), CLEAN.replace("noon", "midnight")).unwrap();
    let output = run(place.path(), &["diff", "HEAD:story.md", "story.md"]);
    status(&output, 1);
    let said = stdout(&output);
    assert!(said.starts_with("HEAD:story.md → story.md\n"), "{said}");
    assert!(said.contains("[-noon-]{+midnight+}"), "{said}");
    status(&run(place.path(), &["diff", "HEAD:story.md", "HEAD:story.md"]), 0);
    let records = "{\"id\":\"a#1\",\"text\":\"The ferry leaves at noon.\"}\n{\"id\":\"b\",\"text\":\"It comes by night.\"}\n";
    fs::write(place.path().join("wire.jsonl"), records).unwrap();
    status(&git(place.path(), &["add", "wire.jsonl"]), 0);
    status(&git(place.path(), &["commit", "-q", "-m", "Second"]), 0);
    fs::write(place.path().join("wire.jsonl"), records.replace("noon", "midnight")).unwrap();
    let output = run(place.path(), &["diff", "HEAD:wire.jsonl#a#1", "wire.jsonl#a#1"]);
    status(&output, 1);
    assert!(stdout(&output).contains("[-noon-]{+midnight+}"), "{}", stdout(&output));
    for (wrong, why) in [
        ("HEAD:wire.jsonl", "error: HEAD:wire.jsonl: holds 2 documents; name one with HEAD:wire.jsonl#ID\n"),
        ("HEAD:wire.jsonl#c", "error: HEAD:wire.jsonl: no record is called `c`\n"),
        ("HEAD:other.md", "error: HEAD:other.md: path 'other.md' "),
        ("nonsense:story.md", "error: nonsense:story.md: "),
    ] {
        let output = run(place.path(), &["diff", wrong, "story.md"]);
        status(&output, 2);
        assert!(stderr(&output).starts_with(why), "{}", stderr(&output));
        assert_eq!(stdout(&output), "");
    }
}

#[test]
fn standard_input_is_one_of_the_versions() {
    let place = folder(&[("story.txt", CLEAN)]);
    let mut child = copydesk(place.path())
        .args(["diff", "story.txt", "-", "--stdin-filename", "later.txt", "--format", "stat"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(CLEAN.replace("Nobody", "One").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    status(&output, 1);
    assert!(stdout(&output).contains("later.txt"), "{}", stdout(&output));
    let output = run(place.path(), &["diff", "-", "-"]);
    status(&output, 2);
    assert!(stderr(&output).contains("not both"), "{}", stderr(&output));
}

#[test]
fn no_report_is_written_over_an_input() {
    let place = folder(&[("a.txt", CLEAN), ("b.txt", &CLEAN.replace("noon", "midnight"))]);
    fs::create_dir(place.path().join("v")).unwrap();
    fs::write(place.path().join("v/v1.txt"), CLEAN).unwrap();
    fs::write(place.path().join("v/v2.txt"), CLEAN.replace("noon", "midnight")).unwrap();
    let mut commands = vec![
        vec!["check", "a.txt", "-o", "json=a.txt"],
        vec!["check", ".", "-o", "json=v/../a.txt"],
        vec!["diff", "a.txt", "b.txt", "-o", "html=a.txt"],
        vec!["diff", "a.txt", "b.txt", "-o", "html=other.html", "-o", "json=./b.txt"],
        vec!["history", "v", "-o", "html=v/v1.txt"],
        vec!["history", "v/v1.txt", "v/v2.txt", "-o", "json=v/v2.txt"],
    ];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("a.txt", place.path().join("link")).unwrap();
        commands.push(vec!["check", "a.txt", "-o", "json=link"]);
        commands.push(vec!["check", "link", "-o", "json=a.txt"]);
        commands.push(vec!["diff", "link", "b.txt", "-o", "html=a.txt"]);
    }
    for command in commands {
        let output = run(place.path(), &command);
        status(&output, 2);
        assert!(stderr(&output).contains("is an input"), "{command:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "", "{command:?}");
        for (file, text) in [("a.txt", CLEAN), ("v/v1.txt", CLEAN)] {
            assert_eq!(fs::read_to_string(place.path().join(file)).unwrap(), text, "{command:?}");
        }
        assert!(!place.path().join("other.html").exists());
    }
    // A report of an earlier run is none.
    for format in
        ["json=r.json", "jsonl=r.jsonl", "markdown=r.md", "html=r.html", "sarif=s.json", "junit=r.xml"]
    {
        for _ in 0..2 {
            let output = run(place.path(), &["check", "a.txt", ".", "-o", format]);
            assert!(!stderr(&output).contains("is an input"), "{format}: {}", stderr(&output));
        }
    }
}

/// However the old file is named, the patch names it as it lies below the current folder.
#[test]
fn a_patch_of_diff_names_the_file_from_the_current_folder() {
    let place = tempfile::tempdir().unwrap();
    let sub = place.path().join("sub");
    let (old, new) = (sub.join("deep/f.txt"), sub.join("deep/g.txt"));
    fs::create_dir_all(sub.join("deep")).unwrap();
    fs::write(&old, "alpha\nbeta\n").unwrap();
    fs::write(&new, "alpha\ngamma\n").unwrap();
    status(&git(place.path(), &["init", "-q"]), 0);
    status(&git(place.path(), &["add", "."]), 0);
    let author = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
    status(&git(place.path(), &[&author[..], &["commit", "-q", "-m", "One"]].concat()), 0);
    for name in [
        "deep/f.txt",
        "./deep/./f.txt",
        "deep//f.txt",
        "../sub/deep/f.txt",
        "deep/../deep/f.txt",
        &old.to_string_lossy(),
        &sub.join("../sub/deep/f.txt").to_string_lossy(),
        "HEAD:sub/deep/f.txt",
        "HEAD:./deep/f.txt",
    ] {
        let output = run(&sub, &["diff", name, "deep/g.txt", "--format", "unified"]);
        status(&output, 1);
        let patch = stdout(&output);
        assert!(patch.starts_with("--- a/deep/f.txt\n+++ b/deep/f.txt\n"), "{name}: {patch}");
    }
    // From beside the file nothing is above it: it is named as it was given.
    fs::create_dir(place.path().join("beside")).unwrap();
    let beside = ["diff", "../sub/deep/f.txt", "../sub/deep/g.txt", "--format", "unified"];
    let output = run(&place.path().join("beside"), &beside);
    assert!(stdout(&output).starts_with("--- a/../sub/deep/f.txt\n"), "{}", stdout(&output));
}

#[test]
fn git_applies_the_patch() {
    let three = "One boat left.\n\nTwo boats came.\n\nThree boats stayed.\n";
    for (old, new) in [
        (three.to_owned(), three.replace("Two", "Four")),
        (three.to_owned(), three.trim_end().to_owned()),
        (three.trim_end().to_owned(), three.replace("Three", "Five")),
        (three.to_owned(), three.replace('\n', "\r\n")),
        (three.replace('\n', "\r\n"), three.to_owned()),
        (three.to_owned(), "Two boats came.\n\nOne boat left.\n".to_owned()),
        (format!("\u{feff}{three}"), format!("\u{feff}{}", three.replace("Two", "Four"))),
    ] {
        let place = folder(&[("story.txt", &old), ("later.txt", &new)]);
        let output = run(
            place.path(),
            &["diff", "story.txt", "later.txt", "--format", "unified", "-o", "unified=patch"],
        );
        status(&output, 1);
        let patch = stdout(&output);
        assert_eq!(fs::read_to_string(place.path().join("patch")).unwrap(), patch);
        status(&git(place.path(), &["apply", "patch"]), 0);
        assert_eq!(fs::read_to_string(place.path().join("story.txt")).unwrap(), new, "{patch}");
    }
}
