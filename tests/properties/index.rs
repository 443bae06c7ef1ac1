//! An index answers as one batch over the same items would, however they are cut into batches.

use std::collections::BTreeSet;

use copydesk::document::{Block, BlockKind, Document, TextRange};
use copydesk::duplicates::{Similarity, Threshold};
use copydesk::index::{Answer, Asked, Index, Item, Itemizer, Recording, Status, Terms};
use proptest::prelude::*;

const THRESHOLD: Threshold = Threshold::percent(60);

fn terms(texts: bool) -> Terms {
    Terms { threshold: THRESHOLD, texts, min_words: 2, ..Terms::default() }
}

/// An item of some of a few paragraphs, each in one of a few forms.
#[derive(Clone, Debug)]
struct Told {
    id: Option<u8>,
    url: Option<u8>,
    paragraphs: Vec<(u8, u8)>,
}

fn paragraph((number, form): (u8, u8)) -> String {
    let words = |salt: u8| {
        (0..12u8).map(move |n| format!("w{}", (u32::from(number) * 7 + u32::from(n) * u32::from(salt)) % 90))
    };
    let mut all: Vec<String> = words(3).collect();
    if form > 0 {
        all[usize::from(form) % 12] = format!("changed{form}");
    }
    all.join(" ")
}

fn document(told: &Told, record: u32) -> Document {
    let mut document = Document::default();
    document.meta.id = told.id.map(|id| format!("id-{id}"));
    document.meta.url = told.url.map(|url| format!("https://example.org/{url}"));
    document.origin.path = "wire.jsonl".into();
    document.origin.record = Some(record);
    for &paragraph_of in &told.paragraphs {
        if !document.text.is_empty() {
            document.text.push_str("\n\n");
        }
        let start = document.text.len() as u32;
        document.text.push_str(&paragraph(paragraph_of));
        let range = TextRange::new(start, document.text.len() as u32);
        document.blocks.push(Block { kind: BlockKind::Paragraph, range });
    }
    document
}

/// What is compared of an answer.
#[derive(Debug, PartialEq)]
struct Said {
    status: Status,
    of: Option<u32>,
    overlap: Option<u32>,
    shared: Vec<(u32, u32, u32)>,
}

impl Said {
    fn new(answer: &Answer) -> Self {
        let near = answer.status == Status::NearRepeat;
        Self {
            status: answer.status,
            of: answer.of.as_ref().map(|older| older.number),
            overlap: answer.likeness.filter(|_| near).map(|counts| counts.overlap),
            shared: answer.shared.iter().map(|s| (s.paragraph, s.older.number, s.documents)).collect(),
        }
    }
}

