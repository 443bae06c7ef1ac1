//! Which items are nearly an item, hold it, or stand in it, and which hold a paragraph nearly as one of its
//! own?
//!
//! Two steps. Postings of shingles say which items may ([`meet`]); every one that may is then compared word
//! by word with the text that is kept of it ([`Comparison`]), so what is told is a matter of words and not of
//! hashes. In an index without texts the hashes have to do for items as a whole, and paragraphs are not
//! compared.

use std::collections::BTreeMap;
use std::rc::Rc;

use hashbrown::HashSet;

use super::Index;
use super::answer::Asked;
use super::codec::{Posting, shingle_key};
use super::identity::Row;
use super::item::{Item, Itemizer};
use super::order::{Question, prefix};
use super::origin::Before;
use super::runs::Kind;
use super::sample::{SHORT, Shape, Whose, low, read_first};
use crate::duplicates::join::Counts;
use crate::duplicates::near::{SHINGLE_WORDS, shared};
use crate::duplicates::{Similarity, Threshold};
use crate::error::IndexError;

/// An item that is looked up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    pub item: &'a Item,
    /// Items of lower numbers count.
    pub number: u32,
    pub article: u32,
    /// Whether it is looked up as a whole.
    pub whole: bool,
    /// Which of its paragraphs are looked up.
    pub paragraphs: &'a [u32],
}

/// What may be like an item.
#[derive(Clone, Debug, Default)]
pub(super) struct Met {
    documents: BTreeMap<u32, May>,
    /// Paragraphs, and the items in which one like it may stand, ascending.
    paragraphs: Vec<(u32, Vec<u32>)>,
    /// Any item may hold it: postings do not tell.
    anywhere: bool,
}

/// What one item may be to another, and how many shingles they share at most.
#[derive(Clone, Copy, Debug, Default)]
struct May {
    most: u32,
    near: bool,
    hold: bool,
    stand_in: bool,
}

/// A set that is looked up, and what it met.
#[derive(Debug)]
struct Slot {
    /// The number of the item in the list that is looked up.
    wanted: usize,
    what: What,
    before: u32,
    hits: Vec<(u32, u32)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// Sampled shingles of a document.
    Document,
    /// Common ones of a document.
    Common,
    /// All shingles of a document, to meet what may stand in it.
    Inner,
    /// Sampled shingles of the paragraph of this number.
    Paragraph(u32),
    /// Sampled shingles of a short paragraph: they rule out most of what its first ones meet.
    Screen(u32),
    /// The first shingles of a document, or of a paragraph.
    First(Whose, u32),
}

/// Keys to look up in one kind of postings: the key, the slot, and the shingle's position in its set.
type Keys = Vec<(u64, u32, u32)>;

/// What is looked up at once.
struct Meeting<'a> {
    common: &'a HashSet<u64>,
    /// How alike sets must be, and how alike the index was made for.
    asked: Threshold,
    least: Threshold,
    slots: Vec<Slot>,
    keys: [Keys; Kind::ALL.len()],
}

