//! Properties of `corpus`: what stays, and how it is written.

use std::fs;
use std::path::{Path, PathBuf};

use copydesk::corpus::keep::{Keep, Removal, exact_repeats, near_repeats};
use copydesk::corpus::output::{OutputError, Snapshot, may_write, write_file, write_folder};
use copydesk::corpus::write::{Cuts, write_without};
use copydesk::corpus::{GatherOptions, Gathered, Keeping, UnitKind, gather};
use copydesk::duplicates::Threshold;
use copydesk::duplicates::near::Near;
use copydesk::progress::Unwatched;
use copydesk::read::ReadOptions;
use copydesk::read::input::Limits;
use copydesk::read::walk::{Found, WalkOptions, find};

fn folder_with(files: &[(&str, &str)]) -> std::io::Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    for (name, content) in files {
        fs::write(folder.path().join(name), content)?;
    }
    Ok(folder)
}

fn read(path: &Path, unit: UnitKind, keeping: Keeping) -> (Found, Gathered) {
    let found = find(&[path.to_owned()], &WalkOptions::default());
    let options = GatherOptions {
        unit,
        keeping,
        read: ReadOptions::default(),
        limits: Limits::default(),
        threads: 2,
        memory_limit: 1 << 30,
    };
    let gathered = gather(&found, &options, &Unwatched).unwrap();
    assert_eq!(gathered.errors, []);
    (found, gathered)
}

fn without(found: &Found, gathered: &Gathered, removals: &[Removal]) -> Vec<u8> {
    let (limits, options) = (Limits::default(), ReadOptions::default());
    let mut out = Vec::new();
    let cuts = Cuts::new(&found.inputs, &gathered.corpus, removals, &options, limits);
    let written = cuts.map(|cuts| write_without(&found.inputs, &cuts, 0, limits, &|_| {}, &mut out));
    assert_eq!(written, Ok(Ok(())));
    out
}

const RECORDS: &str = "\
{\"id\":\"a\",\"text\":\"The pier is closed for repairs.\",\"date\":\"2024-01-01\"}\r\n\
{\"id\":\"b\", \"text\":\"Another thing\\u2026\"}\n\
\n\
{\"id\":\"c\",\"text\":\"the pier is  CLOSED for repairs.\",\"date\":\"2024-03-01\"}\n\
{\"id\":\"d\",\"text\":\"\"}\n\
{\"id\":\"e\",\"text\":\"\"}";

fn gone(keep: Keep) -> std::io::Result<Vec<(u32, u32)>> {
    let folder = folder_with(&[("wire.jsonl", RECORDS)])?;
    let (_, gathered) = read(&folder.path().join("wire.jsonl"), UnitKind::Document, Keeping::Digests);
    let removals = exact_repeats(&gathered.corpus, gathered.digests.clone(), keep);
    Ok(removals.iter().map(|removal| (removal.unit, removal.of)).collect())
}

#[test]
fn the_choice_is_what_was_asked_for() -> std::io::Result<()> {
    // Texts without a word are nobody's copy.
    assert_eq!(gone(Keep::First)?, [(2, 0)]);
    assert_eq!(gone(Keep::Last)?, [(0, 2)]);
    assert_eq!(gone(Keep::Longest)?, [(0, 2)]);
    assert_eq!(gone(Keep::Newest)?, [(0, 2)]);
    Ok(())
}

#[test]
fn kept_records_keep_every_byte() -> std::io::Result<()> {
    let folder = folder_with(&[("wire.jsonl", RECORDS)])?;
    let (found, gathered) = read(&folder.path().join("wire.jsonl"), UnitKind::Document, Keeping::Digests);
    let first =
        without(&found, &gathered, &exact_repeats(&gathered.corpus, gathered.digests.clone(), Keep::First));
    let line = RECORDS.find("{\"id\":\"c\"").unwrap_or(0)..RECORDS.find("{\"id\":\"d\"").unwrap_or(0);
    let expected = format!("{}{}", &RECORDS[..line.start], &RECORDS[line.end..]);
    assert_eq!(String::from_utf8_lossy(&first), expected);
    let last =
        without(&found, &gathered, &exact_repeats(&gathered.corpus, gathered.digests.clone(), Keep::Last));
    assert_eq!(String::from_utf8_lossy(&last), RECORDS[RECORDS.find('\n').map_or(0, |at| at + 1)..]);
    assert_eq!(without(&found, &gathered, &[]), RECORDS.as_bytes());
    Ok(())
}