/// Everything compared with everything, one item after the other.
fn brute(told: &[Told], items: &[Item]) -> Vec<Said> {
    struct Version<'a> {
        told: &'a Told,
        item: &'a Item,
        article: u32,
        last: bool,
    }
    let mut versions: Vec<Version<'_>> = Vec::new();
    let mut out = Vec::new();
    for (told, item) in told.iter().zip(items) {
        let by_id = |version: &&Version<'_>| match told.id {
            Some(id) => version.told.id == Some(id),
            // An item without an id is known by its address, one without both by its text.
            None => match told.url {
                Some(url) => version.told.url == Some(url),
                None => {
                    version.told.id.is_none()
                        && version.told.url.is_none()
                        && version.told.paragraphs == told.paragraphs
                }
            },
        };
        let last_of =
            |article: u32| versions.iter().position(|version| version.article == article && version.last);
        let newest = |wanted: &dyn Fn(&&Version<'_>) -> bool| {
            versions.iter().rev().find(wanted).and_then(|version| last_of(version.article))
        };
        let mut prior = newest(&by_id);
        let mut same_id = true;
        if prior.is_none()
            && told.id.is_some()
            && let Some(url) = told.url
        {
            prior = newest(&|version| version.told.url == Some(url));
            same_id = prior.is_some_and(|at| versions[at].told.id.is_none());
        }
        let same_text = prior.is_some_and(|at| versions[at].told.paragraphs == told.paragraphs);
        if same_text && same_id {
            out.push(Said {
                status: Status::Known,
                of: prior.map(|at| at as u32 + 1),
                overlap: None,
                shared: Vec::new(),
            });
            continue;
        }
        let revised = prior.filter(|_| !same_text);
        let number = versions.len() as u32 + 1;
        let article = revised.map_or(number, |at| versions[at].article);
        let others: Vec<(usize, &Version<'_>)> =
            versions.iter().enumerate().filter(|(_, version)| version.article != article).collect();
        let own: BTreeSet<_> = told.paragraphs.iter().collect();
        let mut said = Said { status: Status::New, of: None, overlap: None, shared: Vec::new() };
        for (at, paragraph) in told.paragraphs.iter().enumerate() {
            let first = told.paragraphs.iter().position(|other| other == paragraph) == Some(at);
            let holders: Vec<_> =
                others.iter().filter(|(_, version)| version.told.paragraphs.contains(paragraph)).collect();
            if let (true, Some((holder, _))) = (first, holders.first()) {
                let articles: BTreeSet<_> = holders.iter().map(|(_, version)| version.article).collect();
                said.shared.push((at as u32, *holder as u32 + 1, articles.len() as u32 + 1));
            }
        }
        let holding = |version: &Version<'_>| {
            let theirs: BTreeSet<_> = version.told.paragraphs.iter().collect();
            own.is_subset(&theirs)
        };
        let repeated = others
            .iter()
            .find(|(_, version)| version.told.paragraphs == told.paragraphs)
            .or_else(|| others.iter().find(|(_, version)| holding(version)));
        if let Some(at) = revised {
            said.status = Status::Revised;
            said.of = Some(at as u32 + 1);
        } else if let Some((at, _)) = repeated.filter(|_| !own.is_empty()) {
            said.status = Status::Repeat;
            said.of = Some(*at as u32 + 1);
        } else {
            let mut best: Option<(f64, u32, usize)> = None;
            for (at, version) in others.iter().filter(|(_, version)| version.last) {
                let left: BTreeSet<_> = item.shingles.iter().collect();
                let right: BTreeSet<_> = version.item.shingles.iter().collect();
                let overlap = left.intersection(&right).count() as u32;
                let union = left.union(&right).count() as u32;
                let similarity = Similarity { overlap, union };
                let better = best.is_none_or(|(ratio, ..)| similarity.ratio() > ratio);
                if union > 0 && similarity.at_least(THRESHOLD) && better {
                    best = Some((similarity.ratio(), overlap, *at));
                }
            }
            if let Some((_, overlap, at)) = best {
                said.status = Status::NearRepeat;
                said.of = Some(at as u32 + 1);
                said.overlap = Some(overlap);
            }
        }
        if let Some(at) = revised {
            versions[at].last = false;
        }
        versions.push(Version { told, item, article, last: true });
        out.push(said);
    }
    out
}

