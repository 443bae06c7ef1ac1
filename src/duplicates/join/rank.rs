//! Elements numbered from the rarest to the most common.

use rayon::prelude::*;

use super::sets::{Chunk, PARTS, Sets};

/// Sets as sorted lists of ranks: rank 0 is the rarest element that more than one set holds.
#[derive(Clone, Debug)]
pub(super) struct Ranked {
    /// How many different elements each set holds, those of no other set too.
    pub sizes: Vec<u32>,
    /// Where each set's ranks end in `ranks`.
    ends: Vec<usize>,
    /// The ranks of each set's shared elements, ascending.
    ranks: Vec<u32>,
    /// How many ranks there are.
    pub distinct: u32,
}

/// An element that no other set holds.
const ALONE: u32 = u32::MAX;
/// An element that the same set has given before.
const REPEAT: u32 = u32::MAX - 1;

impl Ranked {
    /// Ranks the elements of `sets`.
    ///
    /// The order (frequency, then part and place of first arrival within it) depends on the sets and their
    /// order alone, not on how they were cut into chunks.
    pub fn new(mut sets: Sets) -> Self {
        sets.close();
        let mut first_set = 0;
        let firsts: Vec<u32> = sets
            .chunks
            .iter()
            .map(|chunk| {
                let first = first_set;
                first_set += chunk.sets;
                first
            })
            .collect();
        let mut parts: Vec<Part> = (0..PARTS)
            .into_par_iter()
            .map_init(Vec::new, |table, part| Part::new(&sets.chunks, &firsts, part, table))
            .collect();
        for chunk in &mut sets.chunks {
            chunk.hashes = Vec::new();
        }
        let distinct = number(&mut parts);
        let chunks: Vec<RankedChunk> =
            sets.chunks.par_iter().enumerate().map(|(i, chunk)| RankedChunk::new(chunk, i, &parts)).collect();
        drop(parts);
        drop(sets);
        let total = chunks.iter().map(|chunk| chunk.ranks.len()).sum();
        let (mut sizes, mut ends) =
            (Vec::with_capacity(first_set as usize), Vec::with_capacity(first_set as usize));
        let mut ranks = Vec::with_capacity(total);
        for chunk in chunks {
            let before = ranks.len();
            sizes.extend(chunk.sizes);
            ends.extend(chunk.ends.iter().map(|&end| before + end as usize));
            ranks.extend(chunk.ranks);
        }
        Self { sizes, ends, ranks, distinct }
    }

    /// Returns how many sets there are.
    pub fn len(&self) -> usize {
        self.sizes.len()
    }

    /// Returns the ranks of set `set`, ascending.
    pub fn set(&self, set: u32) -> &[u32] {
        let set = set as usize;
        let start = if set == 0 { 0 } else { self.ends[set - 1] };
        &self.ranks[start..self.ends[set]]
    }

    /// Returns the ranks among the first `prefix` elements of `set`.
    pub fn first(&self, set: u32, prefix: u32) -> &[u32] {
        let ranks = self.set(set);
        let alone = self.sizes[set as usize] - ranks.len() as u32;
        &ranks[..(prefix.saturating_sub(alone) as usize).min(ranks.len())]
    }

    /// Returns how many elements of `set` no other set holds: they stand before its ranks.
    pub fn alone(&self, set: u32) -> u32 {
        self.sizes[set as usize] - self.set(set).len() as u32
    }
}

/// The elements with the same leading bits, counted.
struct Part {
    /// For each arrival, in the order of the sets: the element's number within the part, from the rarest,
    /// or [`ALONE`] or [`REPEAT`].
    numbers: Vec<u32>,
    /// Where each chunk's arrivals begin in `numbers`.
    begins: Vec<u32>,
    /// Each frequency above 1 that occurs, ascending, and how many elements have it.
    frequencies: Vec<(u32, u32)>,
    /// The rank of each number.
    ranks: Vec<u32>,
}

/// A slot of the open-addressing table that counts.
#[derive(Clone, Copy, Default)]
struct Slot {
    hash: u64,
    /// The set that came last with this element; later the element's number.
    last: u32,
    /// In how many sets; 0 is an empty slot.
    frequency: u32,
}

