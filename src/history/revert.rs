//! Which versions undid what others had done?

use std::collections::BTreeMap;

use super::version::{Flap, Revert, Version};

/// What a version took back of an earlier one, in words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Undone {
    /// Words that the earlier version had removed, and that stand again.
    pub restored: u64,
    /// Words that the earlier version had brought, and that stand no longer.
    pub removed: u64,
}

impl Undone {
    const fn words(self) -> u64 {
        self.restored + self.removed
    }
}

/// Returns the revert that `version` is, if it is one: the stored text of an earlier version again, or at
/// least half of what some earlier versions did undone, and hardly anything else done.
pub(super) fn revert(
    version: &Version,
    undone: &BTreeMap<u32, Undone>,
    before: &[Version],
) -> Option<Revert> {
    let sum = |chosen: &[u32]| {
        chosen.iter().filter_map(|number| undone.get(number)).fold((0, 0), |(restored, removed), undone| {
            (restored + undone.restored, removed + undone.removed)
        })
    };
    if let Some(to) = version.reverts_to {
        let undoes: Vec<u32> = before
            .iter()
            .skip(to as usize)
            .filter(|between| between.digest.is_some())
            .map(|between| between.number)
            .collect();
        let (restored, removed) = (version.restored, version.removed);
        return Some(Revert { version: version.number, to: Some(to), undoes, restored, removed });
    }
    let half_of = |number: u32, undone: &Undone| {
        // What the first version brought is the text itself.
        let did = number.checked_sub(1).and_then(|at| before.get(at as usize)).filter(|_| number > 1);
        did.is_some_and(|did| undone.words() * 2 >= did.added + did.removed)
    };
    let chosen: Vec<u32> = undone
        .iter()
        .filter(|&(&number, undone)| half_of(number, undone))
        .map(|(&number, _)| number)
        .collect();
    let (restored, removed) = sum(&chosen);
    let all = version.added + version.removed;
    (restored + removed > 0 && (restored + removed) * 4 >= all * 3).then_some(Revert {
        version: version.number,
        to: None,
        undoes: chosen,
        restored,
        removed,
    })
}

/// A run of versions that bring nothing new is folded from so many on.
const LEAST_FLAP: usize = 3;

/// Returns the runs of versions that only bring back what had stood before.
pub(super) fn flaps(versions: &[Version]) -> Vec<Flap> {
    let mut firsts: BTreeMap<[u8; 32], u32> = BTreeMap::new();
    let mut out = Vec::new();
    let mut run: Vec<&Version> = Vec::new();
    let mut close = |run: &mut Vec<&Version>, firsts: &BTreeMap<[u8; 32], u32>| {
        // What only stays the same ends no flapping, and does not go on with it.
        while run.last().is_some_and(|version| version.reverts_to.is_none()) {
            run.pop();
        }
        if run.iter().filter(|version| version.reverts_to.is_some()).count() >= LEAST_FLAP {
            let first_of =
                |version: &&Version| version.digest.and_then(|digest| firsts.get(&digest).copied());
            let mut texts: Vec<u32> = run.iter().filter_map(first_of).collect();
            texts.sort_unstable();
            texts.dedup();
            let number = |version: Option<&&Version>| version.map_or(0, |version| version.number);
            out.push(Flap { first: number(run.first()), last: number(run.last()), texts });
        }
        run.clear();
    };
    for version in versions {
        let goes_on = version.reverts_to.is_some() || version.unchanged && !run.is_empty();
        if !goes_on {
            close(&mut run, &firsts);
        } else {
            run.push(version);
        }
        if let Some(digest) = version.digest {
            firsts.entry(digest).or_insert(version.number);
        }
    }
    close(&mut run, &firsts);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(texts: &str) -> Vec<Version> {
        let mut out: Vec<Version> = Vec::new();
        for (at, text) in texts.bytes().enumerate() {
            let digest = Some([text; 32]);
            let unchanged = out.last().is_some_and(|last| last.digest == digest);
            let same = out.iter().rev().find(|other| other.digest == digest).map(|other| other.number);
            out.push(Version {
                number: at as u32 + 1,
                digest,
                unchanged,
                reverts_to: same.filter(|_| !unchanged),
                ..Version::default()
            });
        }
        out
    }

    fn told(texts: &str) -> Vec<(u32, u32, Vec<u32>)> {
        flaps(&versions(texts)).into_iter().map(|flap| (flap.first, flap.last, flap.texts)).collect()
    }

    #[test]
    fn flapping_is_told_once() {
        assert_eq!(told("abababcb"), [(3, 6, vec![1, 2])]);
        assert_eq!(told("abcabca"), [(4, 7, vec![1, 2, 3])]);
        assert_eq!(told("abbaabba"), [(4, 8, vec![1, 2])]);
        assert_eq!(told("abacadae"), []);
    }
}
