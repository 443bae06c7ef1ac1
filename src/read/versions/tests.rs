use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::*;
use crate::read::compress::tests::{ALL, packed};

/// What came: a line for each call.
#[derive(Default)]
struct Told {
    lines: Vec<String>,
    texts: Vec<String>,
    stored: Vec<[u8; 32]>,
}

impl SnapshotSink for Told {
    fn begin(&mut self, id: &str, _: &Metadata) {
        self.lines.push(format!("begin {id}"));
    }

    fn snapshot(&mut self, snapshot: &mut Snapshot) {
        let text = snapshot.document.as_ref().map_or("-", |document| document.text.as_str());
        let first = text.split_whitespace().next().unwrap_or("(empty)");
        let mut line = format!("{} {first}", snapshot.label);
        for part in [&snapshot.time, &snapshot.author, &snapshot.comment].into_iter().flatten() {
            let _ = write!(line, " {part}");
        }
        if !snapshot.missing.is_empty() {
            let _ = write!(line, " [{}]", snapshot.missing);
        }
        self.lines.push(line);
        self.texts.push(text.to_owned());
        self.stored.push(snapshot.stored);
    }

    fn end(&mut self) {
        self.lines.push("end".to_owned());
    }

    fn fault(&mut self, fault: ReadError) {
        self.lines.push(format!("error: {}", fault.message));
    }

    fn warning(&mut self, warning: ReadError) {
        self.lines.push(format!("warning: {}", warning.message));
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, bytes).expect("a file");
}

fn told(path: &Path, options: &VersionOptions) -> Told {
    let mut told = Told::default();
    read_versions(&[path.to_owned()], options, &mut told);
    let root = path.to_string_lossy().into_owned();
    told.lines.iter_mut().for_each(|line| *line = line.replace(&root, "DIR"));
    told
}

fn lines(path: &Path, options: &VersionOptions) -> Vec<String> {
    told(path, options).lines
}

fn plain() -> VersionOptions {
    VersionOptions::default()
}

/// Sixty words that no other `seed` has.
fn words(seed: &str) -> String {
    (0..60).map(|n| format!("{seed}{n} ")).collect()
}

#[test]
fn a_folder_has_a_document_for_each_name_and_counts_as_people_do() {
    let folder = folder();
    for (name, text) in [
        ("pier-v10.txt", "ten"),
        ("pier-v9.md", "nine"),
        ("pier-v1.txt", "one"),
        ("ferry-2019.txt", "old"),
        ("ferry-2021.txt", "new"),
        ("notes.txt", "alone"),
    ] {
        write(folder.path(), name, text);
    }
    assert_eq!(
        lines(folder.path(), &plain()),
        [
            "warning: `notes.txt` is a version of no other file: a document of its own",
            "begin DIR/ferry",
            "ferry-2019.txt old 2019",
            "ferry-2021.txt new 2021",
            "end",
            "begin DIR/notes",
            "notes.txt alone",
            "end",
            "begin DIR/pier",
            "pier-v1.txt one",
            "pier-v9.md nine",
            "pier-v10.txt ten",
            "end",
        ]
    );
    let wanted = VersionOptions { ids: vec!["ferry".to_owned(), "gone".to_owned()], ..plain() };
    assert_eq!(
        lines(folder.path(), &wanted)[1..],
        [
            "begin DIR/ferry",
            "ferry-2019.txt old 2019",
            "ferry-2021.txt new 2021",
            "end",
            "error: no document is called so"
        ]
    );
}

#[test]
fn names_without_versions_are_one_document_and_that_is_said() {
    let folder = folder();
    write(folder.path(), "draft.txt", "first");
    write(folder.path(), "final.txt", "");
    assert_eq!(
        lines(folder.path(), &plain()),
        [
            "warning: the names of the 2 files show no versions; they are read as versions of one document",
            "begin DIR",
            "draft.txt first",
            "final.txt (empty)",
            "warning: document `DIR`: 1 version is empty: `final.txt`"
                .replace("document `DIR`: ", "")
                .as_str(),
            "end",
        ]
    );
}

#[test]
fn two_documents_under_one_name_are_told_apart() {
    let folder = folder();
    write(folder.path(), "v1.txt", words("tide"));
    write(folder.path(), "v2.txt", words("pier"));
    write(folder.path(), "v3.txt", words("tide") + "more");
    assert_eq!(
        lines(folder.path(), &plain()),
        [
            "error: holds versions of 2 documents under one name: `v2.txt` share no text with `v1.txt`, `v3.txt`; \
             each is read as a document of its own",
            "begin DIR",
            "v1.txt tide0",
            "v3.txt tide0",
            "end",
            "begin DIR (v2.txt)",
            "v2.txt pier0",
            "end",
        ]
    );
    let together = VersionOptions { one_document: true, ..plain() };
    assert_eq!(lines(folder.path(), &together).len(), 5);
}

