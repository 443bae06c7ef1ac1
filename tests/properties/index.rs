//! An index answers as one batch over the same items would, however they are cut into batches.

use std::collections::BTreeSet;

use copydesk::document::{Block, BlockKind, Document, TextRange};
use copydesk::duplicates::near::{CONTAINED_SHINGLES, CONTAINMENT};
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
    // Some are short, some long.
    let length = if number.is_multiple_of(2) { 12 } else { 45 };
    let word = |n: u32| format!("w{}", (u32::from(number) * 7 + n * 3) % 90 + n / 30 * 100);
    let mut all: Vec<String> = (0..length).map(word).collect();
    if form > 0 {
        all[usize::from(form) % 12] = format!("changed{form}");
    }
    all.join(" ")
}

/// The different runs of three words.
fn runs(text: &str) -> BTreeSet<Vec<&str>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.len() {
        0 => BTreeSet::new(),
        1..3 => BTreeSet::from([words]),
        _ => words.windows(3).map(<[_]>::to_vec).collect(),
    }
}

fn likeness(left: &str, right: &str) -> (u32, u32, u32) {
    let (left, right) = (runs(left), runs(right));
    (left.intersection(&right).count() as u32, left.len() as u32, right.len() as u32)
}

fn are_near((overlap, left, right): (u32, u32, u32)) -> bool {
    overlap > 0 && Similarity { overlap, union: left + right - overlap }.at_least(THRESHOLD)
}

/// Whether the left one of two stands almost whole in the right one.
fn stands_in((overlap, left, right): (u32, u32, u32)) -> bool {
    left >= CONTAINED_SHINGLES && left <= right && overlap >= CONTAINMENT.least(left)
}

/// Whether the left one of two holds the right one almost whole.
fn holds((overlap, left, right): (u32, u32, u32)) -> bool {
    right >= CONTAINED_SHINGLES && right < left && overlap >= CONTAINMENT.least(right)
}

/// All paragraphs as one text.
fn text_of(told: &Told) -> String {
    told.paragraphs.iter().map(|&of| paragraph(of)).collect::<Vec<_>>().join("\n\n")
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
    /// Of a revised item, what it now repeats.
    other: Option<u32>,
    overlap: Option<u32>,
    shared: Vec<(u32, u32, u32)>,
    /// Whether it is told because it stands in the other.
    inside: bool,
    held: Vec<u32>,
    near: Vec<(u32, u32)>,
}

impl Said {
    fn new(answer: &Answer) -> Self {
        let near = !answer.repeats;
        Self {
            status: answer.status,
            of: answer.of.as_ref().map(|older| older.number),
            other: answer.other.as_ref().map(|older| older.number),
            overlap: answer.likeness.filter(|_| near).map(|counts| counts.overlap),
            shared: answer.shared.iter().map(|s| (s.paragraph, s.older.number, s.documents)).collect(),
            inside: answer.inside,
            held: answer.holds.iter().map(|(older, _)| older.number).collect(),
            near: answer.near.iter().map(|near| (near.paragraph, near.older.number)).collect(),
        }
    }
}

/// When an item comes: in which run, and in which batch.
#[derive(Clone, Copy, Debug)]
struct Part {
    now: i64,
    run: usize,
    batch: usize,
}