impl Meeting<'_> {
    fn slot(&mut self, wanted: usize, what: What, before: u32) -> u32 {
        self.slots.push(Slot { wanted, what, before, hits: Vec::new() });
        self.slots.len() as u32 - 1
    }

    fn ask(&mut self, kind: Kind, slot: u32, keys: impl IntoIterator<Item = u64>) {
        let keys = (0..).zip(keys).map(|(position, key)| (shingle_key(key), slot, position));
        self.keys[kind as usize].extend(keys);
    }

    fn document(&mut self, wanted: usize, set: &[u64], before: u32) {
        let (shape, common) = (Shape::of(set, self.common), self.common);
        let slot = self.slot(wanted, What::Document, before);
        self.ask(Kind::Sampled, slot, low(set).iter().copied().filter(|key| !common.contains(key)));
        if shape.is_odd(self.least) {
            let slot = self.slot(wanted, What::First(Whose::Document, 0), before);
            self.ask(Kind::First, slot, prefix(set, common, self.least));
        }
        if shape.inside().is_some_and(|least| shape.may_hide(least)) {
            let slot = self.slot(wanted, What::Common, before);
            self.ask(Kind::Common, slot, low(set).iter().copied().filter(|key| common.contains(key)));
        }
        let slot = self.slot(wanted, What::Inner, before);
        self.ask(Kind::Inner, slot, set.iter().copied());
    }

    fn paragraph(&mut self, wanted: usize, number: u32, set: &[u64], before: u32) {
        let (shape, common) = (Shape::of(set, self.common), self.common);
        if shape.size > SHORT {
            let slot = self.slot(wanted, What::Paragraph(number), before);
            self.ask(Kind::Sampled, slot, low(set).iter().copied().filter(|key| !common.contains(key)));
        }
        // One shingle may be all of a text of two words, which no item holds as one of its own.
        if shape.size <= SHORT && shape.size > 1 && !shape.may_hide(self.asked.least(shape.size)) {
            let slot = self.slot(wanted, What::Screen(number), before);
            self.ask(Kind::Sampled, slot, low(set).iter().copied().filter(|key| !common.contains(key)));
        }
        if shape.size <= SHORT || shape.is_odd(self.least) {
            let slot = self.slot(wanted, What::First(Whose::Paragraph, number), before);
            self.ask(Kind::First, slot, prefix(set, common, self.least));
        }
    }

    /// Looks the keys of one kind up.
    fn probe(&mut self, index: &Index, kind: Kind, wanted: &[Wanted<'_>]) -> Result<(), IndexError> {
        let mut keys = std::mem::take(&mut self.keys[kind as usize]);
        keys.sort_unstable();
        let mut distinct: Vec<u64> = keys.iter().map(|&(key, ..)| key).collect();
        distinct.dedup();
        let (mut at, mut askers) = (usize::MAX, 0..0);
        let (slots, threshold) = (&mut self.slots, self.asked);
        let take = |number: usize, posting: Posting| {
            if at != number {
                let start = keys.partition_point(|&(key, ..)| key < posting.key);
                let count = keys[start..].iter().take_while(|&&(key, ..)| key == posting.key).count();
                (at, askers) = (number, start..start + count);
            }
            for &(_, slot, position) in &keys[askers.clone()] {
                let Some(slot) = slots.get_mut(slot as usize).filter(|slot| posting.item < slot.before)
                else {
                    continue;
                };
                let What::First(whose, number) = slot.what else {
                    slot.hits.push((posting.item, posting.extra));
                    continue;
                };
                let (theirs, place) = read_first(posting.extra);
                let item = wanted[slot.wanted].item;
                let size = match whose {
                    Whose::Document => item.shingles.len(),
                    Whose::Paragraph => item.sets.get(number as usize).map_or(0, |set| set.shingles.len()),
                };
                let question = Question { size: size as u32, threshold };
                if theirs == whose && question.may(position, place) {
                    slot.hits.push((posting.item, place));
                }
            }
        };
        index.runs.probe(&index.db, kind, &distinct, take).map_err(|trouble| index.faults.trouble(trouble))
    }
}

