//! Where was each word removed, and where restored?

use hashbrown::HashMap;

use super::life::{Life, TokenLife};
use super::store::{NONE, Store};
use super::version::Layouts;

/// A life so far: the one before it, and the version at which it went on.
#[derive(Clone, Copy)]
struct Node {
    before: u32,
    version: u32,
    /// How many steps led here: odd ones are removals.
    steps: u32,
}

/// Gives each token its life, and returns the lives; the words that always came and went together share one.
///
/// Goes through all steps once more, and looks at the paragraphs that came or went with each.
pub(super) fn lives(tokens: &mut [TokenLife], layouts: &Layouts, store: &Store) -> Vec<Life> {
    // By token that is told: its life so far.
    let mut now: HashMap<u32, u32> = tokens.iter().map(|token| (token.token, 0)).collect();
    let wanted: Vec<bool> = {
        let mut wanted = vec![false; store.words.len()];
        tokens.iter().for_each(|token| wanted[token.token as usize] = true);
        wanted
    };
    let mut nodes = vec![Node { before: NONE, version: 0, steps: 0 }];
    let mut stamps: Vec<u32> = vec![0; store.words.len()];
    let mut before: Vec<u32> = Vec::new();
    for (at, layout) in layouts.each().enumerate() {
        let version = at as u32 + 1;
        let same = before.iter().zip(&layout).take_while(|(a, b)| a == b).count();
        let (old, new) = (&before[same..], &layout[same..]);
        let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
        let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
        let mut next: HashMap<u32, u32> = HashMap::new();
        let mut step = |token: u32, removed: bool, nodes: &mut Vec<Node>| {
            let Some(life) = now.get_mut(&token) else { return };
            let node = nodes[*life as usize];
            if node.steps.is_multiple_of(2) != removed {
                return;
            }
            *life = *next.entry(*life).or_insert_with(|| {
                nodes.push(Node { before: *life, version, steps: node.steps + 1 });
                nodes.len() as u32 - 1
            });
        };
        let told = |wordings: &[u32]| -> Vec<u32> {
            let all = wordings.iter().flat_map(|&wording| store.tokens(wording).iter().copied());
            all.filter(|&token| wanted[token as usize]).collect()
        };
        let (gone, came) = (told(old), told(new));
        came.iter().for_each(|&token| stamps[token as usize] = version);
        for token in gone {
            if stamps[token as usize] != version {
                step(token, true, &mut nodes);
            }
        }
        for token in came {
            step(token, false, &mut nodes);
        }
        before = layout;
    }
    // Only the lives that a token leads, in the order of the text.
    let mut numbers: HashMap<u32, u32> = HashMap::new();
    let mut out = Vec::new();
    for token in tokens {
        let life = now.get(&token.token).copied().unwrap_or(0);
        token.life = *numbers.entry(life).or_insert_with(|| {
            let mut told = Life::default();
            let mut at = life;
            while let Some(node) = nodes.get(at as usize).filter(|node| node.steps > 0) {
                if node.steps % 2 == 1 { &mut told.removed } else { &mut told.restored }.push(node.version);
                at = node.before;
            }
            told.removed.reverse();
            told.restored.reverse();
            out.push(told);
            out.len() as u32 - 1
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::document::{Document, Snapshot};
    use crate::history::{Chain, History, HistoryOptions};

    fn history(texts: &[&str]) -> History {
        let mut chain = Chain::new("", &HistoryOptions { lives: true, ..HistoryOptions::default() });
        for text in texts {
            let document = Some(Document { text: (*text).to_owned(), ..Document::default() });
            chain.push(&mut Snapshot { document, ..Snapshot::default() });
        }
        chain.finish()
    }

    /// The origin of a word of the last text, and where it was removed and restored.
    fn life(history: &History, word: &str) -> (u32, Vec<u32>, Vec<u32>) {
        let is_it = |range: crate::document::TextRange| &history.text[range.as_usize()] == word;
        let mut found = history.tokens.iter().filter(|token| is_it(token.range));
        let token = found.next().expect("the word stands in the text");
        assert!(found.next().is_none(), "{word} stands twice");
        let life = &history.lives[token.life as usize];
        (token.origin, life.removed.clone(), life.restored.clone())
    }

    const PIER: &str = "The pier opens at noon on every day but Sunday.\n";
    const BAND: &str = "A brass band from Norhaven plays until the lamps are lit.\n";

    #[test]
    fn what_was_taken_out_and_put_back_has_its_first_origin_and_its_absences() {
        let both = format!("{PIER}{BAND}");
        let history = history(&[PIER, &both, PIER, &both, PIER, &both]);
        assert_eq!(life(&history, "pier"), (1, vec![], vec![]));
        assert_eq!(life(&history, "brass"), (2, vec![3, 5], vec![4, 6]));
        assert_eq!(history.lives.len(), 2, "words that came and went together share a life");
    }

    #[test]
    fn what_moves_or_stands_beside_a_change_was_never_away() {
        let turned = format!("{BAND}{PIER}");
        let changed = turned.replace("noon", "one");
        let history = history(&[&format!("{PIER}{BAND}"), &turned, &changed, &turned]);
        assert_eq!(life(&history, "brass"), (1, vec![], vec![]));
        assert_eq!(life(&history, "opens"), (1, vec![], vec![]));
        assert_eq!(life(&history, "noon"), (1, vec![3], vec![4]));
    }

    #[test]
    fn a_version_without_text_takes_nothing_out() {
        let mut chain = Chain::new("", &HistoryOptions { lives: true, ..HistoryOptions::default() });
        for text in [Some(PIER), None, Some(PIER)] {
            let document = text.map(|text| Document { text: text.to_owned(), ..Document::default() });
            chain.push(&mut Snapshot { document, ..Snapshot::default() });
        }
        let history = chain.finish();
        assert_eq!(life(&history, "pier"), (1, vec![], vec![]));
        assert_eq!(history.versions[1].digest, None);
    }
}