#[test]
fn a_paragraph_goes_with_its_marker_or_its_element() -> std::io::Result<()> {
    let cases = [
        (
            "a.md",
            "Alpha item of the list here.\n\n1. Alpha item of the list here.\n2. Gamma kept.\n",
            "Alpha item of the list here.\n\n2. Gamma kept.\n",
            "1. Alpha item of the list here.\n2. Gamma kept.\n",
        ),
        (
            "b.html",
            "<ul><li>A</li><li>A</li></ul><p>A</p><p>Beta</p>",
            "<ul><li>A</li></ul><p>Beta</p>",
            "<ul></ul><p>A</p><p>Beta</p>",
        ),
        (
            "c.jsonl",
            "{\"text\":\"Kept.\"}\n{\"text\":\"Alpha.\\n\\nAlpha.\\n\\n\\u00e9 Beta.\"}\n",
            "{\"text\":\"Kept.\"}\n{\"text\":\"Alpha.\\n\\n\\u00e9 Beta.\"}\n",
            "{\"text\":\"Kept.\"}\n{\"text\":\"Alpha.\\n\\n\\u00e9 Beta.\"}\n",
        ),
        // Cut, the two lists would be one.
        (
            "d.md",
            "Alpha.\n\n- One.\n\nAlpha.\n\n- Two.\n",
            "Alpha.\n\n- One.\n\nAlpha.\n\n- Two.\n",
            "- One.\n\nAlpha.\n\n- Two.\n",
        ),
        ("e.md", "A.\n\nB.\n\nA.\n\nB.\n\nC.\n", "A.\n\nB.\n\nC.\n", "A.\n\nB.\n\nC.\n"),
    ];
    for (name, text, first, last) in cases {
        let folder = folder_with(&[(name, text)])?;
        let (found, gathered) = read(&folder.path().join(name), UnitKind::Paragraph, Keeping::Digests);
        for (keep, expected) in [(Keep::First, first), (Keep::Last, last)] {
            let removals = exact_repeats(&gathered.corpus, gathered.digests.clone(), keep);
            let left = without(&found, &gathered, &removals);
            assert_eq!(String::from_utf8_lossy(&left), expected, "{name} {keep:?}");
        }
    }
    Ok(())
}