/// Everything compared with everything, one item after the other.
fn brute(all: &[Told], parts: &[Part], texts: bool) -> Vec<Said> {
    struct Version<'a> {
        told: &'a Told,
        text: String,
        article: u32,
        last: bool,
        /// When it was first seen, and last.
        seen: (i64, i64),
        /// The last run that it was seen in.
        run: usize,
    }
    let mut versions: Vec<Version<'_>> = Vec::new();
    let mut out = Vec::new();
    for (told, &Part { now, run, batch }) in all.iter().zip(parts) {
        // Several items of the batch stand at the address.
        let at_one_address =
            all.iter().zip(parts).filter(|(other, part)| part.batch == batch && other.url == told.url);
        let ids: BTreeSet<Option<u8>> = at_one_address.map(|(other, _)| other.id).collect();
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
            && ids.len() == 1
        {
            let there = versions.iter().filter(|version| version.told.url == Some(url));
            let lasts: BTreeSet<usize> = there.filter_map(|version| last_of(version.article)).collect();
            let texts: BTreeSet<_> = lasts.iter().map(|&at| &versions[at].told.paragraphs).collect();
            let names_one = texts.len() == 1 && lasts.iter().all(|&at| versions[at].run != run);
            prior = newest(&|version| version.told.url == Some(url)).filter(|_| names_one);
            same_id = prior.is_some_and(|at| versions[at].told.id.is_none());
        }
        let mut same_text = prior.is_some_and(|at| versions[at].told.paragraphs == told.paragraphs);
        if let Some(at) = prior.filter(|_| same_id && !same_text) {
            // An older text that was still there when the next one came is not a new one.
            let all: Vec<usize> = (0..versions.len())
                .filter(|&other| versions[other].article == versions[at].article)
                .collect();
            let beside = all.windows(2).find(|pair| {
                versions[pair[0]].told.paragraphs == told.paragraphs
                    && versions[pair[1]].seen.0 <= versions[pair[0]].seen.1
            });
            if let Some(pair) = beside {
                prior = Some(pair[0]);
                same_text = true;
            }
        }
        if same_text && same_id {
            if let Some(at) = prior {
                versions[at].seen.1 = now;
                versions[at].run = run;
            }
            out.push(Said {
                status: Status::Known,
                of: prior.map(|at| at as u32 + 1),
                other: None,
                overlap: None,
                shared: Vec::new(),
                inside: false,
                held: Vec::new(),
                near: Vec::new(),
            });
            continue;
        }
        let revised = prior.filter(|_| !same_text);
        let number = versions.len() as u32 + 1;
        let article = revised.map_or(number, |at| versions[at].article);
        let others: Vec<(usize, &Version<'_>)> =
            versions.iter().enumerate().filter(|(_, version)| version.article != article).collect();
        let own: BTreeSet<_> = told.paragraphs.iter().collect();
        let mut said = Said {
            status: Status::New,
            of: None,
            other: None,
            overlap: None,
            shared: Vec::new(),
            inside: false,
            held: Vec::new(),
            near: Vec::new(),
        };
        let text = text_of(told);
        let (mut passed, mut lonely) = (BTreeSet::new(), Vec::new());
        let holding = |version: &Version<'_>| {
            let theirs: BTreeSet<_> = version.told.paragraphs.iter().collect();
            own.is_subset(&theirs)
        };
        // Whether a paragraph stood in a version of the item before version `at`.
        let was_ours = |paragraph: &(u8, u8), at: usize| {
            let before = versions[..at].iter().filter(|version| version.article == article);
            revised.is_some() && before.into_iter().any(|version| version.told.paragraphs.contains(paragraph))
        };
        // Whether at least half of what another version shares with the item was taken from it.
        let took_from_us = |at: usize| {
            let common: Vec<_> =
                own.iter().filter(|paragraph| versions[at].told.paragraphs.contains(paragraph)).collect();
            let ours = common.iter().filter(|paragraph| was_ours(paragraph, at)).count();
            ours > 0 && ours * 2 >= common.len()
        };
        let was_made_from_us = |at: usize| {
            let kin = |before: usize| {
                let all = likeness(&versions[before].text, &versions[at].text);
                before < at && (are_near(all) || stands_in(all) || holds(all))
            };
            took_from_us(at) || revised.is_some_and(kin)
        };
        let not_ours = others.iter().filter(|(at, _)| !took_from_us(*at));
        let repeated = not_ours
            .clone()
            .find(|(_, version)| version.told.paragraphs == told.paragraphs)
            .or_else(|| not_ours.clone().find(|(_, version)| holding(version)));
        if let Some(at) = revised {
            said.status = Status::Revised;
            said.of = Some(at as u32 + 1);
        }
        let resembles = |said: &mut Said, status, at: usize| {
            if revised.is_some() {
                said.other = Some(at as u32 + 1);
            } else {
                said.status = status;
                said.of = Some(at as u32 + 1);
            }
        };
        if let Some((at, _)) = repeated.filter(|_| !own.is_empty()) {
            resembles(&mut said, Status::Repeat, *at);
        } else {
            let live: Vec<_> = others
                .iter()
                .filter(|(at, version)| version.last && !was_made_from_us(*at))
                .map(|(at, version)| (*at, likeness(&text, &version.text)))
                .collect();
            let mut best: Option<(f64, u32, usize)> = None;
            let mut inside: Option<(u32, usize)> = None;
            for &(at, shared) in &live {
                let (overlap, left, right) = shared;
                let ratio = f64::from(overlap) / f64::from(left + right - overlap).max(1.0);
                if are_near(shared) && best.is_none_or(|(best, ..)| ratio > best) {
                    best = Some((ratio, overlap, at));
                }
                if stands_in(shared) && inside.is_none_or(|(best, _)| overlap > best) {
                    inside = Some((overlap, at));
                }
            }
            if let Some((overlap, at)) = best.map(|(_, overlap, at)| (overlap, at)).or(inside) {
                resembles(&mut said, Status::NearRepeat, at);
                said.overlap = Some(overlap);
                said.inside = best.is_none();
            } else {
                let held = live.iter().filter(|(_, shared)| holds(*shared));
                said.held = held.map(|(at, _)| *at as u32 + 1).collect();
                passed.extend(said.held.iter().map(|&number| versions[number as usize - 1].article));
            }
        }
        for (at, paragraph_of) in told.paragraphs.iter().enumerate() {
            let first = told.paragraphs.iter().position(|other| other == paragraph_of) == Some(at);
            let all: Vec<_> =
                others.iter().filter(|(_, version)| version.told.paragraphs.contains(paragraph_of)).collect();
            let told_of = all.iter().find(|(_, version)| !passed.contains(&version.article));
            let told_of = told_of.filter(|(at, _)| !was_ours(paragraph_of, *at));
            if let (true, Some((holder, _))) = (first, told_of) {
                let articles: BTreeSet<_> = all.iter().map(|(_, version)| version.article).collect();
                said.shared.push((at as u32, *holder as u32 + 1, articles.len() as u32 + 1));
            }
            if first && all.is_empty() {
                lonely.push(at);
            }
        }
        if texts && matches!(said.status, Status::New | Status::Revised) && said.other.is_none() {
            for at in lonely {
                let own = paragraph(told.paragraphs[at]);
                let near = others.iter().filter(|(_, version)| version.last).find(|(at, version)| {
                    if was_made_from_us(*at) {
                        return false;
                    }
                    let kin = likeness(&text, &version.text);
                    let mut theirs = version.told.paragraphs.iter().map(|&other| paragraph(other));
                    let like = theirs.find(|other| are_near(likeness(&own, other)));
                    let was_ours = |text: &String| {
                        let before = revised.filter(|before| before < at);
                        before.is_some_and(|before| {
                            let mut ours = versions[before].told.paragraphs.iter();
                            ours.any(|&of| are_near(likeness(&paragraph(of), text)))
                        })
                    };
                    like.is_some_and(|text| !was_ours(&text))
                        && !are_near(kin)
                        && !stands_in(kin)
                        && !holds(kin)
                });
                said.near.extend(near.map(|(older, _)| (at as u32, *older as u32 + 1)));
            }
        }
        if let Some(at) = revised {
            versions[at].last = false;
        }
        versions.push(Version { told, text, article, last: true, seen: (now, now), run });
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
        let asked = Asked { threshold: THRESHOLD, compare: true, near_paragraphs: true };
        let mut answers = Vec::new();
        let mut cuts = cuts.iter().cycle();
        let mut parts = Vec::new();
        // Some batches come in the same hour.
        let mut now = 1_000_000;
        // The last items are compared and not recorded, in batches of one run.
        let recorded = items.len().saturating_sub(unrecorded);
        let (first, last) = items.split_at(recorded);
        let mut rest = first;
        while !rest.is_empty() {
            let (batch, behind) = rest.split_at((*cuts.next().unwrap()).min(rest.len()));
            rest = behind;
            let mut index = Index::open(&path, &terms, Recording::On).unwrap();
            index.begin("a test").unwrap();
            answers.extend(index.take(batch, asked, now).unwrap());
            index.commit().unwrap();
            let number = parts.len();
            parts.extend(batch.iter().map(|_| Part { now, run: number, batch: number }));
            now += [5, 10, 5000][batch.len() % 3];
        }
        drop(Index::open(&path, &terms, Recording::On).unwrap());
        let mut index = Index::open(&path, &terms, Recording::Off).unwrap();
        index.begin("a test").unwrap();
        rest = last;
        while !rest.is_empty() {
            let (batch, behind) = rest.split_at((*cuts.next().unwrap()).min(rest.len()));
            rest = behind;
            answers.extend(index.take(batch, asked, now).unwrap());
            let number = parts.len();
            parts.extend(batch.iter().map(|_| Part { now, run: usize::MAX, batch: number }));
        }
        index.commit().unwrap();
        let expected = brute(&all, &parts, texts);
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
        let asked = Asked { threshold: THRESHOLD, compare: true, near_paragraphs: true };
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
        let asked = Asked { threshold: THRESHOLD, compare: true, near_paragraphs: true };
        let mut index = Index::open(&path, &terms, Recording::On).unwrap();
        index.begin("a test").unwrap();
        let told = index.take(&items, asked, 1_000_000).unwrap();
        index.commit().unwrap();
        index.begin("a test").unwrap();
        let name = format!("id-{gone}");
        let removed = index.remove(&name).unwrap();
        index.commit().unwrap();
        // What is known by its address, with the same text, keeps the name that it first came with.
        let kept = |answer: &Answer| answer.status != Status::Known;
        let there = all.iter().zip(&told).any(|(item, answer)| item.id == Some(gone) && kept(answer));
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

/// Splits mix: the same numbers every time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) % end
    }

    fn words(&mut self, count: u64) -> String {
        (0..count).map(|_| format!("w{}", self.below(3000))).collect::<Vec<_>>().join(" ")
    }
}