/// Returns what may be like each of `wanted`, in their order.
pub(super) fn meet(
    index: &Index,
    common: &HashSet<u64>,
    asked: Asked,
    wanted: &[Wanted<'_>],
) -> Result<Vec<Met>, IndexError> {
    let mut meeting = Meeting {
        common,
        asked: asked.threshold,
        least: index.terms.threshold,
        slots: Vec::new(),
        keys: Default::default(),
    };
    for (number, one) in wanted.iter().enumerate() {
        if one.whole && !one.item.shingles.is_empty() {
            meeting.document(number, &one.item.shingles, one.number);
        }
        for &paragraph in one.paragraphs {
            if let Some(set) = one.item.sets.get(paragraph as usize).filter(|set| !set.shingles.is_empty()) {
                meeting.paragraph(number, paragraph, &set.shingles, one.number);
            }
        }
    }
    for kind in Kind::ALL.into_iter().filter(|kind| kind.is_of_shingles()) {
        meeting.probe(index, kind, wanted)?;
    }
    let mut out = vec![Met::default(); wanted.len()];
    // Slots of one item stand together, that of the sampled shingles first.
    let slots = std::mem::take(&mut meeting.slots);
    for slots in slots.chunk_by(|a, b| a.wanted == b.wanted) {
        let Some(number) = slots.first().map(|slot| slot.wanted) else { continue };
        let weighing = Weighing {
            shape: Shape::of(&wanted[number].item.shingles, common),
            set: &wanted[number].item.shingles,
            threshold: asked.threshold,
        };
        for slot in slots {
            let met = &mut out[number];
            match slot.what {
                What::Document => weighing.sampled(tally(&slot.hits), met),
                What::Common => {
                    let document = slots.iter().find(|slot| slot.what == What::Document);
                    weighing.common(&slot.hits, document.map_or(&[], |slot| &slot.hits), met);
                }
                What::Inner => weighing.inner(&slot.hits, met),
                What::First(Whose::Document, _) => {
                    for &(item, place) in &slot.hits {
                        met.may(
                            item,
                            May { most: weighing.shape.size.min(place >> 8), near: true, ..May::default() },
                        );
                    }
                }
                What::Paragraph(paragraph) => {
                    let set = wanted[number].item.sets.get(paragraph as usize);
                    let shape = Shape::of(set.map_or(&[], |set| &set.shingles), common);
                    let least = asked.threshold.least(shape.size);
                    let enough = |shared: u32| shape.at_most(shared) >= least;
                    let items = tally(&slot.hits).filter(|&(.., shared)| enough(shared));
                    met.paragraph(paragraph, items.map(|(item, ..)| item).collect());
                }
                What::Screen(_) => {}
                What::First(Whose::Paragraph, paragraph) => {
                    let mut items: Vec<u32> = slot.hits.iter().map(|&(item, _)| item).collect();
                    if let Some(screen) = slots.iter().find(|slot| slot.what == What::Screen(paragraph)) {
                        let set = wanted[number].item.sets.get(paragraph as usize);
                        let shape = Shape::of(set.map_or(&[], |set| &set.shingles), common);
                        let least = asked.threshold.least(shape.size);
                        let enough =
                            tally(&screen.hits).filter(|&(.., shared)| shape.at_most(shared) >= least);
                        let pass: Vec<u32> = enough.map(|(item, ..)| item).collect();
                        items.retain(|item| pass.binary_search(item).is_ok());
                    }
                    met.paragraph(paragraph, items);
                }
            }
        }
    }
    Ok(out)
}

/// Counts how often each item was hit.
fn tally(hits: &[(u32, u32)]) -> impl Iterator<Item = (u32, u32, u32)> {
    let mut sorted = hits.to_vec();
    sorted.sort_unstable();
    let mut out: Vec<(u32, u32, u32)> = Vec::new();
    for (item, extra) in sorted {
        match out.last_mut() {
            Some((last, _, count)) if *last == item => *count += 1,
            _ => out.push((item, extra, 1)),
        }
    }
    out.into_iter()
}

/// What the postings that were met say of a document.
struct Weighing<'a> {
    shape: Shape,
    set: &'a [u64],
    threshold: Threshold,
}