/// One record of text, and its line in UTF-16.
fn utf16(text: &str, big: bool) -> Vec<u8> {
    let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn files_of_records_become_one_line_by_line() -> std::io::Result<()> {
    let (a, b, c) =
        ("{\"text\":\"One thing.\"}", "{\"text\":\"Other thing.\"}", "{\"text\":\"Third thing.\"}");
    let mark = '\u{feff}';
    let narrow = |text: &str| text.as_bytes().to_vec();
    let wide = |text: &str| utf16(text, false);
    let big = |text: &str| utf16(text, true);
    type Case = (&'static str, Vec<Vec<u8>>, Result<Vec<u8>, &'static str>);
    let cases: Vec<Case> = vec![
        ("no end", vec![narrow(a), narrow(b)], Ok(narrow(&format!("{a}\n{b}")))),
        ("an end", vec![narrow(&format!("{a}\n")), narrow(b)], Ok(narrow(&format!("{a}\n{b}")))),
        (
            "returns",
            vec![narrow(&format!("{a}\r\n{b}")), narrow(c)],
            Ok(narrow(&format!("{a}\r\n{b}\r\n{c}"))),
        ),
        ("empty", vec![narrow(a), narrow(""), narrow(&format!("{b}\n"))], Ok(narrow(&format!("{a}\n{b}\n")))),
        ("a mark", vec![narrow(a), narrow(&format!("{mark}{b}"))], Ok(narrow(&format!("{a}\n{b}")))),
        (
            "marks, and what was first goes",
            vec![narrow(&format!("{mark}{a}\n{b}")), narrow(&format!("{mark}{a}\n{c}\n"))],
            Ok(narrow(&format!("{mark}{a}\n{b}\n{c}\n"))),
        ),
        (
            "wide, and nothing is left of the second",
            vec![wide(&format!("{mark}{a}\n{b}")), wide(&format!("{mark}{a}\n"))],
            Ok(wide(&format!("{mark}{a}\n{b}"))),
        ),
        (
            "wide, with returns",
            vec![wide(&format!("{mark}{a}\r\n{b}")), wide(&format!("{mark}{c}"))],
            Ok(wide(&format!("{mark}{a}\r\n{b}\r\n{c}"))),
        ),
        (
            "wide without a mark",
            vec![big(&format!("{a}\n{b}\n{a}\n{c}")), big(&format!("{mark}{a}\n{b}"))],
            Ok(big(&format!("{a}\n{b}\n{c}"))),
        ),
        ("mixed", vec![narrow(a), wide(&format!("{mark}{b}"))], Err("is in UTF-16LE, and ")),
    ];
    for (name, files, expected) in cases {
        let folder = tempfile::tempdir()?;
        for (number, bytes) in files.iter().enumerate() {
            fs::write(folder.path().join(format!("{number}.jsonl")), bytes)?;
        }
        let (found, gathered) = read(folder.path(), UnitKind::Document, Keeping::Digests);
        let removals = exact_repeats(&gathered.corpus, gathered.digests, Keep::First);
        let (limits, options, mut out) = (Limits::default(), ReadOptions::default(), Vec::new());
        let cuts = Cuts::new(&found.inputs, &gathered.corpus, &removals, &options, limits).unwrap();
        let written = write_without(&found.inputs, &cuts, 0, limits, &|_| {}, &mut out);
        match (written, expected) {
            (Ok(()), Ok(expected)) => {
                assert_eq!(out, expected, "{name}: {:?}", String::from_utf8_lossy(&out))
            }
            (Err(error), Err(expected)) => assert!(error.message.contains(expected), "{name}: {error}"),
            (written, _) => panic!("{name}: {written:?}"),
        }
    }
    Ok(())
}

#[test]
fn a_paragraph_goes_with_what_parts_it_from_its_neighbour() -> std::io::Result<()> {
    let text = "One stands here.\n\nTwo stands here.\n\n\nOne stands  here.\n\nThree.\n";
    let folder = folder_with(&[("a.txt", text)])?;
    let (found, gathered) = read(&folder.path().join("a.txt"), UnitKind::Paragraph, Keeping::Digests);
    let first =
        without(&found, &gathered, &exact_repeats(&gathered.corpus, gathered.digests.clone(), Keep::First));
    assert_eq!(String::from_utf8_lossy(&first), "One stands here.\n\nTwo stands here.\n\nThree.\n");
    let last =
        without(&found, &gathered, &exact_repeats(&gathered.corpus, gathered.digests.clone(), Keep::Last));
    assert_eq!(String::from_utf8_lossy(&last), "Two stands here.\n\n\nOne stands  here.\n\nThree.\n");
    Ok(())
}

#[test]
fn what_goes_is_near_to_what_stays() -> std::io::Result<()> {
    // A chain: each near to the next, the ends unlike each other.
    let link = |from: u32| {
        let words: Vec<String> = (from..from + 40).map(|word| format!("w{word}")).collect();
        format!("{{\"id\":{from},\"text\":\"{}\"}}\n", words.join(" "))
    };
    let records: String = [0, 5, 10, 15, 10].into_iter().map(link).collect();
    let folder = folder_with(&[("chain.jsonl", &records)])?;
    for texts_in_memory in [true, false] {
        let keeping = Keeping::Shingles { words: 3, texts_in_memory };
        let (_, Gathered { corpus, shingled, .. }) =
            read(&folder.path().join("chain.jsonl"), UnitKind::Document, keeping);
        let near = Near::new(shingled, &corpus);
        let gone = |keep| {
            let removals = near_repeats(&corpus, &near, Threshold::percent(70), keep, 100).unwrap();
            removals.iter().map(|removal| (removal.unit, removal.of)).collect::<Vec<_>>()
        };
        assert_eq!(gone(Keep::First), [(1, 0), (3, 2), (4, 2)]);
        assert_eq!(gone(Keep::Last), [(1, 4), (2, 4), (3, 4)]);
        assert_eq!(near_repeats(&corpus, &near, Threshold::percent(70), Keep::First, 2), None, "three pairs");
    }
    Ok(())
}

#[test]
fn an_output_is_whole_or_not_there() -> std::io::Result<()> {
    let folder = folder_with(&[("a.txt", "in"), ("old.txt", "old")])?;
    let path = |name: &str| folder.path().join(name);
    let fails = || Err(OutputError::Changed("x".to_owned()));
    let half = |out: &mut dyn std::io::Write| {
        out.write_all(b"half").map_err(|error| OutputError::io(Path::new("x"), &error))
    };
    assert_eq!(write_file(&path("new.txt"), false, half, fails), fails());
    assert_eq!(
        write_file(&path("old.txt"), false, half, || Ok(())),
        Err(OutputError::Exists(path("old.txt").display().to_string()))
    );
    assert_eq!(fs::read_to_string(path("old.txt"))?, "old");
    assert_eq!(write_file(&path("old.txt"), true, half, || Ok(())), Ok(()));
    assert_eq!(fs::read_to_string(path("old.txt"))?, "half");
    let filled = |new: &Path| fs::write(new.join("x"), "1").map_err(|error| OutputError::io(new, &error));
    assert_eq!(write_folder(&path("out"), false, filled, fails), fails());
    assert_eq!(write_folder(&path("out"), false, filled, || Ok(())), Ok(()));
    assert_eq!(write_folder(&path("out"), true, filled, || Ok(())), Ok(()));
    let mut names: Vec<_> = fs::read_dir(folder.path())?.flatten().map(|entry| entry.file_name()).collect();
    names.sort();
    assert_eq!(names, ["a.txt", "old.txt", "out"], "nothing else is left behind");
    Ok(())
}

#[test]
fn an_input_is_never_an_output() -> std::io::Result<()> {
    let folder = folder_with(&[("a.txt", "in")])?;
    let input = folder.path().join("a.txt");
    let found = find(&[folder.path().to_owned()], &WalkOptions::default());
    let named = [folder.path().to_owned()];
    let may = |target: PathBuf| may_write(&target, true, &found.inputs, &named);
    assert!(matches!(may(input.clone()), Err(OutputError::IsInput(_))));
    assert!(matches!(may(folder.path().to_owned()), Err(OutputError::IsInput(_))));
    assert!(matches!(may(folder.path().join("out")), Err(OutputError::InInput(..))));
    let snapshot = Snapshot::of(&found.inputs);
    assert_eq!(snapshot.check(), Ok(()));
    fs::write(&input, "changed")?;
    assert!(matches!(snapshot.check(), Err(OutputError::Changed(_))));
    Ok(())
}
