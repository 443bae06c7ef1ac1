//! The gate: what a baseline lets through after all the edits that people make, and what `--since` tells of a
//! branch.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const LOCK: &str = "The lock at Brannock stays closed until the new gates have been hung.";
const SKIPPERS: &str =
    "Skippers are asked to wait at the lower pontoon and to keep the channel nine open at all times.";
const NEARLY: &str =
    "Pilots are asked to wait at the lower pontoon and to keep the channel nine open at all times.";

/// A folder with documents in `docs`.
struct Site(TempDir);

impl Site {
    fn new(files: &[(&str, &str)]) -> Self {
        let site = Self(tempfile::tempdir().unwrap());
        files.iter().for_each(|(name, text)| site.write(name, text));
        site
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.path().join("docs").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.0.path().join("docs").join(name)).unwrap();
    }

    /// Runs copydesk; its exit status, standard output and standard error.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_copydesk"))
            .args(arguments)
            .current_dir(self.0.path())
            .env_remove("NO_COLOR")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn baseline(&self) {
        let (status, _, said) = self.run(&["baseline", "create", "docs"]);
        assert_eq!(status, 0, "{said}");
    }

    /// Place and rule of each finding of a check, and what it said beside.
    fn told_with(&self, arguments: &[&str]) -> (Vec<String>, String) {
        let (status, out, said) = self.run(&[&["check", "docs", "--format", "concise"], arguments].concat());
        assert!(status < 2, "{out}{said}");
        let place = |line: &str| line.split("] ").next().unwrap().to_owned() + "]";
        (out.lines().map(place).collect(), said)
    }

    fn told(&self) -> Vec<String> {
        self.told_with(&[]).0
    }

    fn git(&self, arguments: &[&str]) {
        let output = Command::new("git")
            .args(["-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
    }

    fn commit(&self) {
        self.git(&["init", "-q"]);
        self.git(&["add", "."]);
        self.git(&["commit", "-q", "-m", "x"]);
    }
}

/// A page of these paragraphs, with one of its own so that it is like no other.
fn page(name: &str, paragraphs: &[&str]) -> String {
    let own: String = (0..40).map(|word| format!("{name}{word} ")).collect();
    format!("# {name}\n\n{}\n\n{}\n", paragraphs.join("\n\n"), own.trim_end())
}

fn two() -> Site {
    Site::new(&[("a.md", &page("a", &[LOCK, SKIPPERS])), ("c.md", &page("c", &[LOCK]))])
}

#[test]
fn what_was_there_is_let_through() {
    let site = two();
    assert_eq!(site.told(), ["docs/c.md:3:1: warning[shared-paragraph]"]);
    site.baseline();
    let (told, said) = site.told_with(&[]);
    assert!(told.is_empty(), "{told:?}");
    assert!(said.contains("(1 in the baseline)"), "{said}");
    assert_eq!(site.told_with(&["--no-baseline"]).0.len(), 1);
}

/// An edit, by what it is.
type Edit<'a> = (&'a str, &'a dyn Fn(&Site));

#[test]
fn it_survives_the_edits_that_people_make() {
    let edits: &[Edit<'_>] = &[
        ("wrapping", &|site| site.write("c.md", &page("c", &[&LOCK.replace("stays ", "stays\n")]))),
        ("line ends", &|site| site.write("c.md", &page("c", &[LOCK]).replace('\n', "\r\n"))),
        ("moving in the file", &|site| {
            site.write("c.md", &(page("c", &["Words go first now, as it should be."]) + "\n" + LOCK));
        }),
        ("renaming", &|site| {
            site.remove("c.md");
            site.write("deep/z.md", &page("c", &[LOCK]));
        }),
        ("the paragraph before", &|site| {
            site.write("c.md", &page("c", &["Something new stands before it, for once.", LOCK]));
        }),
        ("typography", &|site| site.write("c.md", &page("c", &[&LOCK.to_uppercase()]))),
        ("a list", &|site| site.write("c.md", &page("c", &[&format!("- {LOCK}")]))),
        ("a typo in a copy", &|site| {
            let long = format!("{LOCK} {LOCK}");
            site.write("c.md", &page("c", &[&long]));
            site.write("a.md", &page("a", &[&long.replacen("The", "Tha", 1)]));
        }),
    ];
    for (what, edit) in edits {
        let site = two();
        if what.starts_with("a typo") {
            let long = format!("{LOCK} {LOCK}");
            site.write("c.md", &page("c", &[&long]));
            site.write("a.md", &page("a", &[&long]));
        }
        site.baseline();
        edit(&site);
        assert_eq!(site.told(), Vec::<String>::new(), "{what}");
    }
}

#[test]
fn one_more_copy_is_told_alone() {
    for new in ["b.md", "0.md", "z.md"] {
        let site = two();
        site.baseline();
        site.write(new, &page("n", &[LOCK]));
        assert_eq!(site.told(), [format!("docs/{new}:3:1: warning[shared-paragraph]")]);
    }
    let site = two();
    site.baseline();
    site.write("a.md", &page("a", &[LOCK, SKIPPERS, LOCK]));
    assert_eq!(site.told(), ["docs/a.md:7:1: error[repeated-paragraph]"]);
}

#[test]
fn a_swap_is_new() {
    let site = two();
    site.baseline();
    site.write("c.md", &page("c", &[SKIPPERS]));
    let (told, said) = site.told_with(&[]);
    assert_eq!(told, ["docs/c.md:3:1: warning[shared-paragraph]"]);
    assert!(said.contains("1 entry lets through more than repeats now"), "{said}");
}

#[test]
fn a_near_repeat_may_change() {
    let near = || Site::new(&[("a.md", &page("a", &[SKIPPERS])), ("b.md", &page("b", &[NEARLY]))]);
    let site = near();
    assert_eq!(site.told(), ["docs/b.md:3:1: info[near-shared-paragraph]"]);
    for (what, a, b) in [
        ("nothing", SKIPPERS, NEARLY),
        ("mended", SKIPPERS, SKIPPERS),
        ("the other way round", NEARLY, NEARLY),
        ("another word", SKIPPERS, &*NEARLY.replace("Pilots", "Sailors")),
    ] {
        let site = near();
        site.baseline();
        site.write("a.md", &page("a", &[a]));
        site.write("b.md", &page("b", &[b]));
        assert_eq!(site.told(), Vec::<String>::new(), "{what}");
    }
    let site = near();
    site.baseline();
    site.write("c.md", &page("c", &[&NEARLY.replace("Pilots", "Sailors")]));
    assert_eq!(site.told(), ["docs/c.md:3:1: info[near-shared-paragraph]"]);
    site.write("c.md", &page("c", &[SKIPPERS]));
    assert_eq!(site.told(), ["docs/c.md:3:1: warning[shared-paragraph]"]);
}

#[test]
fn it_holds_whichever_rule_tells() {
    let site = Site::new(&[("a.md", &page("a", &[LOCK, SKIPPERS])), ("b.md", &page("a", &[LOCK, SKIPPERS]))]);
    site.baseline();
    assert!(site.told().is_empty());
    // No longer a duplicate: what it shares is told by other rules, and was there.
    site.write("b.md", &page("b", &[LOCK, "A line in between is new and stands here alone.", SKIPPERS]));
    assert!(site.told().is_empty());
    let site = two();
    site.baseline();
    for number in 0..12 {
        site.write(&format!("n{number}.md"), &page(&format!("n{number}x"), &[LOCK]));
    }
    assert_eq!(site.told().len(), 1);
    assert!(site.told()[0].ends_with("info[boilerplate]"));
}

#[test]
fn another_copy_of_a_document_is_told_alone() {
    let whole = page("a", &[LOCK, SKIPPERS]);
    let site = Site::new(&[("a.md", &whole), ("b.md", &whole)]);
    site.baseline();
    site.write("aa.md", &whole);
    assert_eq!(site.told(), ["docs/aa.md:1:1: error[duplicate-document]"]);
}

#[test]
fn faults_are_counted_too() {
    let fault = "The cafÃ© at the lock opens at six in the morning.";
    let site = Site::new(&[("a.md", &page("a", &[fault]))]);
    assert_eq!(site.told().len(), 1);
    site.baseline();
    assert!(site.told().is_empty());
    site.write("b.md", &page("b", &["Here it stands in other words.", fault]));
    let told = site.told();
    assert!(told.contains(&"docs/b.md:5:8: warning[mojibake]".to_owned()), "{told:?}");
    assert!(!told.iter().any(|line| line.starts_with("docs/a.md") && line.contains("mojibake")), "{told:?}");
}

#[test]
fn update_forgets_what_is_gone_and_prune_lets_nothing_in() {
    let site = two();
    site.baseline();
    let (status, _, said) = site.run(&["baseline", "create", "docs"]);
    assert_eq!(status, 2);
    assert!(said.contains("stands there already"), "{said}");
    site.write("c.md", &page("c", &[SKIPPERS]));
    let (status, _, said) = site.run(&["baseline", "update", "--prune"]);
    assert_eq!((status, said.contains("0 groups")), (0, true), "{said}");
    let (told, said) = site.told_with(&[]);
    assert_eq!(told.len(), 1);
    assert!(!said.contains("lets through"), "{said}");
    let (status, _, said) = site.run(&["baseline", "update"]);
    assert_eq!((status, said.contains("1 group (1 new")), (0, true), "{said}");
    assert!(site.told().is_empty());
    let (status, out, _) = site.run(&["baseline", "show"]);
    assert_eq!(status, 0);
    assert!(out.contains("Skippers are asked") && out.contains("docs/a.md, docs/c.md"), "{out}");
    assert_eq!(fs::read_dir(site.0.path()).unwrap().count(), 2, "nothing else is left behind");
}

#[test]
fn lines_of_two_branches_merge() {
    let site = two();
    site.baseline();
    let file = site.0.path().join("copydesk-baseline.jsonl");
    let ours = fs::read_to_string(&file).unwrap();
    site.write("c.md", &page("c", &[SKIPPERS]));
    site.run(&["baseline", "update"]);
    let theirs = fs::read_to_string(&file).unwrap();
    let mut lines: Vec<&str> = ours.lines().chain(theirs.lines().skip(1)).collect();
    lines[1..].sort_unstable();
    fs::write(&file, lines.join("\n")).unwrap();
    site.write("c.md", &page("c", &[LOCK, SKIPPERS]));
    assert!(site.told().is_empty());
}

#[test]
fn a_baseline_holds_from_any_folder() {
    let site = two();
    site.baseline();
    site.write("b.md", &page("b", &[LOCK]));
    let output = Command::new(env!("CARGO_BIN_EXE_copydesk"))
        .args(["check", ".", "--baseline", "../copydesk-baseline.jsonl", "--format", "concise"])
        .current_dir(site.0.path().join("docs"))
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.starts_with("b.md:3:1: warning[shared-paragraph]") && out.lines().count() == 1, "{out}");
}