impl Weighing<'_> {
    fn sampled(&self, hits: impl Iterator<Item = (u32, u32, u32)>, met: &mut Met) {
        for (item, packed, shared) in hits {
            let Some(theirs) = Shape::unpacked(packed) else {
                let most = self.shape.size;
                met.may(item, May { most, near: true, hold: true, stand_in: true });
                continue;
            };
            let most = self.shape.at_most(shared).min(theirs.at_most(shared));
            let most = most.min(self.shape.size).min(theirs.size);
            let question = Question { size: self.shape.size, threshold: self.threshold };
            let reaches = |least: Option<u32>| least.is_some_and(|least| most >= least);
            // Where too few are sampled the common ones decide.
            let counts = |shape: Shape| shape.inside().is_some_and(|least| !shape.may_hide(least));
            let may = May {
                most,
                near: most >= question.least(theirs.size),
                hold: theirs.size >= self.shape.size && counts(self.shape) && reaches(self.shape.inside()),
                stand_in: theirs.size < self.shape.size && reaches(theirs.inside()),
            };
            if may.near || may.hold || may.stand_in {
                met.may(item, may);
            }
        }
    }

    /// What may hold a document of which too few shingles are sampled.
    fn common(&self, common: &[(u32, u32)], sampled: &[(u32, u32)], met: &mut Met) {
        let Some(least) = self.shape.inside() else { return };
        let known = low(self.set).len() as u32;
        if known <= self.shape.size - least {
            met.anywhere = true;
            return;
        }
        let both: Vec<(u32, u32)> = common.iter().chain(sampled).map(|&(item, _)| (item, 0)).collect();
        for (item, _, shared) in tally(&both) {
            let most = shared + self.shape.size - known;
            if most >= least {
                met.may(item, May { most, hold: true, ..May::default() });
            }
        }
    }

    fn inner(&self, hits: &[(u32, u32)], met: &mut Met) {
        for &(item, packed) in hits {
            let size = Shape::unpacked(packed).map_or(0, |theirs| theirs.size);
            if size < self.shape.size {
                met.may(item, May { most: self.shape.size, stand_in: true, ..May::default() });
            }
        }
    }
}

impl Met {
    fn may(&mut self, item: u32, may: May) {
        let met = self.documents.entry(item).or_default();
        met.most = met.most.max(may.most);
        met.near |= may.near;
        met.hold |= may.hold;
        met.stand_in |= may.stand_in;
    }

    fn paragraph(&mut self, number: u32, mut items: Vec<u32>) {
        if let Some((_, met)) = self.paragraphs.iter_mut().find(|(paragraph, _)| *paragraph == number) {
            items.append(met);
            items.sort_unstable();
            items.dedup();
            *met = items;
        } else {
            items.sort_unstable();
            items.dedup();
            self.paragraphs.push((number, items));
        }
    }
}

/// What an item is to the one that is looked up, and how much they share: its runs on the left.
#[derive(Clone, Debug)]
pub(super) enum Kin {
    /// It is nearly the same.
    Near(Row, Counts),
    /// It holds the other almost whole.
    Holds(Row, Counts),
    /// These stand almost whole in the other.
    Held(Vec<(Row, Counts)>),
}

/// A paragraph that is nearly one of an older item.
#[derive(Clone, Debug)]
pub(super) struct NearlyThere {
    pub paragraph: u32,
    pub row: Row,
    pub counts: Counts,
}

/// An older item with its text.
#[derive(Debug)]
struct Other {
    row: Row,
    item: Item,
    text: String,
}

/// Compares one item with others, word by word.
pub(super) struct Comparison<'a> {
    index: &'a Index,
    before: Option<Before>,
    wanted: Wanted<'a>,
    threshold: Threshold,
    text: String,
    others: BTreeMap<u32, Option<Rc<Other>>>,
    counted: BTreeMap<u32, Counts>,
}

/// Gives items of the batch that is being taken in.
pub(super) trait Here<'a> {
    /// Returns the item of `number`, if it is one of the batch.
    fn item(&self, number: u32) -> Option<&'a Item>;
}

