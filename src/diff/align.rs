//! Which paragraph of the new text is which of the old one.
//!
//! Three passes. Paragraphs of one normal form that stand once on each side are links at once; those on
//! the heaviest run in order are anchors. In each gap between anchors a chain of the best resemblances
//! keeps the order, with splits and merges among its links. What is then left on both sides, anywhere,
//! is linked through an index of rare words: moved and edited.

use std::ops::Range;

use hashbrown::HashMap;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::budget::Budget;
use super::candidates::{Candidates, Pair};
use super::chain::{Link, heaviest};
use super::resemblance::{Bag, Vocabulary};
use super::split;
use super::units::Unit;
use crate::document::Document;
use crate::fingerprint::{Digest, Fingerprinter, Profile};

/// The least score of a link between neighbours in order. docs/performance.md, "alignment".
const ALIKE: f64 = 0.30;
/// The least score of a link between two that stand alone between the same neighbours.
const ALIKE_ALONE: f64 = 0.22;
/// The least score of a link across gaps: a move needs better evidence than a place in order gives.
const MOVED_ALIKE: f64 = 0.6;
/// The same for passages of fewer than [`MOVED_WORDS`] words: few words are alike by chance.
const MOVED_ALIKE_SHORT: f64 = 0.8;
/// The same where a script does not part its words: a changed character breaks two runs where it would change
/// one word, so it is the square.
const MOVED_ALIKE_UNPARTED: f64 = MOVED_ALIKE_SHORT * MOVED_ALIKE_SHORT;
/// From so many words on a passage is long enough to be known again when a third of it changed.
const MOVED_WORDS: u32 = 20;
/// The fewest words of a passage that can be found moved and edited.
const MOVED_LEAST: u32 = 4;
/// How much of the shorter of two passages must stand in the longer one for the whole of it to be there,
/// and how alike the two must still be; a shorter one of fewer words stands in many by chance.
const WITHIN: f64 = 0.95;
const WITHIN_ALIKE: f64 = 0.5;
const WITHIN_LEAST: u32 = 12;
/// Scale of scores as integer weights.
pub(super) const SCALE: f64 = 1_000_000.0;

/// One side of the alignment.
pub(super) struct Side<'a> {
    pub document: &'a Document,
    pub units: &'a [Unit],
}

/// A link: one paragraph to one, one to several, or several to one. Never empty on a side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    /// Indices of the new side's units.
    pub new: Range<usize>,
    /// Indices of the old side's units.
    pub old: Range<usize>,
    /// Whether both sides have one normal form.
    pub same: bool,
}

/// Two documents' units while they are linked.
struct Alignment<'a> {
    old: Side<'a>,
    new: Side<'a>,
    /// Each unit's normal form as a number, the same on both sides.
    old_keys: Vec<u32>,
    new_keys: Vec<u32>,
    /// Which units have a link already.
    old_taken: Vec<bool>,
    new_taken: Vec<bool>,
    edges: Vec<Edge>,
}

/// Returns the links between the units of `old` and `new`, sorted by the new side; no unit has two.
pub(super) fn align(old: Side<'_>, new: Side<'_>, budget: &mut Budget) -> Vec<Edge> {
    let mut bags = Bags::new(&old, &new);
    let (old_keys, new_keys, kinds) = keys(&old, &new, &mut bags);
    let (n, m) = (old.units.len(), new.units.len());
    let mut work = Alignment {
        old,
        new,
        old_keys,
        new_keys,
        old_taken: vec![false; n],
        new_taken: vec![false; m],
        edges: Vec::new(),
    };
    let gaps = work.anchor(kinds);
    bags.complete(&work);
    for (old, new) in gaps {
        work.fill(old, new, &bags, budget);
    }
    work.link_leftovers(&bags, budget);
    work.edges.sort_unstable_by_key(|edge| edge.new.start);
    work.edges
}

