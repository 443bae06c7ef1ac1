//! Properties of `duplicates::join` against brute force.

use std::collections::BTreeSet;

use copydesk::duplicates::Threshold;
use copydesk::duplicates::join::{Contained, Counts, Pair, SetJoin, Sets};
use proptest::prelude::*;

/// Spreads small numbers over 64 bits, as hashes are.
fn spread(element: u16) -> u64 {
    (u64::from(element) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn sets_of(lists: &[Vec<u16>]) -> Sets {
    let mut sets = Sets::new();
    for list in lists {
        sets.push(|out| out.extend(list.iter().map(|&e| spread(e))));
    }
    sets
}

fn counts(a: &BTreeSet<u16>, b: &BTreeSet<u16>) -> Counts {
    let overlap = a.intersection(b).count() as u32;
    Counts { overlap, left: a.len() as u32, right: b.len() as u32 }
}

fn join(lists: &[Vec<u16>], threshold: Threshold) -> Vec<Pair> {
    SetJoin::new(sets_of(lists), None).pairs(threshold)
}

fn brute_force(lists: &[Vec<u16>], threshold: Threshold) -> Vec<Pair> {
    let sets: Vec<BTreeSet<u16>> = lists.iter().map(|list| list.iter().copied().collect()).collect();
    let mut pairs = Vec::new();
    for (left, a) in sets.iter().enumerate() {
        for (right, b) in sets.iter().enumerate().skip(left + 1) {
            let counts = counts(a, b);
            if counts.overlap > 0 && counts.similarity().at_least(threshold) {
                pairs.push(Pair { left: left as u32, right: right as u32, counts });
            }
        }
    }
    pairs
}

/// Lists over a small alphabet, many of them edited copies of others, some empty.
fn lists() -> impl Strategy<Value = Vec<Vec<u16>>> {
    let fresh = prop::collection::vec(0u16..60, 0..25);
    let edit = (
        any::<prop::sample::Index>(),
        prop::collection::vec((any::<prop::sample::Index>(), 0u16..200), 0..4),
    );
    (prop::collection::vec(fresh, 1..20), prop::collection::vec(edit, 0..30)).prop_map(
        |(mut lists, edits)| {
            for (which, changes) in edits {
                let mut copy = which.get(&lists).clone();
                for (place, element) in changes {
                    if copy.is_empty() || element % 3 == 0 {
                        copy.push(element);
                    } else {
                        let at = place.index(copy.len());
                        copy[at] = element;
                    }
                }
                lists.push(copy);
            }
            lists
        },
    )
}

fn thresholds() -> impl Strategy<Value = Threshold> {
    prop_oneof![
        (1u64..=100).prop_map(Threshold::percent),
        prop::sample::select(vec!["0.5", "0.333333333333333333", "0.8", "0.9", "1", "0.75", "0.000001"])
            .prop_map(|text| text.parse().unwrap_or(Threshold::percent(1))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn every_pair_at_the_threshold_and_none_below(lists in lists(), threshold in thresholds()) {
        prop_assert_eq!(join(&lists, threshold), brute_force(&lists, threshold));
    }

    #[test]
    fn every_pair_of_old_and_new(lists in lists(), threshold in thresholds(), old in any::<prop::sample::Index>()) {
        let old = old.index(lists.len()) as u32;
        let mut expected = brute_force(&lists, threshold);
        expected.retain(|pair| pair.left < old && pair.right >= old);
        expected.sort_by_key(|pair| (pair.right, pair.left));
        let mut found = Vec::new();
        SetJoin::new(sets_of(&lists), None).for_each_across(old, threshold, |pair| found.push(pair));
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn the_earliest_set_that_is_alike(lists in lists(), threshold in thresholds()) {
        let mut expected = brute_force(&lists, threshold);
        expected.sort_by_key(|pair| (pair.right, pair.left));
        expected.dedup_by_key(|pair| pair.right);
        prop_assert_eq!(SetJoin::new(sets_of(&lists), None).earliest(threshold).0, expected);
    }

    #[test]
    fn the_first_set_that_holds_it_almost_whole(
        lists in lists(), containment in thresholds(), least in 0u32..12, below in proptest::option::of(thresholds()),
    ) {
        let sets: Vec<BTreeSet<u16>> = lists.iter().map(|list| list.iter().copied().collect()).collect();
        let first = |i: usize| !sets[i].is_empty() && !sets[..i].contains(&sets[i]);
        let mut expected = Vec::new();
        for inner in (0..sets.len()).filter(|&i| first(i) && sets[i].len() >= least as usize) {
            let outer = (0..sets.len()).filter(|&i| first(i) && i != inner).find_map(|outer| {
                let counts = counts(&sets[inner], &sets[outer]);
                let fits = counts.left < counts.right || counts.left == counts.right && outer < inner;
                let alike = below.is_some_and(|below| counts.similarity().at_least(below));
                (fits && !alike && counts.overlap > 0 && counts.containment().at_least(containment))
                    .then_some(Contained { inner: inner as u32, outer: outer as u32, counts })
            });
            expected.extend(outer);
        }
        let found = SetJoin::new(sets_of(&lists), None).contained(containment, least, below).0;
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn every_pair_of_which_one_stands_in_the_other(lists in lists(), containment in thresholds()) {
        let sets: Vec<BTreeSet<u16>> = lists.iter().map(|list| list.iter().copied().collect()).collect();
        let mut expected = Vec::new();
        for (left, a) in sets.iter().enumerate() {
            for (right, b) in sets.iter().enumerate().skip(left + 1) {
                let counts = counts(a, b);
                if counts.overlap > 0 && counts.containment().at_least(containment) {
                    expected.push(Pair { left: left as u32, right: right as u32, counts });
                }
            }
        }
        let join = SetJoin::new(sets_of(&lists), None);
        if let Some(fewer) = expected.len().checked_sub(1) {
            prop_assert_eq!(join.contained_pairs(containment, fewer), None);
        }
        prop_assert_eq!(join.contained_pairs(containment, expected.len()), Some(expected));
    }

    #[test]
    fn a_tie_counts(lists in lists(), pick in any::<prop::sample::Index>()) {
        // The similarity of some pair, where a decimal says it exactly.
        let sets: Vec<BTreeSet<u16>> = lists.iter().map(|list| list.iter().copied().collect()).collect();
        let first = pick.index(sets.len());
        let ties = sets.iter().map(|other| counts(&sets[first], other).similarity());
        let tie = ties.filter(|tie| tie.overlap > 0 && 1000 * tie.overlap % tie.union == 0).min_by_key(|tie| tie.overlap);
        let Some(tie) = tie else { return Ok(()) };
        let thousandths = 1000 * tie.overlap / tie.union;
        let threshold: Threshold =
            if thousandths == 1000 { "1".to_owned() } else { format!("0.{thousandths:03}") }.parse().unwrap();
        prop_assert_eq!(join(&lists, threshold), brute_force(&lists, threshold));
    }
}

/// Families of four sets of 30 elements; members of a family differ in some.
fn families(sets: u16) -> Vec<Vec<u16>> {
    (0..sets)
        .map(|i| (0..30).map(|j| (i / 4) * 20 + j + if j % 7 == i % 4 { 20_000 + i } else { 0 }).collect())
        .collect()
}

#[test]
fn boilerplate_is_not_compared_all_with_all() {
    // Every set ends with the same 200 elements; 300 are its own but for a few that two sets share.
    let sets = 600u16;
    let lists: Vec<Vec<u16>> = (0..sets)
        .map(|i| (0..200).chain((0..300).map(|j| 1000 + (i / 2 * 7 + i * 31 + j * 97) % 60_000)).collect())
        .collect();
    let work = SetJoin::new(sets_of(&lists), None).for_each_pair(Threshold::percent(80), |_| ());
    assert!(work.merges < 20 * u64::from(sets), "{work:?}");
}

#[test]
fn a_crowd_of_near_copies_costs_one_comparison_each() {
    let lists: Vec<Vec<u16>> = (0..2000u16).map(|i| (0..40).chain([100 + i]).collect()).collect();
    let (pairs, work) = SetJoin::new(sets_of(&lists), None).earliest(Threshold::percent(80));
    assert_eq!(pairs.len(), 1999);
    assert!(pairs.iter().all(|pair| pair.left == 0));
    assert_eq!(work.merges, 1999);
}

#[test]
fn the_cut_into_batches_does_not_show() {
    let lists = families(3000);
    let whole = join(&lists, Threshold::percent(50));
    assert!(whole.len() > 1000);
    for batch in [1, 7, 1000, 2999] {
        let mut sets = Sets::new();
        for part in lists.chunks(batch) {
            sets.append(sets_of(part));
        }
        assert_eq!(SetJoin::new(sets, None).pairs(Threshold::percent(50)), whole);
    }
}

#[test]
fn the_number_of_threads_does_not_show() {
    let lists = families(2000);
    let results: Vec<_> = [1, 2, 5]
        .into_iter()
        .map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| join(&lists, Threshold::percent(50)))
        })
        .collect();
    assert!(!results[0].is_empty());
    assert!(results.iter().all(|result| *result == results[0]));
}
