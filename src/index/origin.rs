//! Of two items that share text, which had it first?
//!
//! A story is published, another source copies it, then the first one mends a figure: the new version is not
//! the copy. What stood in an earlier version of an item, before the other one came, is its own.

use hashbrown::{HashMap, HashSet};

use super::answer::Holders;
use super::identity::{Identified, key};
use super::item::Item;
use super::near::{by_hash, holds, stands_in};
use crate::duplicates::Threshold;
use crate::duplicates::near::{SHINGLE_WORDS, shared};

/// What others took from earlier versions of an item.
#[derive(Clone, Debug, Default)]
pub(super) struct Copied {
    /// Items of which at least half of what they share with it stood in a version of it before.
    pub items: HashSet<u32>,
    /// Its paragraphs that others hold, and that stood in a version of it before.
    pub paragraphs: HashSet<u32>,
}

impl Copied {
    /// Returns what others took from versions before `item`; `versions` are the articles of later ones.
    pub fn of(item: &Item, to: &Identified, holders: &Holders, versions: &HashMap<u32, u32>) -> Self {
        let article = |number: u32| versions.get(&number).copied().unwrap_or(number);
        let (mut copied, mut seen) = (Self::default(), HashSet::new());
        let mut counts: HashMap<u32, (u32, u32)> = HashMap::new();
        for (number, (digest, _)) in (0..).zip(&item.paragraphs) {
            let list = holders.get(&key(digest)).filter(|_| seen.insert(*digest));
            let mut own = false;
            for &holder in list.into_iter().flatten().take_while(|&&holder| holder < to.number) {
                if article(holder) == to.article {
                    own = true;
                    continue;
                }
                let (all, ours) = counts.entry(holder).or_default();
                *all += 1;
                *ours += u32::from(own);
                if own {
                    copied.paragraphs.insert(number);
                }
            }
        }
        let copies = counts.into_iter().filter(|&(_, (all, ours))| ours * 2 >= all && ours > 0);
        copied.items = copies.map(|(holder, _)| holder).collect();
        copied
    }
}

/// The version before of an item that is compared.
#[derive(Debug)]
pub(super) struct Before {
    pub number: u32,
    pub item: Item,
    /// Items known to have taken what they share from an earlier version.
    pub copies: HashSet<u32>,
}

impl Before {
    /// Whether item `number`, which came later, was made from this version: then that one is the copy.
    pub fn is_origin_of(&self, number: u32, other: &Item, threshold: Threshold) -> bool {
        let kin = || {
            let counts = by_hash(&self.item.shingles, &other.shingles);
            counts.overlap > 0 && counts.similarity().at_least(threshold)
                || stands_in(counts)
                || holds(counts)
        };
        self.copies.contains(&number) || self.number < number && kin()
    }

    /// Whether a paragraph of item `number`, which came later, was made from one of this version.
    pub fn is_origin_of_paragraph(&self, number: u32, text: &str, threshold: Threshold) -> bool {
        let like = |at| shared(self.item.paragraph(at), text, SHINGLE_WORDS).similarity().at_least(threshold);
        self.number < number && (0..self.item.sets.len()).any(like)
    }
}