impl Part {
    fn new(chunks: &[Chunk], firsts: &[u32], part: usize, table: &mut Vec<Slot>) -> Self {
        let total: usize = chunks.iter().map(|chunk| chunk.part(part).len()).sum();
        let capacity = (total + total / 3 + 1).next_power_of_two();
        table.clear();
        table.resize(capacity, Slot::default());
        let mask = capacity - 1;
        let mut numbers = Vec::with_capacity(total);
        let mut begins = Vec::with_capacity(chunks.len());
        for (chunk, &first) in chunks.iter().zip(firsts) {
            begins.push(numbers.len() as u32);
            let range = chunk.part(part);
            for (&hash, &owner) in chunk.hashes[range.clone()].iter().zip(&chunk.owners[range]) {
                let set = first + u32::from(owner);
                let mut at = hash as usize & mask;
                while table[at].frequency != 0 && table[at].hash != hash {
                    at = (at + 1) & mask;
                }
                let slot = &mut table[at];
                if slot.frequency != 0 && slot.last == set {
                    numbers.push(REPEAT);
                    continue;
                }
                *slot = Slot { hash, last: set, frequency: slot.frequency + 1 };
                numbers.push(at as u32);
            }
        }
        // Frequency above, slot below: one sort of plain integers.
        let mut shared: Vec<u64> = (0u64..)
            .zip(table.iter())
            .filter(|(_, slot)| slot.frequency > 1)
            .map(|(at, slot)| u64::from(slot.frequency) << 32 | at)
            .collect();
        shared.sort_unstable();
        table.iter_mut().for_each(|slot| slot.last = ALONE);
        let mut frequencies: Vec<(u32, u32)> = Vec::new();
        for (number, &entry) in (0u32..).zip(&shared) {
            table[(entry & 0xffff_ffff) as usize].last = number;
            let frequency = (entry >> 32) as u32;
            match frequencies.last_mut() {
                Some((last, count)) if *last == frequency => *count += 1,
                _ => frequencies.push((frequency, 1)),
            }
        }
        for number in &mut numbers {
            if *number != REPEAT {
                *number = table[*number as usize].last;
            }
        }
        Self { numbers, begins, frequencies, ranks: Vec::new() }
    }

    /// The numbers of one chunk's arrivals.
    fn arrivals(&self, chunk: usize) -> &[u32] {
        let start = self.begins[chunk] as usize;
        let end = self.begins.get(chunk + 1).map_or(self.numbers.len(), |&end| end as usize);
        &self.numbers[start..end]
    }
}

/// Gives each shared element its rank: by frequency, then part, then number. Returns how many there are.
fn number(parts: &mut [Part]) -> u32 {
    let mut runs: Vec<(u32, u32, u32)> = Vec::new();
    for (part, counted) in (0u32..).zip(parts.iter()) {
        runs.extend(counted.frequencies.iter().map(|&(frequency, count)| (frequency, part, count)));
    }
    runs.par_sort_unstable();
    let mut rank = 0;
    // A part's runs come in ascending frequency, so its numbers come in order.
    for (_, part, count) in runs {
        parts[part as usize].ranks.extend(rank..rank + count);
        rank += count;
    }
    rank
}

/// A chunk's sets as sorted ranks.
struct RankedChunk {
    sizes: Vec<u32>,
    ends: Vec<u32>,
    ranks: Vec<u32>,
}

impl RankedChunk {
    fn new(chunk: &Chunk, position: usize, parts: &[Part]) -> Self {
        let sets = chunk.sets as usize;
        let (mut sizes, mut ends) = (vec![0u32; sets], vec![0u32; sets]);
        for (i, part) in parts.iter().enumerate() {
            for (&number, &owner) in part.arrivals(position).iter().zip(&chunk.owners[chunk.part(i)]) {
                sizes[usize::from(owner)] += u32::from(number != REPEAT);
                ends[usize::from(owner)] += u32::from(number < REPEAT);
            }
        }
        let mut next = Vec::with_capacity(sets);
        let mut total = 0;
        for end in &mut ends {
            next.push(total);
            total += *end;
            *end = total;
        }
        let mut ranks = vec![0; total as usize];
        for (i, part) in parts.iter().enumerate() {
            for (&number, &owner) in part.arrivals(position).iter().zip(&chunk.owners[chunk.part(i)]) {
                if number < REPEAT {
                    let at = &mut next[usize::from(owner)];
                    ranks[*at as usize] = part.ranks[number as usize];
                    *at += 1;
                }
            }
        }
        let mut start = 0;
        for &end in &ends {
            ranks[start..end as usize].sort_unstable();
            start = end as usize;
        }
        Self { sizes, ends, ranks }
    }
}
