//! Normal forms: what differences between two passages do not count.

use fearless_simd::{Simd as _, dispatch};
use icu_casemap::{CaseMapper, CaseMapperBorrowed};
use icu_normalizer::{ComposingNormalizer, ComposingNormalizerBorrowed};

use super::lanes::LEVEL;

static NFKC: ComposingNormalizerBorrowed<'static> = ComposingNormalizer::new_nfkc();
static CASE: CaseMapperBorrowed<'static> = CaseMapper::new();

/// A named, versioned way to bring a text into normal form. A profile's result never changes without
/// its version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    /// The text as it stands.
    Verbatim,
    /// Runs of white space are one space, none at either end.
    Whitespace,
    /// NFKC, case folded, white space collapsed, typographic quotes, dashes and ellipses folded,
    /// zero-width characters and soft hyphens dropped.
    #[default]
    Standard,
    /// `standard`, and punctuation and symbols are white space.
    Loose,
}

impl Profile {
    /// Every profile, from the strictest to the loosest.
    pub const ALL: [Self; 4] = [Self::Verbatim, Self::Whitespace, Self::Standard, Self::Loose];

    /// Returns the profile's name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verbatim => "verbatim",
            Self::Whitespace => "whitespace",
            Self::Standard => "standard",
            Self::Loose => "loose",
        }
    }

    /// Returns the version of the profile's result, part of every digest's key.
    #[must_use]
    pub const fn version(self) -> u32 {
        match self {
            Self::Verbatim | Self::Whitespace | Self::Standard | Self::Loose => 1,
        }
    }

    /// Returns the profile called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.name() == name)
    }
}

/// Brings texts into the normal form of one profile.
#[derive(Clone, Copy, Debug)]
pub struct Normalizer {
    profile: Profile,
}

impl Normalizer {
    /// Returns a normalizer for `profile`.
    #[must_use]
    pub const fn new(profile: Profile) -> Self {
        Self { profile }
    }

    /// Returns the profile.
    #[must_use]
    pub const fn profile(&self) -> Profile {
        self.profile
    }

    /// Puts the normal form of `text` into `out`, and returns whether both are ASCII, if that is all it
    /// takes to make it; else leaves anything in `out`.
    #[inline]
    pub(super) fn ascii(&self, text: &str, out: &mut Vec<u8>) -> bool {
        self.profile == Profile::Standard && ascii_standard(text.as_bytes(), out)
    }

    /// Replaces what is in `out` by the normal form of `text`. The form of a form is itself.
    ///
    /// ASCII text is normalized without any allocation but the growth of `out`.
    pub fn normalize(&self, text: &str, out: &mut String) {
        out.clear();
        match self.profile {
            Profile::Verbatim => out.push_str(text),
            Profile::Whitespace => collapse(text, out),
            Profile::Standard => standard(text, out),
            Profile::Loose => {
                let mut form = String::with_capacity(text.len());
                standard(text, &mut form);
                loosen(&form, out);
            }
        }
    }
}

/// Puts the `standard` form of `text` into an empty `out`.
fn standard(text: &str, out: &mut String) {
    let mut form = std::mem::take(out).into_bytes();
    if ascii_standard(text.as_bytes(), &mut form) {
        // Nothing but ASCII went in, so nothing is lost here.
        *out = String::from_utf8(form).unwrap_or_default();
    } else {
        mixed_standard(text, out);
    }
}

/// The `standard` form of a text that is ASCII here and there.
///
/// Stretches between white space are normalized by themselves, which is the same as normalizing the whole:
/// nothing composes with, reorders across or folds into a white space. So one dash costs its neighbours
/// nothing.
fn mixed_standard(text: &str, out: &mut String) {
    let mut form = String::new();
    let plain = !text.contains("--") && !text.contains('\u{b}');
    for word in text.split_ascii_whitespace() {
        let before = out.len();
        if before > 0 {
            out.push(' ');
        }
        let start = out.len();
        if plain && word.is_ascii() {
            out.push_str(word);
            out[start..].make_ascii_lowercase();
        } else {
            any_standard(word, &mut form);
            out.push_str(&form);
        }
        if out.len() == start {
            // Nothing was left of it.
            out.truncate(before);
        }
    }
}