#[test]
fn since_tells_what_the_branch_adds() {
    let site = two();
    site.commit();
    let since = |site: &Site| site.told_with(&["--since", "HEAD"]).0;
    assert!(since(&site).is_empty());
    // Untracked, and first in order: it is the one to blame all the same.
    site.write("0.md", &page("n", &["A first line of its own stands here.", SKIPPERS]));
    assert_eq!(since(&site), ["docs/0.md:5:1: warning[shared-paragraph]"]);
    site.git(&["add", "."]);
    assert_eq!(since(&site), ["docs/0.md:5:1: warning[shared-paragraph]"]);
    site.remove("0.md");
    // Lines of a file that was there.
    site.write("a.md", &page("a", &[LOCK, SKIPPERS, "And another line of text.", LOCK]));
    assert_eq!(since(&site), ["docs/a.md:9:1: error[repeated-paragraph]"]);
    site.write("a.md", &page("a", &[LOCK, SKIPPERS]));
    // A renamed file has no added lines.
    site.git(&["mv", "docs/c.md", "docs/a name with \"quotes\" é.md"]);
    assert!(since(&site).is_empty());
    site.write("a name with \"quotes\" é.md", &page("c", &[LOCK, SKIPPERS]));
    let told = since(&site);
    assert!(told.len() == 1 && told[0].contains("quotes") && told[0].contains(":5:1: "), "{told:?}");
    assert_eq!(site.told_with(&[]).0.len(), 2);
}