/// What everyone writes: its runs of words are common.
const STOCK: &str = "the office did not say when that would be known to all who had asked for it on the day";

/// Stories, copies of stories, stories in stories, and paragraphs taken over.
fn stories(count: u64) -> Vec<Vec<String>> {
    let mut random = Random(11);
    let mut all: Vec<Vec<String>> = Vec::new();
    for number in 0..count {
        let earlier = if number == 0 { Vec::new() } else { all[random.below(number) as usize].clone() };
        let mut fresh: Vec<String> = (0..3).map(|n| random.words(15 + 8 * n)).collect();
        let mut own = match random.below(10) {
            _ if earlier.is_empty() => fresh,
            5 => {
                let mut copy = earlier;
                copy[0].push_str(" changed");
                copy
            }
            6 => vec![earlier.iter().take(2).cloned().collect::<Vec<_>>().join(" ")],
            7 => {
                fresh.push(earlier.join(" "));
                fresh
            }
            8 => {
                fresh.push(format!("{} taken over", earlier.last().cloned().unwrap_or_default()));
                fresh
            }
            9 => vec![random.words(3 + number % 7)],
            4 => {
                // The same words, another paragraph.
                vec![fresh[0].clone(), earlier[0].replacen(' ', ", ", 1)]
            }
            _ => fresh,
        };
        if random.below(3) == 0 {
            own.push(format!("{STOCK} {}", random.words(8)));
        }
        all.push(own);
    }
    all
}