/// The `standard` form of any text: fold, compose and repeat until nothing changes (case folding
/// can undo a composition, so once is not always enough; Unicode 3.13, D146 does the same).
fn any_standard(text: &str, out: &mut String) {
    let mut form = text.to_owned();
    for _ in 0..4 {
        let composed = NFKC.normalize(&form);
        let folded = CASE.fold_string(&composed);
        out.clear();
        fold_typography(&folded, out);
        if *out == form {
            return;
        }
        std::mem::swap(&mut form, out);
    }
    *out = form;
}

/// Appends `text` with every run of white space made one space, and none at either end.
fn collapse(text: &str, out: &mut String) {
    let mut push = |part: &str| {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(part);
    };
    // In ASCII, only the vertical tab is white space to one of the two and not to the other.
    if text.bytes().fold(true, |plain, byte| plain & (byte.is_ascii() & (byte != b'\x0B'))) {
        text.split_ascii_whitespace().for_each(&mut push);
    } else {
        text.split_whitespace().for_each(&mut push);
    }
}

/// How many bytes are mapped at once.
const STEP: usize = 32;

/// Puts the `standard` form of `text` into `form` if the text is ASCII, else returns false.
///
/// White space and case are mapped in steps of one size, which compiles to vector code without a
/// tail, for the vectors that the processor has; only a text with two spaces or hyphens in a row is gone through once more.
fn ascii_standard(text: &[u8], form: &mut Vec<u8>) -> bool {
    dispatch!(*LEVEL, simd => simd.vectorize(
        #[inline(always)]
        || ascii_standard_in_steps(text, form)
    ))
}

#[inline(always)]
fn ascii_standard_in_steps(text: &[u8], form: &mut Vec<u8>) -> bool {
    let text = text.trim_ascii();
    let (steps, rest) = text.as_chunks::<STEP>();
    // Zeros behind the end, which stay as they are and are nobody's twin.
    let mut last = [0; STEP];
    last[..rest.len()].copy_from_slice(rest);
    // What stands in the buffer from before is overwritten: to clear it first would cost another pass.
    let length = (steps.len() + 1) * STEP + 1;
    form.truncate(length);
    form.resize(length, 0);
    if let Some(end) = form.last_mut() {
        *end = 0;
    }
    let mut all = [0; STEP];
    for (to, step) in form.as_chunks_mut::<STEP>().0.iter_mut().zip(steps.iter().chain([&last])) {
        for ((to, all), &byte) in to.iter_mut().zip(&mut all).zip(step) {
            *all |= byte;
            *to = plain_byte(byte);
        }
    }
    if !all.is_ascii() {
        return false;
    }
    let behind = form.get(1..).unwrap_or_default().as_chunks::<STEP>().0;
    let twins = form.as_chunks::<STEP>().0.iter().zip(behind).fold([0; STEP], |mut any, (a, b)| {
        for ((any, &a), &b) in any.iter_mut().zip(a).zip(b) {
            *any |= u8::from(a == b) & u8::from(folds(a));
        }
        any
    });
    form.truncate(text.len());
    // Vertical tabs are white space to Unicode but not to `trim_ascii`.
    let edge = form.first() == Some(&b' ') || form.last() == Some(&b' ');
    if edge || twins != [0; STEP] {
        squeeze(form);
    }
    true
}

/// A byte of ASCII text in normal form: white space is a space, capitals are small.
const fn plain_byte(byte: u8) -> u8 {
    if byte.wrapping_sub(b'\t') < 5 { b' ' } else { byte.to_ascii_lowercase() }
}

/// Whether a run of this byte counts as one: spaces, and hyphens (typists' `--` is a dash).
const fn folds(byte: u8) -> bool {
    byte == b' ' || byte == b'-'
}

/// Makes runs of spaces and of hyphens one, and cuts spaces at either end.
fn squeeze(form: &mut Vec<u8>) {
    let mut last = b' ';
    form.retain(|&byte| {
        let keep = byte != last || !folds(byte);
        last = byte;
        keep
    });
    if form.last() == Some(&b' ') {
        form.pop();
    }
}