#[test]
fn since_counts_from_the_merge_base() {
    let site = two();
    site.commit();
    site.git(&["branch", "base"]);
    site.git(&["checkout", "-q", "-b", "branch"]);
    site.write("b.md", &page("b", &[SKIPPERS]));
    site.git(&["add", "."]);
    site.git(&["commit", "-q", "-m", "y"]);
    site.git(&["checkout", "-q", "base"]);
    site.write("d.md", &page("d", &["A line of the other branch, and of no other."]));
    site.git(&["add", "."]);
    site.git(&["commit", "-q", "-m", "z"]);
    site.git(&["checkout", "-q", "branch"]);
    assert_eq!(site.told_with(&["--since", "base"]).0, ["docs/b.md:3:1: warning[shared-paragraph]"]);
    let (status, _, said) = site.run(&["check", "docs", "--since", "no/such"]);
    assert_eq!((status, said.contains("git knows no commit called `no/such`")), (2, true), "{said}");
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", site.0.path().display());
    site.git(&["clone", "-q", "--depth", "1", &url, &clone.path().join("docs").to_string_lossy()]);
    let shallow = Site(clone);
    let output = Command::new(env!("CARGO_BIN_EXE_copydesk"))
        .args(["check", ".", "--since", "origin/base"])
        .current_dir(shallow.0.path().join("docs"))
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && said.contains("fetch-depth: 0"), "{said}");
}

