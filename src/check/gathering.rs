//! What the near rules and `copied-passage` need: gathered in the first pass, as far as memory allows.
//!
//! How much it will be in the end is projected from the first documents and the sizes of the inputs, so
//! that what will not fit is left out long before memory is full.

use super::CheckOptions;
use super::variants::Variants;
use crate::duplicates::{near, passage};
use crate::error::ReadError;
use crate::lint::suppress::Leave;
use crate::lint::{RULES, Telling};
use crate::read::input::Input;
use crate::read::volume::{Volume, as_flag};

/// The shingles and words of some documents; nothing where no rule asks for them.
#[derive(Debug, Default)]
pub(super) struct Kept {
    near: Option<near::Gathered>,
    passages: Option<passage::gathered::Gathered>,
}

impl Kept {
    pub(super) fn new(variants: &Variants) -> Self {
        let on = |asks: fn(Telling) -> bool| variants.any_rule(|rule| rule.tells().is_some_and(asks));
        Self {
            near: on(Telling::is_near).then(near::Gathered::default),
            passages: on(|telling| telling == Telling::CopiedPassage).then(Default::default),
        }
    }

    /// Whether anything is gathered.
    const fn is_on(&self) -> bool {
        self.near.is_some() || self.passages.is_some()
    }

    /// Takes a block of a kind that counts; `repeats` if it has words enough to be told as a repeat. It
    /// stays out of what it `leaves`.
    pub(super) fn block(&mut self, text: &str, start: u32, repeats: bool, leaves: Leave) {
        if let Some(near) = self.near.as_mut().filter(|_| repeats) {
            near.paragraph(text, start, !leaves.any(Leave::ACROSS));
        }
        match &mut self.passages {
            Some(passages) if leaves.any(Leave::RUNS) => passages.interrupt(),
            Some(passages) => passages.block(text, start),
            None => {}
        }
    }

    /// Takes word of a block of a kind that does not count.
    pub(super) fn interrupt(&mut self) {
        if let Some(passages) = &mut self.passages {
            passages.interrupt();
        }
    }

    /// Ends the document.
    pub(super) fn document(&mut self) {
        if let Some(near) = &mut self.near {
            near.document();
        }
        if let Some(passages) = &mut self.passages {
            passages.document();
        }
    }

    fn memory(&self) -> u64 {
        let near = self.near.as_ref().map_or(0, near::Gathered::memory);
        near + self.passages.as_ref().map_or(0, passage::gathered::Gathered::memory)
    }

    /// Adds what `batch` holds, which is empty then.
    fn append(&mut self, batch: &mut Self) {
        if let (Some(near), Some(batch)) = (&mut self.near, &mut batch.near) {
            near.append(std::mem::take(batch));
        }
        if let (Some(passages), Some(batch)) = (&mut self.passages, &mut batch.passages) {
            passages.append(std::mem::take(batch));
        }
    }

    /// Returns what was gathered for the near rules, and for passages.
    pub(super) fn into_parts(self) -> (Option<near::Gathered>, Option<passage::gathered::Gathered>) {
        (self.near, self.passages)
    }
}

/// What has been gathered so far, as far as memory allows.
pub(super) struct Gathering {
    kept: Kept,
    limit: u64,
    volume: Volume,
    /// The rules that would be left out, for the message.
    rules: Vec<&'static str>,
}

impl Gathering {
    pub(super) fn new(options: &CheckOptions, variants: &Variants, volume: Volume) -> Self {
        let keeps = |telling: Telling| telling.is_near() || telling == Telling::CopiedPassage;
        let on = |name| variants.any_rule(|rule| rule.name() == name);
        let rules = RULES.iter().filter(|rule| rule.tells().is_some_and(keeps) && on(rule.name()));
        let rules = rules.map(|rule| rule.name()).collect();
        Self { kept: Kept::new(variants), limit: options.memory_limit, volume, rules }
    }

    /// Takes the batch of a worker, made from `bytes` of `input`; the worker gets an empty one, or one that
    /// gathers nothing if there is no more to gather. When all of it is, or will be, too much, what was
    /// gathered is let go, and the error says so.
    pub(super) fn take(&mut self, batch: &mut Kept, bytes: u64, input: Option<&Input>) -> Option<ReadError> {
        self.volume.advance(bytes);
        if !self.kept.is_on() {
            *batch = Kept::default();
            return None;
        }
        self.kept.append(batch);
        let so_far = self.kept.memory();
        let in_the_end = self.volume.project(so_far).unwrap_or(so_far);
        if so_far <= self.limit && in_the_end <= roughly_above(self.limit) {
            return None;
        }
        (self.kept, *batch) = (Kept::default(), Kept::default());
        Some(ReadError::new(&input?.path, too_much(&self.rules, in_the_end.max(so_far), self.limit)))
    }

    pub(super) fn finish(self) -> Kept {
        self.kept
    }
}

/// What a projection must be above before anything is given up for it: one that is a tenth too high must
/// not leave out what fits.
const fn roughly_above(limit: u64) -> u64 {
    limit.saturating_add(limit / 10)
}

fn too_much(rules: &[&str], needed: u64, limit: u64) -> String {
    let (names, them) = match rules {
        [one] => (*one, "is"),
        _ => ("the near rules", "are"),
    };
    format!(
        "--memory-limit {}: {names} would need about {} for all that is to be read, and {them} left out from here on: \
         raise the limit, check without them (--ignore {}), or take out what is the same first with `copydesk \
         dedupe`",
        as_flag(limit),
        as_flag(needed),
        rules.join(",")
    )
}