/// How many elements two sorted sets share, and how many each has.
fn shared(left: &[u64], right: &[u64]) -> (u32, u32, u32) {
    let overlap = left.iter().filter(|element| right.binary_search(element).is_ok()).count();
    (overlap as u32, left.len() as u32, right.len() as u32)
}

#[test]
fn an_index_that_knows_what_is_common_answers_as_before() {
    const STORIES: u64 = 1260;
    const ASKED: usize = 60;
    let terms = Terms { min_words: 2, ..terms(true) };
    let mut itemizer = Itemizer::new(&terms);
    let mut item_of = |paragraphs: &[String], record: u32| {
        let mut document = Document::default();
        document.meta.id = Some(format!("id-{record}"));
        document.origin.path = "wire.jsonl".into();
        document.origin.record = Some(record);
        for text in paragraphs {
            let start = document.text.len() as u32;
            document.text.push_str(text);
            let range = TextRange::new(start, document.text.len() as u32);
            document.blocks.push(Block { kind: BlockKind::Paragraph, range });
            document.text.push_str("\n\n");
        }
        itemizer.item(&document)
    };
    let stories = stories(STORIES);
    let items: Vec<Item> = (1..).zip(&stories).map(|(record, own)| item_of(own, record)).collect();
    let sets: Vec<Vec<Vec<u64>>> = stories
        .iter()
        .map(|own| own.iter().map(|text| item_of(std::slice::from_ref(text), 0).shingles).collect())
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let mut index = Index::open(&folder.path().join("wire.copydesk-index"), &terms, Recording::On).unwrap();
    let asked = Asked { threshold: THRESHOLD, compare: true, near_paragraphs: true };
    let (first, last) = items.split_at(items.len() - ASKED);
    let filling = Asked { compare: false, near_paragraphs: false, ..asked };
    for batch in first.chunks(450) {
        index.begin("a test").unwrap();
        index.take(batch, filling, 1_000_000).unwrap();
        index.commit().unwrap();
    }
    assert!(index.stats().unwrap().common > 0);
    index.begin("a test").unwrap();
    let answers = index.take(last, asked, 2_000_000).unwrap();
    index.commit().unwrap();
    assert_eq!(index.verify().unwrap().faults, Vec::<String>::new());
    let mut met = [0; 4];
    for (answer, at) in answers.iter().zip(first.len()..) {
        let digests = |at: usize| items[at].paragraphs.iter().map(|(digest, _)| *digest);
        let holds_all = |other: &usize| digests(at).all(|own| digests(*other).any(|theirs| theirs == own));
        if answer.status == Status::Repeat {
            assert!((0..at).any(|other| holds_all(&other)));
            continue;
        }
        assert!(!(0..at).any(|other| holds_all(&other)));
        let kin: Vec<_> = (0..at).map(|other| shared(&items[at].shingles, &items[other].shingles)).collect();
        let near = (0..at).filter(|&other| are_near(kin[other])).max_by(|&a, &b| {
            let ratio = |at: usize| f64::from(kin[at].0) / f64::from(kin[at].1 + kin[at].2 - kin[at].0);
            ratio(a).total_cmp(&ratio(b)).then(b.cmp(&a))
        });
        let inside =
            (0..at).filter(|&other| stands_in(kin[other])).max_by_key(|&other| (kin[other].0, at - other));
        let of = answer.of.as_ref().map(|older| older.number as usize - 1);
        assert_eq!(of, near.or(inside), "item {at}");
        met[0] += usize::from(near.is_some());
        met[1] += usize::from(answer.inside);
        if of.is_some() {
            continue;
        }
        let held: Vec<u32> =
            (0..at).filter(|&other| holds(kin[other])).map(|other| other as u32 + 1).collect();
        assert_eq!(answer.holds.iter().map(|(older, _)| older.number).collect::<Vec<_>>(), held, "item {at}");
        met[2] += held.len();
        let apart = |other: usize| !are_near(kin[other]) && !stands_in(kin[other]) && !holds(kin[other]);
        let mut expected = Vec::new();
        for (number, own) in digests(at).enumerate() {
            let lonely = digests(at).position(|digest| digest == own) == Some(number)
                && !(0..at).any(|other| digests(other).any(|theirs| theirs == own));
            let near = |other: &usize| {
                let mut theirs = sets[*other].iter();
                theirs.any(|theirs| are_near(shared(&sets[at][number], theirs))) && apart(*other)
            };
            expected
                .extend((0..at).find(near).filter(|_| lonely).map(|other| (number as u32, other as u32 + 1)));
        }
        let near: Vec<_> = answer.near.iter().map(|near| (near.paragraph, near.older.number)).collect();
        assert_eq!(near, expected, "item {at}");
        met[3] += near.len();
    }
    assert!(met.iter().all(|&count| count > 1), "{met:?}");
}