impl<'a> Comparison<'a> {
    pub fn new(index: &'a Index, wanted: Wanted<'a>, threshold: Threshold, before: Option<Before>) -> Self {
        let text = if index.terms.texts { wanted.item.counted_text() } else { String::new() };
        Self { index, before, wanted, threshold, text, others: BTreeMap::new(), counted: BTreeMap::new() }
    }

    /// The last version of another item, as it was before this one; `None` if `number` is not that.
    fn other(
        &mut self,
        number: u32,
        here: &dyn Here<'a>,
        itemizer: &mut Itemizer,
    ) -> Result<Option<Rc<Other>>, IndexError> {
        if let Some(known) = self.others.get(&number) {
            return Ok(known.clone());
        }
        let row = self
            .index
            .row(number)?
            .filter(|row| row.article != self.wanted.article && Index::is_last_for(row, self.wanted.number))
            .filter(|row| self.index.compares(&row.path, &self.wanted.item.path));
        let other = match row {
            None => None,
            Some(row) => {
                let item = match here.item(number) {
                    Some(item) => item.clone(),
                    None => self.index.item_again(&row, itemizer)?,
                };
                let text = if self.index.terms.texts { item.counted_text() } else { String::new() };
                Some(Rc::new(Other { row, item, text }))
            }
        };
        let is_copy = |other: &Other| {
            self.before
                .as_ref()
                .is_some_and(|own| own.is_origin_of(other.row.number, &other.item, self.threshold))
        };
        let other = other.filter(|other| !is_copy(other));
        self.others.insert(number, other.clone());
        Ok(other)
    }

    /// How much the item shares with another as a whole.
    fn count(&mut self, other: &Other) -> Counts {
        let compare = || match self.index.terms.texts {
            true => shared(&self.text, &other.text, SHINGLE_WORDS),
            false => by_hash(&self.wanted.item.shingles, &other.item.shingles),
        };
        *self.counted.entry(other.row.number).or_insert_with(compare)
    }

    /// Returns what the item is to those it met, the most telling: nearly the same as one, in another, or
    /// the place of others. Of several the one that shares most, of these the first.
    pub fn kin(
        &mut self,
        met: &Met,
        here: &dyn Here<'a>,
        itemizer: &mut Itemizer,
    ) -> Result<Option<Kin>, IndexError> {
        let size = self.wanted.item.shingles.len() as u32;
        // The most promising first, so that most others need not be read.
        let may = |which: fn(&May) -> bool| {
            let mut out: Vec<(u32, u32)> = met
                .documents
                .iter()
                .filter(|(_, may)| which(may))
                .map(|(&item, may)| (may.most, item))
                .collect();
            out.sort_unstable_by_key(|&(most, item)| (std::cmp::Reverse(most), item));
            out
        };
        let mut best: Option<(Row, Counts)> = None;
        for (most, number) in may(|may| may.near) {
            if best.as_ref().is_some_and(|(_, counts)| !could_beat(most, size, counts.similarity())) {
                continue;
            }
            let Some(other) = self.other(number, here, itemizer)? else { continue };
            let counts = self.count(&other);
            let better = |(row, best): &(Row, Counts)| {
                let order = compare(best.similarity(), counts.similarity());
                order.is_lt() || order.is_eq() && number < row.number
            };
            if counts.similarity().at_least(self.threshold) && best.as_ref().is_none_or(better) {
                best = Some((other.row.clone(), counts));
            }
        }
        if let Some((row, counts)) = best {
            return Ok(Some(Kin::Near(row, counts)));
        }
        let mut holding = may(|may| may.hold);
        if met.anywhere {
            holding =
                self.index.live(self.wanted.number)?.into_iter().map(|number| (u32::MAX, number)).collect();
        }
        let mut best: Option<(Row, Counts)> = None;
        for (most, number) in holding {
            if best.as_ref().is_some_and(|(_, counts)| most < counts.overlap) {
                continue;
            }
            let Some(other) = self.other(number, here, itemizer)? else { continue };
            let counts = self.count(&other);
            let better = |(row, best): &(Row, Counts)| {
                counts.overlap > best.overlap || counts.overlap == best.overlap && number < row.number
            };
            if stands_in(counts) && best.as_ref().is_none_or(better) {
                best = Some((other.row.clone(), counts));
            }
        }
        if let Some((row, counts)) = best {
            return Ok(Some(Kin::Holds(row, counts)));
        }
        let mut held = Vec::new();
        for (_, number) in may(|may| may.stand_in) {
            let Some(other) = self.other(number, here, itemizer)? else { continue };
            let counts = self.count(&other);
            if holds(counts) {
                held.push((other.row.clone(), counts));
            }
        }
        held.sort_unstable_by_key(|(row, _)| row.number);
        Ok((!held.is_empty()).then_some(Kin::Held(held)))
    }