#[test]
fn what_git_cannot_cut_into_lines_is_added_as_a_whole() {
    let site = two();
    let packed = |text: &str| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        out.write_all(text.as_bytes()).unwrap();
        out.finish().unwrap()
    };
    let wide = |text: &str| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    let write = |name: &str, bytes: Vec<u8>| fs::write(site.0.path().join("docs").join(name), bytes).unwrap();
    write("y.md.gz", packed(&page("y", &[LOCK])));
    write("z.md", wide(&page("z", &[LOCK])));
    site.commit();
    assert!(site.told_with(&["--since", "HEAD"]).0.is_empty());
    write("y.md.gz", packed(&page("yy", &[LOCK])));
    write("z.md", wide(&page("zz", &[LOCK])));
    let told = site.told_with(&["--since", "HEAD"]).0;
    let expected =
        ["docs/y.md.gz:3:1: warning[shared-paragraph]", "docs/z.md:3:1: warning[shared-paragraph]"];
    assert_eq!(told, expected);
}

#[test]
fn since_turns_near_repeats_and_sentences() {
    let sentence = "Nobody on the quay could say when the ferry would run again";
    let one = format!("{sentence}. Something else follows it here.");
    let other = format!("It goes on otherwise. {sentence}.");
    let site = Site::new(&[("b.md", &page("b", &[SKIPPERS, &one]))]);
    site.commit();
    site.write("a.md", &page("a", &[NEARLY]));
    assert_eq!(site.told_with(&["--since", "HEAD"]).0, ["docs/a.md:3:1: info[near-shared-paragraph]"]);
    site.remove("a.md");
    site.write("b.md", &page("b", &[&other, SKIPPERS, &one]));
    assert_eq!(site.told_with(&["--since", "HEAD"]).0, ["docs/b.md:3:23: warning[repeated-sentence]"]);
}

#[test]
fn an_exclude_counts_for_paths_that_are_named() {
    let site = two();
    let (status, out, said) =
        site.run(&["check", "docs/a.md", "docs/c.md", "--exclude", "docs/c.md", "--format", "concise"]);
    assert_eq!((status, out.as_str()), (0, ""), "{said}");
    assert!(said.contains("1 file, 1 document"), "{said}");
    fs::write(site.0.path().join("copydesk.toml"), "exclude = [\"docs/c.md\"]\n").unwrap();
    let (status, out, said) = site.run(&["check", "docs/a.md", "docs/c.md", "--format", "concise"]);
    assert_eq!((status, out.as_str()), (0, ""), "{said}");
    let (status, _, said) = site.run(&["check", "docs/c.md"]);
    assert_eq!((status, said.contains("no document was checked")), (2, true), "{said}");
}

#[test]
fn reasons_are_shown_to_who_asks() {
    let site = two();
    site.write("c.md", &page("c", &[&format!("<!-- copydesk-disable-next: the notice -->\n{LOCK}")]));
    let (told, said) = site.told_with(&["-v"]);
    assert!(told.is_empty(), "{told:?}");
    let note = "note: suppressed: shared-paragraph at docs/c.md:4, by docs/c.md:3: the notice\n";
    assert!(said.contains(note), "{said}");
}