/// Numbers the units' texts so that equal numbers mean equal normal forms; returns how many there are,
/// too.
///
/// Only what stands on one side alone as it is gets its normal form made, and its bag with it: the rest
/// has its match.
fn keys<'a>(old: &Side<'a>, new: &Side<'a>, bags: &mut Bags) -> (Vec<u32>, Vec<u32>, usize) {
    let mut numbers: HashMap<&'a str, u32> = HashMap::with_capacity(old.units.len() * 2);
    let mut verbatim = |side: &Side<'a>| -> Vec<u32> {
        let numbered = side.units.iter().map(|unit| {
            let next = numbers.len() as u32;
            *numbers.entry(&side.document.text[unit.body.as_usize()]).or_insert(next)
        });
        numbered.collect()
    };
    let (mut old_keys, mut new_keys) = (verbatim(old), verbatim(new));
    let mut sides = vec![0_u8; numbers.len()];
    for (bit, keys) in [(1, &old_keys), (2, &new_keys)] {
        for &key in keys {
            sides[key as usize] |= bit;
        }
    }
    let mut count = numbers.len() as u32;
    let mut forms: HashMap<Digest, u32> = HashMap::new();
    let mut fingerprinter = Fingerprinter::new(Profile::Standard);
    let Bags { vocabulary, old: old_bags, new: new_bags } = bags;
    for (side, keys, bags) in [(old, &mut old_keys, old_bags), (new, &mut new_keys, new_bags)] {
        for ((unit, key), bag) in side.units.iter().zip(keys).zip(bags) {
            if sides[*key as usize] != 3 {
                let form = fingerprinter.normalize(&side.document.reading(unit.block));
                *bag = Some(vocabulary.bag(form));
                *key = *forms.entry(fingerprinter.digest_of_form()).or_insert_with(|| {
                    count += 1;
                    count - 1
                });
            }
        }
    }
    (old_keys, new_keys, count as usize)
}

/// The bags of the units that need one, made once.
struct Bags {
    vocabulary: Vocabulary,
    old: Vec<Option<Bag>>,
    new: Vec<Option<Bag>>,
}

impl Bags {
    fn new(old: &Side<'_>, new: &Side<'_>) -> Self {
        let none = |side: &Side<'_>| vec![None; side.units.len()];
        Self { vocabulary: Vocabulary::default(), old: none(old), new: none(new) }
    }

    /// Makes the bags of what has no link yet, and weighs all.
    fn complete(&mut self, work: &Alignment<'_>) {
        let mut fingerprinter = Fingerprinter::new(Profile::Standard);
        let sides =
            [(&work.old, &work.old_taken, &mut self.old), (&work.new, &work.new_taken, &mut self.new)];
        for (side, taken, bags) in sides {
            for ((unit, &taken), bag) in side.units.iter().zip(taken).zip(bags) {
                if taken {
                    *bag = None;
                } else if bag.is_none() {
                    let form = fingerprinter.normalize(&side.document.reading(unit.block));
                    *bag = Some(self.vocabulary.bag(form));
                }
            }
        }
        self.vocabulary.settle();
        for bag in self.old.iter_mut().chain(&mut self.new).flatten() {
            self.vocabulary.weigh(bag);
        }
    }
}

/// A stretch of consecutive unit indices on each side.
type Gap = (Range<usize>, Range<usize>);

