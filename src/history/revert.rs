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

    /// A version that came after two: the second took out 10 words and brought 10, the third brought 40.
    fn partial(added: u64, removed: u64, undone: &[(u32, u64, u64)]) -> Option<Revert> {
        let did = |number, added, removed| Version { number, added, removed, ..Version::default() };
        let before = [did(1, 100, 0), did(2, 10, 10), did(3, 40, 0)];
        let undone = undone.iter().map(|&(number, restored, removed)| (number, Undone { restored, removed }));
        revert(&did(4, added, removed), &undone.collect(), &before)
    }

    #[test]
    fn most_of_an_earlier_version_undone_and_little_else_is_a_partial_revert() {
        let whole = partial(10, 10, &[(2, 10, 10)]).unwrap();
        assert_eq!((whole.to, whole.undoes, whole.restored, whole.removed), (None, vec![2], 10, 10));
        // Half of it will do, and a quarter of other things beside.
        assert!(partial(6, 7, &[(2, 5, 5)]).is_some());
        assert_eq!(partial(10, 45, &[(2, 10, 10), (3, 0, 35)]).unwrap().undoes, [2, 3]);
    }

    #[test]
    fn less_than_half_or_much_else_is_none() {
        assert_eq!(partial(5, 4, &[(2, 5, 4)]), None, "less than half of what it did");
        assert_eq!(partial(10, 20, &[(2, 10, 10)]), None, "a third is something else");
        assert_eq!(partial(0, 90, &[(1, 0, 90)]), None, "the first version is the text itself");
        assert_eq!(partial(0, 0, &[]), None);
    }
}