    /// Returns the paragraphs that are nearly one of an older item, with the first such item; items that are
    /// kin to this one as a whole are passed over.
    pub fn paragraphs(
        &mut self,
        met: &Met,
        here: &dyn Here<'a>,
        itemizer: &mut Itemizer,
    ) -> Result<Vec<NearlyThere>, IndexError> {
        let mut out = Vec::new();
        for (paragraph, items) in &met.paragraphs {
            let text = self.wanted.item.paragraph(*paragraph as usize);
            for &number in items {
                let Some(other) = self.other(number, here, itemizer)? else { continue };
                let like = |at: usize| shared(text, other.item.paragraph(at), SHINGLE_WORDS);
                let found = (0..other.item.sets.len())
                    .map(|at| (at, like(at)))
                    .find(|(_, counts)| counts.similarity().at_least(self.threshold));
                let Some((at, counts)) = found else { continue };
                let theirs = other.item.paragraph(at);
                if self
                    .before
                    .as_ref()
                    .is_some_and(|own| own.is_origin_of_paragraph(number, theirs, self.threshold))
                {
                    continue;
                }
                let all = self.count(&other);
                if all.similarity().at_least(self.threshold) || stands_in(all) || holds(all) {
                    continue;
                }
                out.push(NearlyThere { paragraph: *paragraph, row: other.row.clone(), counts });
                break;
            }
        }
        out.sort_unstable_by_key(|near| near.paragraph);
        Ok(out)
    }
}

/// Whether the left one of two sets stands almost whole in the right one, which is no smaller.
pub(super) fn stands_in(counts: Counts) -> bool {
    let left = Shape { size: counts.left, sampled: 0 };
    counts.left <= counts.right && left.inside().is_some_and(|least| counts.overlap >= least)
}

/// Whether the right one stands almost whole in the left one, which is larger.
pub(super) fn holds(counts: Counts) -> bool {
    let right = Shape { size: counts.right, sampled: 0 };
    counts.right < counts.left && right.inside().is_some_and(|least| counts.overlap >= least)
}

/// How many elements two sorted sets share, and how many each has.
pub(super) fn by_hash(left: &[u64], right: &[u64]) -> Counts {
    let (mut at, mut overlap) = (0, 0);
    for element in left {
        while right.get(at).is_some_and(|other| other < element) {
            at += 1;
        }
        overlap += u32::from(right.get(at) == Some(element));
    }
    Counts { overlap, left: left.len() as u32, right: right.len() as u32 }
}

/// Compares two similarities by cross-multiplying.
fn compare(a: Similarity, b: Similarity) -> std::cmp::Ordering {
    (u64::from(a.overlap) * u64::from(b.union)).cmp(&(u64::from(b.overlap) * u64::from(a.union)))
}

/// Whether a set that shares at most `most` of `size` elements can be as like as `best`.
fn could_beat(most: u32, size: u32, best: Similarity) -> bool {
    // The union is no smaller than `size`.
    compare(Similarity { overlap: most.min(size), union: size }, best).is_ge()
}
