//! Work shared out among threads, results in order, and never many of them in memory.

use std::sync::Mutex;

use rayon::prelude::*;

use super::probe::Seen;

/// How much work a join was, in operations: the same on every machine and at any number of threads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// How many postings were looked at.
    pub postings: u64,
    /// How many pairs of sets were merged.
    pub merges: u64,
    /// How many pairs were given.
    pub given: u64,
}

impl std::ops::AddAssign for Work {
    fn add_assign(&mut self, other: Self) {
        self.postings += other.postings;
        self.merges += other.merges;
        self.given += other.given;
    }
}

/// Results that wait in memory: above it the pieces shrink, an eighth of it and they grow.
const WAITING: usize = 1 << 20;
/// The longest piece, in items.
const LONGEST: u32 = 4096;

/// Does `work` for each number below `count` and gives the results to `take` in the order of the numbers,
/// whatever the threads. `watch` hears how many are done, now and then. Returns the work done.
pub(super) fn in_order<T: Send>(
    count: u32,
    watch: &dyn Fn(u64),
    work: impl Fn(u32, &mut Seen, &mut Work, &mut Vec<T>) + Sync,
    mut take: impl FnMut(T),
) -> Work {
    let pieces = 8 * rayon::current_num_threads() as u32;
    let scratch: Mutex<Vec<Seen>> = Mutex::new(Vec::new());
    let (mut piece, mut at) = (64u32, 0u32);
    let mut done = Work::default();
    while at < count {
        let results: Vec<(Vec<T>, Work)> = (0..pieces)
            .into_par_iter()
            .map(|number| {
                let start = at.saturating_add(number * piece).min(count);
                let end = start.saturating_add(piece).min(count);
                let (mut found, mut here) = (Vec::new(), Work::default());
                if start == end {
                    return (found, here);
                }
                let spare = scratch.lock().ok().and_then(|mut pool| pool.pop());
                let mut seen = spare.unwrap_or_default();
                for item in start..end {
                    work(item, &mut seen, &mut here, &mut found);
                }
                if let Ok(mut pool) = scratch.lock() {
                    pool.push(seen);
                }
                (found, here)
            })
            .collect();
        let before = at;
        at = at.saturating_add(pieces * piece).min(count);
        watch(u64::from(at - before));
        let waiting: usize = results.iter().map(|(found, _)| found.len()).sum();
        for (found, here) in results {
            done += here;
            done.given += found.len() as u64;
            found.into_iter().for_each(&mut take);
        }
        if waiting > WAITING {
            piece = (piece / 2).max(1);
        } else if waiting < WAITING / 8 {
            piece = (piece * 2).min(LONGEST);
        }
    }
    done
}
