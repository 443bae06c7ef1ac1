//! The sets to join, as they arrive: chunks of elements, already apart by their leading bits.

/// How many parts the elements of a chunk are laid apart in, by their leading bits. At a thousand, the
/// part of a million texts of 300 shingles still counts in the cache of one core.
pub(super) const PARTS: usize = 1024;
const PART_SHIFT: u32 = u64::BITS - PARTS.trailing_zeros();
/// A chunk is closed at this many elements: 64 to a part, and all of it in the cache of one core.
const CHUNK_ELEMENTS: usize = 1 << 16;
/// A chunk holds no more sets than a `u16` can number.
const CHUNK_SETS: usize = 1 << 16;

/// Sets of 64-bit hashes, numbered from 0 in the order in which they were given.
///
/// Elements may come in any order and more than once: a set counts each once. Hashes are expected to be
/// spread over all 64 bits; others join as correctly, and slower.
#[derive(Clone, Debug, Default)]
pub struct Sets {
    pub(super) chunks: Vec<Chunk>,
    /// The elements of the sets behind the last chunk, in order.
    open: Vec<u64>,
    /// Where each of these sets ends in `open`.
    open_ends: Vec<usize>,
    /// How many sets the chunks hold.
    closed: usize,
}

/// A run of sets with their elements laid apart by leading bits, in the order of the sets within each
/// part.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    /// How many sets, the empty ones too.
    pub sets: u32,
    /// Where each part begins in `hashes` and `owners`, and the end.
    pub starts: Box<[u32]>,
    /// The elements.
    pub hashes: Vec<u64>,
    /// The set of each element, from 0 within the chunk.
    pub owners: Vec<u16>,
}

impl Sets {
    /// Returns no sets.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns how many sets there are, the empty ones too.
    #[must_use]
    pub fn len(&self) -> usize {
        self.closed + self.open_ends.len()
    }

    /// Returns whether there is no set, not even an empty one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns how many elements were given, repeats included.
    #[must_use]
    pub fn elements(&self) -> u64 {
        let closed: u64 = self.chunks.iter().map(|chunk| chunk.hashes.len() as u64).sum();
        closed + self.open.len() as u64
    }

    /// Adds one set: the elements that `fill` appends to the vector it is given, which may hold others.
    pub fn push(&mut self, fill: impl FnOnce(&mut Vec<u64>)) {
        fill(&mut self.open);
        self.open_ends.push(self.open.len());
        if self.open.len() >= CHUNK_ELEMENTS || self.open_ends.len() >= CHUNK_SETS {
            self.close();
        }
    }

    /// Adds the sets of `other` behind those here, in their order: threads fill batches, and the batches
    /// are put together in input order.
    pub fn append(&mut self, other: Self) {
        if !other.chunks.is_empty() {
            self.close();
            self.chunks.extend(other.chunks);
            self.closed += other.closed;
        }
        if self.open_ends.is_empty() {
            (self.open, self.open_ends) = (other.open, other.open_ends);
            return;
        }
        let mut start = 0;
        for end in other.open_ends {
            self.push(|elements| elements.extend_from_slice(&other.open[start..end]));
            start = end;
        }
    }

    /// Closes the last chunk, so that all sets are in chunks.
    pub(super) fn close(&mut self) {
        if self.open_ends.is_empty() {
            return;
        }
        self.closed += self.open_ends.len();
        self.chunks.push(Chunk::new(&self.open, &self.open_ends));
        self.open.clear();
        self.open_ends.clear();
    }
}

impl Chunk {
    fn new(elements: &[u64], ends: &[usize]) -> Self {
        let part = |hash: u64| (hash >> PART_SHIFT) as usize;
        let mut starts = vec![0u32; PARTS + 1];
        for &hash in elements {
            starts[part(hash) + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut next = starts.clone();
        let mut hashes = vec![0; elements.len()];
        let mut owners = vec![0; elements.len()];
        let mut start = 0;
        for (set, &end) in ends.iter().enumerate() {
            for &hash in &elements[start..end] {
                let at = &mut next[part(hash)];
                hashes[*at as usize] = hash;
                owners[*at as usize] = set as u16;
                *at += 1;
            }
            start = end;
        }
        Self { sets: ends.len() as u32, starts: starts.into_boxed_slice(), hashes, owners }
    }

    /// The positions of one part's elements.
    pub fn part(&self, part: usize) -> std::ops::Range<usize> {
        self.starts[part] as usize..self.starts[part + 1] as usize
    }
}
