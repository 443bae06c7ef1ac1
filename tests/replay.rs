//! What must hold of any history: it replays, no word is lost, every word has one origin. Used on texts of our
//! own below, and on any folder by `tests/bench/replay_versions.rs`.

use std::collections::BTreeSet;

use copydesk::diff::{DiffOptions, diff};
use copydesk::document::{Document, Snapshot};
use copydesk::history::{Chain, HistoryOptions, tokens};

/// Takes the versions of one document, oldest first.
#[derive(Default)]
pub struct Proof {
    snapshots: Vec<Snapshot>,
}

impl Proof {
    /// Takes the next version, and with it its document.
    pub fn push(&mut self, snapshot: &mut Snapshot) {
        self.snapshots.push(std::mem::take(snapshot));
    }

    /// Returns how many versions came.
    pub fn versions(&self) -> u64 {
        self.snapshots.len() as u64
    }

    /// Returns how many words all versions have together; or what does not hold.
    ///
    /// # Errors
    ///
    /// A sentence that says what does not hold, and of which version.
    pub fn finish(self) -> Result<u64, String> {
        self.replays()?;
        let folded: Vec<BTreeSet<String>> =
            self.snapshots.iter().map(|snapshot| words_of(snapshot.document.as_ref())).collect();
        let mut words = 0;
        for at in 1..=self.snapshots.len() as u32 {
            words += self.has_origins(at, &folded)?;
        }
        Ok(words)
    }

    /// From the first version and the revisions, every version comes out; and back again.
    fn replays(&self) -> Result<(), String> {
        let documents: Vec<&Document> =
            self.snapshots.iter().filter_map(|snapshot| snapshot.document.as_ref()).collect();
        let Some(first) = documents.first() else { return Ok(()) };
        let mut text = first.text.clone();
        let mut revisions = Vec::new();
        for (at, pair) in documents.windows(2).enumerate() {
            let [old, new] = pair else { continue };
            let revision = diff(old, new, &DiffOptions::default());
            text = revision.apply(&text).ok_or(format!("revision {} does not apply", at + 1))?;
            if text != new.text {
                return Err(format!("version {} does not come out of the revisions", at + 2));
            }
            revisions.push(revision);
        }
        for (at, revision) in revisions.into_iter().enumerate().rev() {
            text = revision.invert().apply(&text).ok_or(format!("revision {} does not invert", at + 1))?;
            if text != documents[at].text {
                return Err(format!("version {} does not come out of the inverted revisions", at + 1));
            }
        }
        Ok(())
    }

    /// Returns how many words the version with the number `at` has, each of one origin.
    fn has_origins(&self, at: u32, folded: &[BTreeSet<String>]) -> Result<u64, String> {
        let options = HistoryOptions { at: Some(at), ..HistoryOptions::default() };
        let mut chain = Chain::new("proof", &options);
        for snapshot in &self.snapshots[..at as usize] {
            chain.push(&mut snapshot.clone());
        }
        let history = chain.finish();
        let Some(document) = &self.snapshots[at as usize - 1].document else { return Ok(0) };
        if history.text != document.text {
            return Err(format!("version {at} is not told by its own text"));
        }
        let wrong = |what: &str| Err(format!("version {at}: {what}"));
        let whole: Vec<_> = tokens(&document.text).map(|token| (token.range, token.word)).collect();
        let told: Vec<_> = history.tokens.iter().map(|token| (token.range, token.word)).collect();
        if whole != told {
            return wrong("its tokens are not those of its text");
        }
        let mut end = 0;
        for (range, _) in &told {
            let between = &document.text[end..range.start as usize];
            if !between.trim().is_empty() {
                return wrong(&format!("`{between}` is in no token"));
            }
            end = range.end as usize;
        }
        let identities: BTreeSet<u32> = history.tokens.iter().map(|token| token.token).collect();
        if identities.len() != told.len() {
            return wrong("two words have one identity");
        }
        let words = history.tokens.iter().filter(|token| token.word).count() as u64;
        if history.versions.last().is_none_or(|version| version.words != words) {
            return wrong("the words that came and went do not add up to those that it has");
        }
        for token in &history.tokens {
            let word = document.text[token.range.as_usize()].to_lowercase();
            let origin = token.origin.checked_sub(1).and_then(|origin| folded.get(origin as usize));
            if token.origin > at || origin.is_none_or(|words| !words.contains(&word)) {
                return wrong(&format!("`{word}` does not stand in version {}, its origin", token.origin));
            }
        }
        Ok(words)
    }
}

fn words_of(document: Option<&Document>) -> BTreeSet<String> {
    let text = document.map_or("", |document| document.text.as_str());
    tokens(text).map(|token| text[token.range.as_usize()].to_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proved(texts: &[Option<&str>]) -> Result<u64, String> {
        let mut proof = Proof::default();
        for text in texts {
            let document = text.map(|text| {
                let mut document = Document { text: text.to_owned(), ..Document::default() };
                copydesk::segment::blocks(text, &mut document.blocks);
                document
            });
            proof.push(&mut Snapshot { document, ..Snapshot::default() });
        }
        proof.finish()
    }

    const FIRST: &str = "The harbour office keeps a book of every boat.\n\n\
                         The book is kept dry, and the clerk signs each page of it.\n\n\
                         No boat leaves at night.\n";

    #[test]
    fn editions_of_our_own_replay_and_keep_their_words() {
        let second = FIRST.replace("every boat", "every boat and its master");
        let third = second.replace("No boat leaves at night.\n", "");
        let fourth = format!("A word before.\n\n{third}\nNo boat leaves at night.\n");
        let turned = "No boat leaves at night.\n\nThe harbour office keeps a book of every boat.\n\n\
                      The clerk signs each page of it, and the book is kept dry. The book. The book.\n";
        let texts =
            [Some(FIRST), Some(&second), None, Some(&third), Some(&fourth), Some(turned), Some(FIRST)];
        assert_eq!(proved(&texts), Ok(27 + 30 + 25 + 33 + 31 + 27));
    }

    #[test]
    fn texts_that_only_white_space_or_marks_make_replay() {
        for texts in [
            ["", "\n\n", " a\n", "a"],
            ["a\r\n\r\nb\r\n", "a\n\nb\n", "b\r\n\r\na\r\n", "\u{feff}b"],
            ["…", "—\n\n—", "« »", "* * *\n"],
            ["雨が降る。\n", "雨が降った。雨が降る。\n", "雨。\n\n雪。\n", "e\u{301}\n"],
        ] {
            proved(&texts.map(Some)).unwrap_or_else(|why| panic!("{texts:?}: {why}"));
        }
    }
}
