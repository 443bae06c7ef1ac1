//! What the near rules need: gathered in the first pass, counted on the words in the second.

use super::CheckOptions;
use super::places::Seen;
use super::variants::Variants;
use crate::duplicates::near::{Gathered, SHINGLE_WORDS, shared};
use crate::duplicates::{Similarity, Threshold};
use crate::error::ReadError;
use crate::lint::RULES;
use crate::lint::fold::Telling;
use crate::read::input::Input;

/// Returns room to gather in, if a near rule is on.
pub(super) fn gathers(variants: &Variants) -> Option<Gathered> {
    let on = variants.any_rule(|rule| rule.tells().is_some_and(Telling::is_near));
    on.then(Gathered::default)
}

/// What has been gathered so far, as far as memory allows.
pub(super) struct Gathering {
    /// `None` where no near rule is on, or where it became too much.
    gathered: Option<Gathered>,
    limit: u64,
}

impl Gathering {
    pub(super) fn new(options: &CheckOptions, variants: &Variants) -> Self {
        Self { gathered: gathers(variants), limit: options.memory_limit }
    }

    /// Takes the batch of a worker, which gets an empty one, or none if there is no more to gather. When
    /// all that was gathered becomes too much, it is let go, and the error says so; `input` is what the
    /// batch was read from.
    pub(super) fn take(&mut self, batch: &mut Option<Gathered>, input: Option<&Input>) -> Option<ReadError> {
        let Some(gathered) = &mut self.gathered else {
            *batch = None;
            return None;
        };
        gathered.append(std::mem::take(batch.as_mut()?));
        if gathered.memory() <= self.limit {
            return None;
        }
        (self.gathered, *batch) = (None, None);
        let near = RULES.iter().filter(|rule| rule.tells().is_some_and(Telling::is_near));
        let names: Vec<&str> = near.map(|rule| rule.name()).collect();
        let message = format!(
            "from here on the near rules need more memory than --memory-limit {} allows, so they are left \
             out: raise the limit, check without them (--ignore {}), or take out what is the same first with \
             `copydesk dedupe`",
            size(self.limit),
            names.join(",")
        );
        Some(ReadError::new(&input?.path, message))
    }

    pub(super) fn finish(self) -> Option<Gathered> {
        self.gathered
    }
}

/// Returns how much two passages share, counted on their words; `None` where that is below the threshold:
/// two runs of words had one hash.
pub(super) fn similarity(first: &Seen, again: &Seen, threshold: Threshold) -> Option<Similarity> {
    let (first, again) = (first.near.as_ref()?, again.near.as_ref()?);
    let similarity = shared(&first.words, &again.words, SHINGLE_WORDS).similarity();
    similarity.at_least(threshold).then_some(similarity)
}

/// A number of bytes as the command line takes it.
fn size(bytes: u64) -> String {
    let units = [(30, "G"), (20, "M"), (10, "K")];
    let whole = |shift: u32| bytes > 0 && bytes.trailing_zeros() >= shift;
    match units.into_iter().find(|&(shift, _)| whole(shift)) {
        Some((shift, unit)) => format!("{}{unit}", bytes >> shift),
        None => bytes.to_string(),
    }
}
