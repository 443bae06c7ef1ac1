//! A corpus made by rule: the same for the same count and seed, on every machine.
//!
//! Documents have 227 to 327 words, 277 on average, in sentences of 6 to 25. A word's rank among 50,000 is
//! log-uniform (Zipf's law with exponent 1), and one time in four the word that followed this one before
//! follows it again, so that short runs recur as they do in prose. One document in five is a copy of an
//! earlier one, chosen evenly: half of the copies have 1 to 12 of 100 words replaced, a quarter lost up to
//! three tenths of their words at one end, a quarter both.

/// splitmix64.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Returns a number below `bound`.
    pub fn below(&mut self, bound: u32) -> u32 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u32
    }
}

const VOCABULARY: u32 = 50_000;

/// Log-uniform over the vocabulary, in whole numbers: a power of two, then a place within it.
fn rank(random: &mut Random) -> u16 {
    loop {
        let octave = random.below(16);
        let rank = (1 << octave) - 1 + random.below(1 << octave);
        if rank < VOCABULARY {
            return rank as u16;
        }
    }
}

/// Appends the spelling of a word: two to four syllables, different for each rank.
fn spell(rank: u16, out: &mut String) {
    const ONSETS: &[u8] = b"bdfghklmnprstvwz";
    const VOWELS: [&str; 8] = ["a", "e", "i", "o", "u", "ai", "ea", "ou"];
    let mut rest = u32::from(rank) + 1;
    while rest > 0 {
        out.push(char::from(ONSETS[(rest % 16) as usize]));
        out.push_str(VOWELS[(rest / 16 % 8) as usize]);
        rest /= 128;
    }
}

/// Makes documents one after the other.
pub struct Documents {
    random: Random,
    follower: Vec<u16>,
    made: Vec<Box<[u16]>>,
}

impl Documents {
    /// Returns the corpus of `seed`.
    pub fn new(seed: u64) -> Self {
        Self { random: Random(seed), follower: vec![0; 1 << 16], made: Vec::new() }
    }

    fn fresh(&mut self) -> Vec<u16> {
        let length = 227 + self.random.below(101);
        let mut words: Vec<u16> = Vec::with_capacity(length as usize);
        for _ in 0..length {
            let last = words.last().map_or(0, |&word| usize::from(word));
            let word = if self.random.below(4) == 0 { self.follower[last] } else { rank(&mut self.random) };
            self.follower[last] = word;
            words.push(word);
        }
        words
    }

    fn copy(&mut self) -> Vec<u16> {
        let which = self.random.below(self.made.len() as u32);
        let mut words = self.made[which as usize].to_vec();
        let kind = self.random.below(4);
        if kind != 2 {
            let share = 1 + self.random.below(12);
            for word in &mut words {
                if self.random.below(100) < share {
                    *word = rank(&mut self.random);
                }
            }
        }
        if kind >= 2 {
            let cut = self.random.below(words.len() as u32 * 3 / 10 + 1) as usize;
            if self.random.below(2) == 0 {
                words.drain(..cut);
            } else {
                words.truncate(words.len() - cut);
            }
        }
        words
    }
}

impl Iterator for Documents {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let copied = !self.made.is_empty() && self.random.below(5) == 0;
        let words = if copied { self.copy() } else { self.fresh() };
        let mut text = String::with_capacity(words.len() * 6);
        let mut left = 0;
        for &word in &words {
            if left == 0 {
                left = 6 + word % 20;
                if !text.is_empty() {
                    text.push('.');
                }
            }
            if !text.is_empty() {
                text.push(' ');
            }
            spell(word, &mut text);
            left -= 1;
        }
        text.push('.');
        self.made.push(words.into_boxed_slice());
        Some(text)
    }
}