impl Alignment<'_> {
    /// Links what stands once on each side; returns the gaps between those in order.
    fn anchor(&mut self, kinds: usize) -> Vec<Gap> {
        let (n, m) = (self.old_keys.len(), self.new_keys.len());
        // What is the same at both ends needs no uniqueness.
        let same = |i: &usize| self.old_keys[*i] == self.new_keys[*i];
        let head = (0..n.min(m)).take_while(same).count();
        let tail =
            (0..n.min(m) - head).take_while(|i| self.old_keys[n - 1 - i] == self.new_keys[m - 1 - i]).count();
        let mut seen: Vec<(u32, u32, u32)> = vec![(0, 0, 0); kinds];
        for (i, &key) in self.old_keys.iter().enumerate().take(n - tail).skip(head) {
            let entry = &mut seen[key as usize];
            *entry = (entry.0 + 1, entry.1, i as u32);
        }
        for &key in &self.new_keys[head..m - tail] {
            seen[key as usize].1 += 1;
        }
        let mut links = Vec::new();
        for (j, &key) in self.new_keys.iter().enumerate().take(m - tail).skip(head) {
            let (1, 1, i) = seen[key as usize] else { continue };
            let weight = u64::from(self.new.units[j].body.len());
            links.push(Link { old: i..i + 1, new: j as u32..j as u32 + 1, weight });
        }
        let chain = heaviest(&links);
        for i in 0..head {
            self.link(i..i + 1, i..i + 1);
        }
        for i in 0..tail {
            self.link(n - 1 - i..n - i, m - 1 - i..m - i);
        }
        for link in &links {
            self.link(
                link.old.start as usize..link.old.end as usize,
                link.new.start as usize..link.new.end as usize,
            );
        }
        let mut gaps = Vec::new();
        let (mut i, mut j) = (head, head);
        for link in chain.iter().map(|&c| &links[c]) {
            gaps.push((i..link.old.start as usize, j..link.new.start as usize));
            (i, j) = (link.old.end as usize, link.new.end as usize);
        }
        gaps.push((i..n - tail, j..m - tail));
        gaps.retain(|(old, new)| !old.is_empty() && !new.is_empty());
        gaps
    }

    fn link(&mut self, old: Range<usize>, new: Range<usize>) {
        self.old_taken[old.clone()].fill(true);
        self.new_taken[new.clone()].fill(true);
        let same = old.len() == 1 && new.len() == 1 && self.old_keys[old.start] == self.new_keys[new.start];
        self.edges.push(Edge { new, old, same });
    }

    /// Links what resembles each other within a gap, in order.
    fn fill(&mut self, old: Range<usize>, new: Range<usize>, bags: &Bags, budget: &mut Budget) {
        let olds: Vec<usize> = old.filter(|&i| !self.old_taken[i]).collect();
        let news: Vec<usize> = new.filter(|&j| !self.new_taken[j]).collect();
        if olds.is_empty() || news.is_empty() {
            return;
        }
        if Candidates::few(olds.len(), news.len()) {
            self.chain(&olds, &news, bags, budget);
            return;
        }
        // Many: what is the same stays, by a diff of the keys; the chain fills the gaps of that.
        let old_keys: Vec<u32> = olds.iter().map(|&i| self.old_keys[i]).collect();
        let new_keys: Vec<u32> = news.iter().map(|&j| self.new_keys[j]).collect();
        for op in capture_diff_slices(Algorithm::Patience, &old_keys, &new_keys) {
            match op {
                DiffOp::Equal { old_index, new_index, len } => {
                    for k in 0..len {
                        let (i, j) = (olds[old_index + k], news[new_index + k]);
                        self.link(i..i + 1, j..j + 1);
                    }
                }
                DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                    let (olds, news) = (&olds[old_index..][..old_len], &news[new_index..][..new_len]);
                    self.chain(olds, news, bags, budget);
                }
                DiffOp::Delete { .. } | DiffOp::Insert { .. } => {}
            }
        }
    }

    /// Links the heaviest chain of candidates among `olds` and `news`.
    fn chain(&mut self, olds: &[usize], news: &[usize], bags: &Bags, budget: &mut Budget) {
        let pairs = self.pairs(olds, news, bags, budget);
        let mut links: Vec<Link> = pairs
            .iter()
            .filter(|pair| pair.score >= ALIKE)
            .map(|pair| Link {
                old: pair.old..pair.old + 1,
                new: pair.new..pair.new + 1,
                weight: (pair.score * SCALE) as u64,
            })
            .collect();
        links.extend(split::links(&pairs, olds, news, &bags.vocabulary, &bags.old, &bags.new));
        let mut chosen: Vec<Link> = heaviest(&links).into_iter().map(|at| links[at].clone()).collect();
        chosen.extend(between(&chosen, olds.len(), news.len(), &pairs));
        for Link { old, new, .. } in chosen {
            let old = olds[old.start as usize]..olds[old.end as usize - 1] + 1;
            let new = news[new.start as usize]..news[new.end as usize - 1] + 1;
            self.link(old, new);
        }
    }

    /// The pairs of `olds` and `news` that may belong together; positions are those in the slices.
    fn pairs(&self, olds: &[usize], news: &[usize], bags: &Bags, budget: &mut Budget) -> Vec<Pair> {
        Candidates {
            vocabulary: &bags.vocabulary,
            old: olds.iter().map(|&i| (self.old_keys[i], bags.old[i].as_ref())).collect(),
            new: news.iter().map(|&j| (self.new_keys[j], bags.new[j].as_ref())).collect(),
        }
        .pairs(budget)
    }

    /// Links what is left on both sides, wherever it stands.
    fn link_leftovers(&mut self, bags: &Bags, budget: &mut Budget) {
        let olds: Vec<usize> = (0..self.old_taken.len()).filter(|&i| !self.old_taken[i]).collect();
        let news: Vec<usize> = (0..self.new_taken.len()).filter(|&j| !self.new_taken[j]).collect();
        if olds.is_empty() || news.is_empty() {
            return;
        }
        let pairs = self.pairs(&olds, &news, bags, budget);
        let mut links: Vec<Link> = pairs
            .iter()
            .filter(|pair| {
                let (old, new) = (&bags.old[olds[pair.old as usize]], &bags.new[news[pair.new as usize]]);
                let bags = old.as_ref().zip(new.as_ref());
                bags.is_some_and(|(old, new)| {
                    known_again(pair, old.length.min(new.length), old.unparted && new.unparted)
                })
            })
            .map(|pair| Link {
                old: pair.old..pair.old + 1,
                new: pair.new..pair.new + 1,
                weight: (pair.score * SCALE) as u64,
            })
            .collect();
        links.extend(split::links(&pairs, &olds, &news, &bags.vocabulary, &bags.old, &bags.new));
        // The best first; each paragraph once.
        links.sort_by(|a, b| {
            b.weight.cmp(&a.weight).then((a.new.start, a.old.start).cmp(&(b.new.start, b.old.start)))
        });
        for Link { old, new, .. } in links {
            let old = olds[old.start as usize]..olds[old.end as usize - 1] + 1;
            let new = news[new.start as usize]..news[new.end as usize - 1] + 1;
            if !self.old_taken[old.clone()].contains(&true) && !self.new_taken[new.clone()].contains(&true) {
                self.link(old, new);
            }
        }
    }
}

