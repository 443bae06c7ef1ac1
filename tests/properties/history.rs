//! Properties of `history`: words that stand nowhere else are traced to the version that first had them,
//! whatever was inserted, deleted, moved and brought back; and what is counted adds up on any texts.

use std::collections::BTreeMap;

use copydesk::document::{Document, Snapshot};
use copydesk::history::{Chain, History, HistoryOptions, tokens};
use copydesk::segment;
use proptest::collection::vec;
use proptest::prelude::*;

/// A paragraph: its words. Words of the form `w12` stand nowhere else.
type Paragraph = Vec<String>;

/// What the next version does; numbers are taken modulo what there is.
#[derive(Clone, Debug)]
enum Step {
    Edit { paragraph: usize, at: usize, delete: usize, insert: usize },
    Insert { at: usize, words: usize },
    Delete { at: usize },
    Move { from: usize, to: usize },
    Revert { to: usize },
    BringBack { version: usize, paragraph: usize, to: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let n = 0..1000usize;
    prop_oneof![
        6 => (n.clone(), n.clone(), 0..4usize, 0..4usize)
            .prop_map(|(paragraph, at, delete, insert)| Step::Edit { paragraph, at, delete, insert }),
        2 => (n.clone(), 3..30usize).prop_map(|(at, words)| Step::Insert { at, words }),
        2 => n.clone().prop_map(|at| Step::Delete { at }),
        2 => (n.clone(), n.clone()).prop_map(|(from, to)| Step::Move { from, to }),
        2 => n.clone().prop_map(|to| Step::Revert { to }),
        2 => (n.clone(), n.clone(), n).prop_map(|(version, paragraph, to)| {
            Step::BringBack { version, paragraph, to }
        }),
    ]
}

/// Makes words: mostly new ones, with common words between.
struct Writer(usize);

impl Writer {
    fn words(&mut self, count: usize) -> Paragraph {
        (0..count)
            .map(|_| {
                self.0 += 1;
                match self.0 % 4 {
                    0 => "the".to_owned(),
                    1 if self.0.is_multiple_of(3) => "of".to_owned(),
                    _ => format!("w{}", self.0),
                }
            })
            .collect()
    }
}

/// The versions that the steps make, each a list of paragraphs.
fn versions(steps: &[Step]) -> Vec<Vec<Paragraph>> {
    let mut writer = Writer(0);
    let mut all = vec![vec![writer.words(20), writer.words(12), writer.words(30)]];
    for step in steps {
        let mut next = all.last().unwrap().clone();
        let count = next.len();
        match *step {
            Step::Edit { paragraph, at, delete, insert } if count > 0 => {
                let paragraph = &mut next[paragraph % count];
                let at = at % (paragraph.len() + 1);
                let end = (at + delete).min(paragraph.len());
                paragraph.splice(at..end, writer.words(insert));
            }
            Step::Insert { at, words } => next.insert(at % (count + 1), writer.words(words)),
            Step::Delete { at } if count > 0 => {
                next.remove(at % count);
            }
            Step::Move { from, to } if count > 0 => {
                let paragraph = next.remove(from % count);
                next.insert(to % count, paragraph);
            }
            Step::Revert { to } => next.clone_from(&all[to % all.len()]),
            Step::BringBack { version, paragraph, to } => {
                let old = &all[version % all.len()];
                let many = |back: &Paragraph| back.iter().filter(|word| word.starts_with('w')).count() >= 3;
                let back = (!old.is_empty()).then(|| old[paragraph % old.len()].clone());
                if let Some(back) = back.filter(many) {
                    let unique = |word: &&String| word.starts_with('w');
                    let stands =
                        next.iter().flatten().any(|word| back.iter().filter(unique).any(|w| w == word));
                    if !stands {
                        next.insert(to % (count + 1), back);
                    }
                }
            }
            Step::Edit { .. } | Step::Delete { .. } | Step::Move { .. } => {}
        }
        next.retain(|paragraph| !paragraph.is_empty());
        all.push(next);
    }
    all
}

/// The history of texts, with or without blocks.
fn history(texts: &[String], blocks: bool) -> History {
    let options = HistoryOptions { lives: true, keep_texts: true, ..HistoryOptions::default() };
    let mut chain = Chain::new("synthetic", &options);
    for text in texts {
        let mut document = Document { text: text.clone(), ..Document::default() };
        if blocks {
            segment::blocks_and_markup(text, &mut document.blocks, &mut document.markup);
        }
        chain.push(&mut Snapshot { document: Some(document), ..Snapshot::default() });
    }
    chain.finish()
}

/// What holds for every history.
fn adds_up(history: &History, texts: &[String]) {
    assert_eq!(history.text, *texts.last().unwrap());
    let told: Vec<_> = history.tokens.iter().map(|token| token.range).collect();
    let all: Vec<_> = tokens(&history.text).map(|token| token.range).collect();
    assert_eq!(told, all, "every word and sign is told");
    let mut before: BTreeMap<u32, bool> = BTreeMap::new();
    for ((version, text), layout) in history.versions.iter().zip(texts).zip(history.layouts()) {
        assert_eq!(version.words, segment::words(text).count() as u64);
        let joined: String =
            layout.iter().flat_map(|&w| history.wordings[w as usize].text.split_whitespace()).collect();
        assert_eq!(joined, text.split_whitespace().collect::<String>(), "version {}", version.number);
        let mut now = BTreeMap::new();
        let mut added = 0;
        for &wording in &layout {
            let wording = &history.wordings[wording as usize];
            for (token, &number) in tokens(&wording.text).zip(&wording.tokens) {
                assert!(
                    now.insert(number, token.word).is_none(),
                    "a word stands once in version {}",
                    version.number
                );
                assert!(history.origins[number as usize] <= version.number);
                added += u64::from(token.word && !before.contains_key(&number));
            }
            assert_eq!(tokens(&wording.text).count(), wording.tokens.len());
        }
        let gone = |(number, word): &(&u32, &bool)| **word && !now.contains_key(*number);
        let removed = before.iter().filter(gone).count() as u64;
        assert_eq!((version.added, version.removed), (added, removed), "version {}", version.number);
        before = now;
    }
    for token in &history.tokens {
        let life = &history.lives[token.life as usize];
        assert_eq!(life.removed.len(), life.restored.len(), "what stands was restored as often as removed");
        let mut last = token.origin;
        for (&removed, &restored) in life.removed.iter().zip(&life.restored) {
            assert!(last < removed && removed < restored);
            last = restored;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn words_that_stand_nowhere_else_are_traced_to_their_first_version(
        steps in vec(step(), 1..14),
        blocks in any::<bool>(),
    ) {
        let versions = versions(&steps);
        let texts: Vec<String> = versions
            .iter()
            .map(|version| version.iter().map(|p| p.join(" ")).collect::<Vec<_>>().join("\n\n"))
            .collect();
        let mut firsts: BTreeMap<&str, u32> = BTreeMap::new();
        for (at, text) in texts.iter().enumerate() {
            for word in text.split_whitespace() {
                firsts.entry(word).or_insert(at as u32 + 1);
            }
        }
        let history = history(&texts, blocks);
        adds_up(&history, &texts);
        for token in &history.tokens {
            let word = &history.text[token.range.as_usize()];
            if word.starts_with('w') {
                prop_assert_eq!(token.origin, firsts[word], "{} in {:#?}", word, texts);
            }
        }
    }

    #[test]
    fn any_texts_add_up(
        texts in vec("([ab.] ?|the |pier |\n\n|\n|<ref>|</ref>|é|京|\u{301}){0,24}", 1..8),
        blocks in any::<bool>(),
    ) {
        adds_up(&history(&texts, blocks), &texts);
    }

    #[test]
    fn a_revert_gives_every_word_its_origin_back(
        a in "([a-d] |the ){0,20}",
        b in "([a-f] |the ){0,20}",
    ) {
        let once = history(std::slice::from_ref(&a), false);
        let back = history(&[a.clone(), b.clone(), a.clone()], false);
        prop_assert!(back.tokens.iter().all(|token| token.origin == 1));
        prop_assert_eq!(once.tokens.len(), back.tokens.len());
        let to = if a == b { None } else { Some(1) };
        prop_assert_eq!(back.versions[2].reverts_to, to);
    }
}