fn told() -> impl Strategy<Value = Told> {
    let paragraphs = prop::collection::vec((0u8..9, prop_oneof![4 => Just(0u8), 1 => 1u8..4]), 0..5);
    (prop::option::weighted(0.8, 0u8..12), prop::option::weighted(0.4, 0u8..8), paragraphs)
        .prop_map(|(id, url, paragraphs)| Told { id, url, paragraphs })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 48 } else { 256 }))]

    #[test]
    fn an_index_answers_as_one_batch_would(
        all in prop::collection::vec(told(), 1..40),
        cuts in prop::collection::vec(1usize..12, 1..12),
        texts: bool,
        unrecorded in 0usize..40,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wire.copydesk-index");
        let terms = terms(texts);
        let mut itemizer = Itemizer::new(&terms);
        let items: Vec<Item> =
            all.iter().zip(1..).map(|(told, record)| itemizer.item(&document(told, record))).collect();
        let expected = brute(&all, &items);
        let asked = Asked { threshold: THRESHOLD, compare: true };
        let mut answers = Vec::new();
        let mut cuts = cuts.iter().cycle();
        // The last items are compared and not recorded, in batches of one run.
        let recorded = items.len().saturating_sub(unrecorded);
        let (first, last) = items.split_at(recorded);
        let mut rest = first;
        while !rest.is_empty() {
            let (batch, behind) = rest.split_at((*cuts.next().unwrap()).min(rest.len()));
            rest = behind;
            let mut index = Index::open(&path, &terms, Recording::On).unwrap();
            index.begin("a test").unwrap();
            answers.extend(index.take(batch, asked, 1_000_000).unwrap());
            index.commit().unwrap();
        }
        drop(Index::open(&path, &terms, Recording::On).unwrap());
        let mut index = Index::open(&path, &terms, Recording::Off).unwrap();
        index.begin("a test").unwrap();
        rest = last;
        while !rest.is_empty() {
            let (batch, behind) = rest.split_at((*cuts.next().unwrap()).min(rest.len()));
            rest = behind;
            answers.extend(index.take(batch, asked, 1_000_000).unwrap());
        }
        index.commit().unwrap();
        for (number, (answer, expected)) in answers.iter().zip(&expected).enumerate() {
            prop_assert_eq!(&Said::new(answer), expected, "item {}", number);
        }
        let verified = Index::open_existing(&path, Recording::Off).unwrap().verify().unwrap();
        prop_assert_eq!(verified.faults, Vec::<String>::new());
    }

    #[test]
    fn an_export_taken_in_is_the_same_index(all in prop::collection::vec(told(), 1..30), texts: bool) {
        let folder = tempfile::tempdir().unwrap();
        let (path, copy) = (folder.path().join("a.copydesk-index"), folder.path().join("b.copydesk-index"));
        let terms = terms(texts);
        let mut itemizer = Itemizer::new(&terms);
        let items: Vec<Item> =
            all.iter().zip(1..).map(|(told, record)| itemizer.item(&document(told, record))).collect();
        let (first, last) = items.split_at(items.len() / 2);
        let asked = Asked { threshold: THRESHOLD, compare: true };
        let mut index = Index::open(&path, &terms, Recording::On).unwrap();
        index.begin("a test").unwrap();
        index.take(first, asked, 1_000_000).unwrap();
        index.commit().unwrap();
        let mut lines = Vec::new();
        index.export(&mut lines).unwrap();
        copydesk::index::import(&copy, &mut lines.as_slice()).unwrap();
        let mut other = Index::open(&copy, &terms, Recording::On).unwrap();
        prop_assert_eq!(other.verify().unwrap().faults, Vec::<String>::new());
        let mut again = Vec::new();
        other.export(&mut again).unwrap();
        prop_assert_eq!(String::from_utf8(again).unwrap(), String::from_utf8(lines).unwrap());
        let said = |index: &mut Index| -> Vec<Said> {
            index.begin("a test").unwrap();
            let answers = index.take(last, asked, 2_000_000).unwrap();
            index.commit().unwrap();
            answers.iter().map(Said::new).collect()
        };
        prop_assert_eq!(said(&mut index), said(&mut other));
    }

    #[test]
    fn what_is_removed_leaves_nothing(all in prop::collection::vec(told(), 1..30), gone in 0u8..12) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wire.copydesk-index");
        let terms = terms(true);
        let mut itemizer = Itemizer::new(&terms);
        let items: Vec<Item> =
            all.iter().zip(1..).map(|(told, record)| itemizer.item(&document(told, record))).collect();
        let asked = Asked { threshold: THRESHOLD, compare: true };
        let mut index = Index::open(&path, &terms, Recording::On).unwrap();
        index.begin("a test").unwrap();
        index.take(&items, asked, 1_000_000).unwrap();
        index.commit().unwrap();
        index.begin("a test").unwrap();
        let name = format!("id-{gone}");
        let removed = index.remove(&name).unwrap();
        index.commit().unwrap();
        let there = all.iter().any(|told| told.id == Some(gone));
        prop_assert_eq!(removed > 0, there);
        prop_assert_eq!(index.verify().unwrap().faults, Vec::<String>::new());
        index.begin("a test").unwrap();
        let answers = index.take(&items, asked, 1_000_000).unwrap();
        let named = |answer: &Answer| answer.of.as_ref().is_some_and(|older| older.called == name && u64::from(older.number) <= items.len() as u64);
        // Taken in again it may be met again, under a new number.
        prop_assert!(answers.iter().filter(|answer| named(answer)).all(|answer| answer.status == Status::Known || answer.number > 0));
        index.commit().unwrap();
        prop_assert_eq!(index.verify().unwrap().faults, Vec::<String>::new());
    }
}