/// Whether `pair`, of which the shorter passage has `shorter` words, belongs together wherever it stands;
/// `unparted` if those are runs of characters.
fn known_again(pair: &Pair, shorter: u32, unparted: bool) -> bool {
    let needed = match (shorter < MOVED_WORDS, unparted) {
        (false, _) => MOVED_ALIKE,
        (true, false) => MOVED_ALIKE_SHORT,
        (true, true) => MOVED_ALIKE_UNPARTED,
    };
    // Cut short or drawn out on its way.
    let within = shorter >= WITHIN_LEAST
        && pair.alike.dice >= WITHIN_ALIKE
        && pair.alike.old_kept.max(pair.alike.new_known) >= WITHIN;
    shorter >= MOVED_LEAST && (pair.score >= needed || within)
}

/// Links between those `chosen` (in order): where one paragraph alone stands between the same
/// neighbours on both sides, its place speaks for it.
fn between(chosen: &[Link], old: usize, new: usize, pairs: &[Pair]) -> Vec<Link> {
    let ends = chosen.iter().map(|link| (link.old.end, link.new.end));
    let starts = chosen.iter().map(|link| (link.old.start, link.new.start));
    let from = std::iter::once((0, 0)).chain(ends);
    let to = starts.chain(std::iter::once((old as u32, new as u32)));
    let good = |i: u32, j: u32| {
        let at = pairs.partition_point(|pair| (pair.old, pair.new) < (i, j));
        let pair = pairs.get(at).filter(|pair| (pair.old, pair.new) == (i, j));
        pair.is_some_and(|pair| pair.score >= ALIKE_ALONE)
    };
    let single = from.zip(to).filter(|&(from, to)| to.0 == from.0 + 1 && to.1 == from.1 + 1);
    single
        .filter(|&((i, j), _)| good(i, j))
        .map(|((i, j), _)| Link { old: i..i + 1, new: j..j + 1, weight: 1 })
        .collect()
}