/// Appends composed, folded text with typography made plain and white space collapsed.
fn fold_typography(text: &str, out: &mut String) {
    let mut space = false;
    for c in text.chars() {
        let c = match c {
            // Soft hyphen, zero-width spaces and joiners, marks and embeddings of direction.
            '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' => continue,
            '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => continue,
            '\u{2018}'..='\u{201B}' | '\u{2039}' | '\u{203A}' | '\u{2032}' => '\'',
            '\u{201C}'..='\u{201F}' | '\u{AB}' | '\u{BB}' | '\u{2033}' => '"',
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            c if c.is_whitespace() => {
                space = true;
                continue;
            }
            c => c,
        };
        if space && !out.is_empty() {
            out.push(' ');
        } else if c == '-' && out.ends_with('-') {
            continue;
        }
        space = false;
        out.push(c);
    }
}

/// Appends the words of a `standard` form, one space between runs that anything separated.
fn loosen(form: &str, out: &mut String) {
    let mut last = 0;
    for word in crate::segment::words(form) {
        if word.start != last && !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&form[word.clone()]);
        last = word.end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standard(text: &str) -> String {
        let mut out = String::new();
        Normalizer::new(Profile::Standard).normalize(text, &mut out);
        out
    }

    #[test]
    fn typography_case_and_wrapping_do_not_count() {
        let plain = standard("\"It's over\" -- the MINISTER said...");
        assert_eq!(plain, "\"it's over\" - the minister said...");
        assert_eq!(
            standard("\u{201C}It\u{2019}s  over\u{201D} \u{2014} the\n minister\u{AD} said\u{2026}"),
            plain
        );
    }

    #[test]
    fn the_ascii_path_agrees_with_the_general_one() {
        for text in
            ["  A  b\tC\r\n d ", "x -- y---z", "", " ", "a\u{1}b\u{7f}", "- -- -", "\u{b}a\u{b}", "a \u{c}"]
        {
            for copies in [1, 7, 8, 40] {
                let text = text.repeat(copies);
                let (mut fast, mut general) = (Vec::new(), String::new());
                assert!(ascii_standard(text.as_bytes(), &mut fast));
                any_standard(&text, &mut general);
                assert_eq!(String::from_utf8(fast).unwrap(), general, "{text:?}");
            }
        }
        for at in 0..100 {
            let text = format!("{}é{}", "a".repeat(at), "b".repeat(99 - at));
            assert!(!ascii_standard(text.as_bytes(), &mut Vec::new()));
        }
    }

    #[test]
    fn stretches_between_white_space_are_normalized_by_themselves() {
        let pieces = [
            " ",
            "  ",
            "\n",
            "\u{a0}",
            "\u{b}",
            "A",
            "é",
            "e",
            "\u{301}",
            "\u{b4}",
            "-",
            "--",
            "\u{2014}",
            "\u{201C}",
            "\u{2026}",
            "\u{200b}",
            "\u{AD}",
            "ß",
            "İ",
            "ﬁ",
            "한",
            "\u{1161}",
            "3\u{2044}4",
            "\u{345}",
            "Σ",
            "\u{3000}",
        ];
        let mut state = 11_u64;
        let mut next = |n: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % n
        };
        for _ in 0..5_000 {
            let text: String = (0..next(12)).map(|_| pieces[next(pieces.len())]).collect();
            let mut general = String::new();
            any_standard(&text, &mut general);
            assert_eq!(standard(&text), general, "{text:?}");
        }
    }

    #[test]
    fn twins_are_found_wherever_they_stand() {
        for twins in ["  ", "--", " \t", "\n\u{b}", "- -", "-  -"] {
            for at in 1..130 {
                let text = format!("{}{twins}{}", "A".repeat(at), "b".repeat(130 - at));
                let mut general = String::new();
                any_standard(&text, &mut general);
                assert_eq!(standard(&text), general);
            }
        }
    }

    #[test]
    fn loose_keeps_words_only() {
        let mut out = String::new();
        Normalizer::new(Profile::Loose).normalize("Well, \u{201C}then\u{201D}: 3.5!", &mut out);
        assert_eq!(out, "well then 3 5");
    }
}