#[test]
#[cfg(unix)]
fn since_finds_files_by_whatever_name_they_are_called() {
    use std::os::unix::fs::symlink;
    let site = two();
    site.commit();
    site.write("b.md", &page("b", &[SKIPPERS]));
    let other = tempfile::tempdir().unwrap();
    fs::write(other.path().join("out.md"), page("o", &[LOCK])).unwrap();
    symlink(site.0.path(), other.path().join("link")).unwrap();
    symlink("docs", site.0.path().join("latest")).unwrap();
    site.git(&["add", "latest"]);
    site.git(&["commit", "-q", "-m", "y"]);
    let link = other.path().join("link/docs").display().to_string();
    let outside = other.path().join("out.md").display().to_string();
    let since = |paths: &[&str]| {
        let arguments = [&["check", "--format", "concise", "--since", "HEAD"], paths].concat();
        let (status, out, said) = site.run(&arguments);
        assert!(status < 2, "{out}{said}");
        out.lines().map(|line| line.split(": ").next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(since(&["docs"]), ["docs/b.md:3:1"]);
    assert_eq!(since(&[&link]), [format!("{link}/b.md:3:1")]);
    assert_eq!(since(&["latest"]), ["latest/b.md:3:1"]);
    // What git does not know of is new: files elsewhere, files that are ignored.
    assert_eq!(since(&["docs/a.md", &outside]), [format!("{outside}:3:1")]);
    fs::write(site.0.path().join(".gitignore"), "built/\n").unwrap();
    site.write("built/x.md", &page("x", &[LOCK]));
    assert_eq!(since(&["docs/a.md", "docs/built/x.md"]), ["docs/built/x.md:3:1"]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_copydesk"))
        .args(["check", "docs/a.md", "-", "--since", "HEAD", "--format", "concise"])
        .current_dir(site.0.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(page("s", &[LOCK]).as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.stdout.starts_with(b"<stdin>:3:1: "), "{output:?}");
}

#[test]
#[cfg(unix)]
fn since_passes_over_links_and_reads_names_of_any_bytes() {
    use std::os::unix::{ffi::OsStrExt as _, fs::symlink};
    let site = two();
    let docs = site.0.path().join("docs");
    let odd = docs.join(std::ffi::OsStr::from_bytes(b"caf\xe9.md"));
    let link = |to: &str, name: &str| {
        _ = fs::remove_file(docs.join(name));
        symlink(to, docs.join(name)).unwrap();
    };
    for version in ["v1", "v2"] {
        site.write(&format!("{version}/a.md"), &page(version, &[SKIPPERS]));
    }
    link("v1", "latest");
    link("a.md", "gone.md");
    fs::write(&odd, page("odd", &["A line of its own."])).unwrap();
    site.commit();
    assert!(site.told_with(&["--since", "HEAD"]).0.is_empty());
    link("v2", "latest");
    link("nowhere.md", "gone.md");
    fs::write(&odd, page("odd", &["A line of its own.", LOCK])).unwrap();
    assert_eq!(
        site.told_with(&["--since", "HEAD"]).0,
        ["docs/caf\u{fffd}.md:5:1: warning[shared-paragraph]"]
    );
    // Behind a link that leads elsewhere now all is new.
    let (_, out, said) =
        site.run(&["check", "docs/v1", "docs/latest", "--since", "HEAD", "--format", "concise"]);
    assert!(out.starts_with("docs/latest/a.md:3:1: "), "{out}{said}");
}

#[test]
fn since_looks_into_submodules() {
    let inner = Site::new(&[("a.md", &page("a", &[LOCK])), ("b.md", &page("b", &[SKIPPERS]))]);
    inner.commit();
    let site = Site::new(&[("c.md", &page("c", &["Nothing of the others stands in this one."]))]);
    site.commit();
    let url = inner.0.path().display().to_string();
    site.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &url, "docs/sub"]);
    assert_eq!(site.told_with(&["--since", "HEAD"]).0.len(), 0);
    site.git(&["commit", "-q", "-m", "y"]);
    inner.write("b.md", &page("b", &[SKIPPERS, LOCK]));
    inner.git(&["commit", "-q", "-a", "-m", "z"]);
    site.git(&["-C", "docs/sub", "pull", "-q"]);
    let expected = ["docs/sub/docs/b.md:5:1: warning[shared-paragraph]"];
    assert_eq!(site.told_with(&["--since", "HEAD"]).0, expected);
    site.git(&["commit", "-q", "-a", "-m", "w"]);
    assert_eq!(site.told_with(&["--since", "HEAD~1"]).0, expected);
    assert!(site.told_with(&["--since", "HEAD"]).0.is_empty());
    // A change of its work tree.
    fs::write(site.0.path().join("docs/sub/docs/0.md"), page("n", &[SKIPPERS])).unwrap();
    assert_eq!(site.told_with(&["--since", "HEAD"]).0, ["docs/sub/docs/0.md:3:1: warning[shared-paragraph]"]);
}

#[test]
fn what_is_wrong_is_told_as_what_it_is() {
    let key = "00112233445566778899aabbccddeeff";
    let allow = ["allow", key, "--reason", "x"];
    let site = two();
    let said = |arguments: &[&str]| {
        let (status, _, said) = site.run(arguments);
        assert_eq!(status, 2, "{arguments:?}: {said}");
        said
    };
    let settings = |text: &str| fs::write(site.0.path().join("copydesk.toml"), text).unwrap();
    let rule = said(&[&allow[..], &["--rule", "shared-paragrap"]].concat());
    assert!(rule.starts_with("error: --rule: no rule is called `shared-paragrap`; did you mean"), "{rule}");
    let path = said(&[&allow[..], &["--path", "a[b"]].concat());
    assert!(path.starts_with("error: --path: `a[b` is not a glob: "), "{path}");
    settings("allow = []\n");
    assert_eq!(site.run(&allow).0, 0);
    let filled = format!("allow = [{{ fingerprint = \"{key}\", reason = \"x\" }}]\n");
    assert_eq!(fs::read_to_string(site.0.path().join("copydesk.toml")).unwrap(), filled);
    settings("[[allow]]\npattern = \"a b\"\nreason = \"x\"\npaths = []\nrules = []\n");
    let both = said(&["check", "docs"]);
    assert!(both.contains(":4:9: `paths` is empty") && both.contains(":5:9: `rules` is empty"), "{both}");
    settings("");
    assert!(said(&["check", "docs", "--exclude", ""]).contains("--exclude: an empty glob"));
    assert!(said(&["check", "docs/a.md", "--exclude", "docs/a.md"]).contains("docs/a.md: is excluded"));
    fs::create_dir(site.0.path().join("empty")).unwrap();
    assert!(said(&["show", "empty"]).contains("no document was read"));
    site.commit();
    site.write("n.md", "new");
    assert!(said(&["history", "docs/n.md"]).contains("git does not track it"));
    assert_eq!(site.run(&["help", "check"]).0, 0);
}

#[test]
fn reports_in_a_folder_below_the_root_name_all_places_alike() {
    let site = two();
    site.commit();
    for (format, expected) in [
        ("github", "paragraph also stands in docs/a.md:3"),
        ("gitlab", "paragraph also stands in docs/a.md:3"),
        ("sarif", "docs/a.md:3](1)"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_copydesk"))
            .args(["check", ".", "--format", format])
            .current_dir(site.0.path().join("docs"))
            .output()
            .unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        assert!(out.contains(expected), "{format}: {out}");
    }
    // A run does not check what it writes, nor what it wrote.
    for _ in 0..2 {
        let (told, said) = site.told_with(&["-o", "concise=docs/r.txt", "-o", "full=docs/full.txt"]);
        assert_eq!(told, ["docs/c.md:3:1: warning[shared-paragraph]"], "{said}");
    }
}

#[test]
fn since_tells_new_allowances_that_allow_nothing_and_no_others() {
    let fault = "Nothing is so sad as a cafÃ© that has been shut for the winter.";
    let allow = |pattern: &str| format!("[[allow]]\npattern = \"{pattern}\"\nreason = \"x\"\n\n");
    let site = Site::new(&[
        ("a.md", &page("a", &[LOCK, SKIPPERS])),
        ("c.md", &page("c", &[LOCK, NEARLY, fault])),
        ("../copydesk.toml", &allow("Xylophones*")),
    ]);
    site.commit();
    let old = ["Xylophones*", "The lock at Brannock*", "Pilots are asked*", "Nothing is so sad*"];
    let settings: String = old.iter().chain(&["Yankee*"]).map(|pattern| allow(pattern)).collect();
    site.write("../copydesk.toml", &settings);
    let (told, _) = site.told_with(&["--since", "HEAD"]);
    assert_eq!(told, ["copydesk.toml:17:1: warning[unused-suppression]"]);
    let (told, _) = site.told_with(&[]);
    let first = "copydesk.toml:1:1: warning[unused-suppression]";
    assert_eq!(told, [first, "copydesk.toml:17:1: warning[unused-suppression]"]);
}