#[test]
fn dates_order_files_where_asked_for() {
    let folder = folder();
    write(folder.path(), "1.md", "---\nupdated: 2026-03-02\n---\nthird");
    write(folder.path(), "2.md", "---\nupdated: 2026-03-01\n---\nsecond");
    write(folder.path(), "3.md", "undated");
    let by_date = VersionOptions { order: Order::Date, ..plain() };
    let by_name = lines(folder.path(), &plain());
    assert!(by_name.iter().any(|line| line
        == "warning: 1 version bears an earlier date than the one before: `2.md` (2026-03-01) after `1.md` (2026-03-02)"), "{by_name:?}");
    let order: Vec<_> =
        lines(folder.path(), &by_date).into_iter().filter(|line| line.contains(".md ")).collect();
    assert_eq!(order, ["2.md --- 2026-03-01", "1.md --- 2026-03-02", "3.md undated"]);
}

#[test]
fn bounds_choose_versions() {
    let folder = folder();
    for day in 1..=5 {
        write(folder.path(), &format!("a-2026-01-0{day}.txt"), format!("day{day}"));
    }
    let days = |options: VersionOptions| -> Vec<String> {
        let lines = lines(folder.path(), &options).into_iter();
        lines
            .filter_map(|line| {
                Some(line.split(' ').nth(1)?.to_owned()).filter(|word| word.starts_with("day"))
            })
            .collect()
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(days(VersionOptions { from: text("2026-01-03"), ..plain() }), ["day3", "day4", "day5"]);
    assert_eq!(days(VersionOptions { from: text("a-2026-01-04.txt"), ..plain() }), ["day4", "day5"]);
    assert_eq!(days(VersionOptions { to: text("2026-01-02"), ..plain() }), ["day1", "day2"]);
    assert_eq!(days(VersionOptions { to: text("a-2026-01-01"), ..plain() }), ["day1"]);
    // The one that was valid then, and what came after.
    assert_eq!(days(VersionOptions { since: text("2026-01-04T12:00:00Z"), ..plain() }), ["day4", "day5"]);
    assert_eq!(days(VersionOptions { since: text("2027"), ..plain() }), ["day5"]);
    assert_eq!(days(VersionOptions { from: text("2026-02"), ..plain() }), [""; 0]);
    let unknown = lines(folder.path(), &VersionOptions { from: text("v7"), ..plain() });
    assert_eq!(unknown, ["error: document `DIR/a`: no version is called `v7`"]);
    assert_eq!(
        lines(folder.path(), &VersionOptions { since: text("soon"), ..plain() }).last().map(String::as_str),
        Some("error: `soon` is no date")
    );
}

const RECORDS: [&str; 4] = [
    r#"{"id":"a","version":"1","updated":"2026-01-01","author":"Anna","text":"one"}"#,
    r#"{"id":"a","version":"2","updated":"2026-01-02","text":"two"}"#,
    r#"{"id":"b","version":"1","updated":"2025-01-01","text":"other"}"#,
    r#"{"id":"b","version":"2","updated":"2025-01-01","text":""}"#,
];

const IN_ORDER: [&str; 9] = [
    "begin a",
    "1 one 2026-01-01 Anna",
    "2 two 2026-01-02",
    "end",
    "begin b",
    "1 other 2025-01-01",
    "2 (empty) 2025-01-01",
    "warning: document `b`: 1 version bears the date of the one before, and their order is that of the input: `1` and `2` (2025-01-01)",
    "warning: document `b`: 1 version is empty: `2`",
];

#[test]
fn records_are_versions_however_they_lie() {
    let folder = folder();
    let path = folder.path().join("in.jsonl");
    let mut expected: Vec<&str> = IN_ORDER.to_vec();
    expected.push("end");
    fs::write(&path, RECORDS.join("\n")).expect("a file");
    assert_eq!(lines(&path, &plain()), expected);
    for kind in ALL {
        fs::write(&path, packed(kind, RECORDS.join("\n").as_bytes())).expect("a file");
        assert_eq!(lines(&path, &plain()), expected, "{kind:?}");
    }
    // Interleaved, and one out of order.
    let [a1, a2, b1, b2] = RECORDS;
    fs::write(&path, [a2, b1, a1, b2].join("\n")).expect("a file");
    expected.insert(0, "warning: document `a`: 1 version stands behind a later one; they are read in the order of their dates");
    assert_eq!(lines(&path, &plain()), expected);
    let wanted = VersionOptions { ids: vec!["a".to_owned()], ..plain() };
    assert_eq!(lines(&path, &wanted), expected[..5]);
}

#[test]
fn a_broken_record_is_told_once_and_the_rest_is_read() {
    let folder = folder();
    let path = folder.path().join("in.jsonl");
    fs::write(&path, [RECORDS[0], "{\"id\":", RECORDS[1]].join("\n")).expect("a file");
    let lines = lines(&path, &plain());
    assert_eq!(lines.iter().filter(|line| line.starts_with("error")).count(), 1, "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("2 two")));
}

/// A dump of two pages.
const DUMP: &str = "<mediawiki xml:lang=\"en\"><siteinfo><sitename>W</sitename></siteinfo>
  <page><title>Pier &amp; tide</title><ns>0</ns><id>7</id>
    <revision><id>70</id><timestamp>2026-01-01T00:00:00Z</timestamp>
      <contributor><username>Anna</username><id>1</id></contributor><comment>begun</comment>
      <model>wikitext</model><text bytes=\"9\" xml:space=\"preserve\">&lt;b&gt;Tide &amp;amp; pier</text><sha1>x</sha1></revision>
    <revision><id>71</id><timestamp>2026-01-02T00:00:00Z</timestamp>
      <contributor><ip>10.0.0.1</ip></contributor><text bytes=\"0\" /></revision>
    <revision><id>72</id><timestamp>2026-01-03T00:00:00Z</timestamp>
      <contributor deleted=\"deleted\" /><comment deleted=\"deleted\" /><text bytes=\"5\" deleted=\"deleted\" /></revision>
  </page>
  <page><title>Talk:Pier</title><ns>1</ns><id>8</id>
    <revision><id>80</id><timestamp>2026-01-02T00:00:00Z</timestamp><text>hm</text>
      <content><role>side</role><model>x</model><text>not this</text></content></revision>
  </page>
</mediawiki>
";

#[test]
fn a_dump_gives_every_revision_of_every_page() {
    let folder = folder();
    let path = folder.path().join("dump.xml");
    let expected = [
        "begin Pier & tide",
        "70 <b>Tide 2026-01-01T00:00:00Z Anna begun",
        "71 (empty) 2026-01-02T00:00:00Z 10.0.0.1",
        "72 - 2026-01-03T00:00:00Z [deleted]",
        "warning: page `Pier & tide`: the text of revision 72 is deleted",
        "end",
        "begin Talk:Pier",
        "80 hm 2026-01-02T00:00:00Z",
        "end",
    ];
    fs::write(&path, DUMP).expect("a file");
    let got = told(&path, &plain());
    assert_eq!(got.lines, expected);
    assert_eq!(got.texts[0], "<b>Tide &amp; pier");
    assert_eq!(got.stored[0], *blake3::hash(b"<b>Tide &amp; pier").as_bytes());
    for kind in ALL {
        fs::write(&path, packed(kind, DUMP.as_bytes())).expect("a file");
        assert_eq!(lines(&path, &plain()), expected, "{kind:?}");
    }
    let late = VersionOptions { from: Some("2026-01-02".to_owned()), ids: vec!["7".to_owned()], ..plain() };
    assert_eq!(lines(&path, &late)[1..3], expected[2..4]);
    let named = VersionOptions { ids: vec!["Talk:Pier".to_owned()], ..plain() };
    assert_eq!(lines(&path, &named), expected[6..]);
}

#[test]
fn a_dump_that_is_cut_off_anywhere_keeps_what_came_before() {
    let folder = folder();
    let path = folder.path().join("dump.xml");
    let whole: Vec<String> = {
        fs::write(&path, DUMP).expect("a file");
        told(&path, &plain()).texts
    };
    let end = DUMP.rfind("</mediawiki>").expect("an end") + "</mediawiki>".len();
    for length in (DUMP.find("<page>").expect("a page")..end).step_by(7) {
        fs::write(&path, &DUMP[..length]).expect("a file");
        let got = told(&path, &plain());
        assert_eq!(got.texts, whole[..got.texts.len()], "{length}");
        let errors: Vec<_> = got.lines.iter().filter(|line| line.starts_with("error")).collect();
        assert_eq!(errors.len(), 1, "{length} {:?}", got.lines);
        assert!(errors[0].contains("cut off inside of"), "{errors:?}");
        let balance = |word: &str| got.lines.iter().filter(|line| line.starts_with(word)).count();
        assert_eq!(balance("begin "), balance("end"));
    }
    let stored = packed(ALL[0], DUMP.repeat(2000).as_bytes());
    fs::write(&path, &stored[..stored.len() / 2]).expect("a file");
    let got = told(&path, &plain());
    let last = got.lines.last().expect("an error");
    assert!(last.starts_with("error: gzip stream ends early at byte"), "{last}");
    assert!(got.texts.len() > 10);
}

#[test]
fn what_is_there_only_once_or_not_at_all_is_told() {
    let folder = folder();
    write(folder.path(), "a.txt", "one");
    let gone = folder.path().join("gone.txt");
    assert_eq!(lines(&gone, &plain()), ["error: no such file or folder"]);
    let lines = lines(&folder.path().join("a.txt"), &plain());
    assert!(lines[0].starts_with("error: has one version only"), "{lines:?}");
}
