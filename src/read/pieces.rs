//! In which pieces are the inputs read, and in which order do the results belong?
//!
//! [`Pieces`] hands out [`Work`] to whoever asks next, one worker at a time (a lock around it); each does
//! its share on its own. Small files go out many at a time, to be opened by the worker. A large file of
//! records is read here, once, from front to back, and goes out in chunks of whole lines. Each work bears
//! its number: results in the order of these numbers are in the order of the input, whoever made them.
//!
//! How the input is cut depends on nothing but the input.
//!
//! [`revisit_lines`] reads a few records again, for the exact places that a first pass leaves out.

use std::io::{self, Read};
use std::ops::Range;

use super::compress::{Compression, Unpacked, size};
use super::input::{Input, Limits, Refusal, Replayed, is_utf16, refuse};
use super::{Extent, Framing, Piece, Reader};
use crate::error::ReadError;

/// The size of a chunk, in bytes; also the stored size up to which a file of records goes out whole.
const CHUNK: usize = 1 << 18;

/// How many files go out at most in one work: so many take longer than a lock by orders of magnitude.
const FILES: usize = 32;

/// A share of the reading.
#[derive(Debug)]
pub struct Work {
    /// Place of the results among all results; counted from 0 without gaps.
    pub sequence: u64,
    /// What is to be done.
    pub task: Task,
}

/// What a worker is to do.
#[derive(Debug)]
pub enum Task {
    /// To [`open`](super::input::open) these inputs, one after the other, and read each as one piece.
    Files(Range<usize>),
    /// To read some lines of one input.
    Lines(Chunk),
    /// To report why this input gives no documents, or no more.
    Refused(usize, Refusal),
}

/// Whole lines of one input.
#[derive(Debug)]
pub struct Chunk {
    /// Which input.
    pub input: usize,
    /// The reader of its format.
    pub reader: &'static dyn Reader,
    /// Where the chunk begins in the decompressed file, in bytes.
    pub offset: u64,
    /// 1-based number of its first line.
    pub first_line: u64,
    /// The lines are `buffer[..filled]`; the rest keeps its memory, set once, for the next chunk.
    buffer: Vec<u8>,
    filled: usize,
}

impl Chunk {
    /// Returns the lines, each with its end, save perhaps the last of the file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.buffer[..self.filled]
    }

    /// Returns the chunk as the piece of `input` that its reader takes.
    #[must_use]
    pub fn piece<'a>(&'a self, input: &'a Input) -> Piece<'a> {
        Piece {
            path: &input.path,
            bytes: self.bytes(),
            offset: self.offset,
            first_line: self.first_line,
            named: input.named,
        }
    }
}

/// All work on a list of inputs, in their order.
#[derive(Debug)]
pub struct Pieces<'a> {
    inputs: &'a [Input],
    limits: Limits,
    /// Size of a chunk: a line that does not fit makes its buffer grow.
    chunk: usize,
    /// The next input to begin.
    next: usize,
    sequence: u64,
    cutter: Option<Cutter>,
    spare: Vec<Vec<u8>>,
}

impl<'a> Pieces<'a> {
    /// Returns the work on `inputs`, none of them opened yet.
    #[must_use]
    pub fn new(inputs: &'a [Input], limits: Limits) -> Self {
        Self::of_size(inputs, limits, CHUNK)
    }

    fn of_size(inputs: &'a [Input], limits: Limits, chunk: usize) -> Self {
        // A line over the limit must not pass because the buffer happens to have room.
        let chunk = chunk.min(usize::try_from(limits.max_size).unwrap_or(usize::MAX)).max(1);
        Self { inputs, limits, chunk, next: 0, sequence: 0, cutter: None, spare: Vec::new() }
    }

    /// Takes back the memory of a chunk that has been read, for another.
    pub fn recycle(&mut self, chunk: Chunk) {
        // A line of 200 MB comes once; its buffer must not stay.
        if chunk.buffer.len() == self.chunk {
            self.spare.push(chunk.buffer);
        }
    }

    fn task(&mut self) -> Option<Task> {
        loop {
            if let Some(cutter) = &mut self.cutter {
                let buffer = self.spare.pop().unwrap_or_else(|| vec![0; self.chunk]);
                let input = cutter.input;
                match cutter.cut(buffer, &self.inputs[input], self.limits) {
                    Cut::Lines(chunk) => return Some(Task::Lines(chunk)),
                    Cut::TooLong(fault) => return Some(Task::Refused(input, Refusal::Fault(fault))),
                    Cut::End(damage) => {
                        self.cutter = None;
                        if let Some(fault) = damage {
                            return Some(Task::Refused(input, Refusal::Fault(fault)));
                        }
                    }
                }
            }
            let first = self.next;
            let left = self.inputs.len() - first;
            if left == 0 {
                return None;
            }
            // Fewer at a time towards the end, so that the workers end together.
            let most = (left / 16).clamp(1, FILES);
            let whole =
                self.inputs[first..first + most].iter().take_while(|input| self.goes_whole(input)).count();
            if whole > 0 {
                self.next = first + whole;
                return Some(Task::Files(first..first + whole));
            }
            self.next = first + 1;
            match self.begin(first) {
                Ok(Some(cutter)) => self.cutter = Some(cutter),
                Ok(None) => return Some(Task::Files(first..first + 1)),
                Err(refusal) => return Some(Task::Refused(first, refusal)),
            }
        }
    }

    /// Returns whether `input` is sent out to be opened, without a look into it.
    fn goes_whole(&self, input: &Input) -> bool {
        if !input.may_be_lines() {
            return true;
        }
        // A file that cannot be asked for its size is sent out too: who opens it will tell.
        !input.is_compressed_by_name()
            && input.location().is_some()
            && input.stored_size().is_none_or(|size| size <= self.chunk as u64)
    }

    /// Opens an input that may have to be cut; `None` if it is to be read whole all the same.
    fn begin(&mut self, index: usize) -> Result<Option<Cutter>, Refusal> {
        let input = &self.inputs[index];
        let mut unpacked = input.unpacked(self.limits)?;
        let mut buffer = self.spare.pop().unwrap_or_else(|| vec![0; self.chunk]);
        let (filled, state) = fill(&mut unpacked, &mut buffer, 0);
        let head = &buffer[..filled];
        refuse(input, head)?;
        let reader = input.settle(head);
        // Lines of UTF-16 do not end where a byte of 10 stands. An empty file is a file all the same.
        if reader.framing() == Framing::Whole || is_utf16(head) || head.is_empty() {
            self.spare.push(buffer);
            return Ok(None);
        }
        Ok(Some(Cutter {
            input: index,
            reader,
            unpacked,
            offset: 0,
            line: 1,
            begun: Some((buffer, filled)),
            rest: Vec::new(),
            state,
            skipping: false,
        }))
    }
}

impl Iterator for Pieces<'_> {
    type Item = Work;

    fn next(&mut self) -> Option<Work> {
        let task = self.task()?;
        let sequence = self.sequence;
        self.sequence += 1;
        Some(Work { sequence, task })
    }
}

/// How a read ended.
#[derive(Debug)]
enum State {
    /// The buffer is full.
    More,
    /// The file is at its end.
    End,
    /// The file is damaged, or went away.
    Damaged(io::Error),
}

/// Fills `buffer` from `filled` on; returns how far it is filled now.
fn fill(from: &mut dyn Read, buffer: &mut [u8], mut filled: usize) -> (usize, State) {
    while filled < buffer.len() {
        match from.read(&mut buffer[filled..]) {
            Ok(0) => return (filled, State::End),
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (filled, State::Damaged(error)),
        }
    }
    (filled, State::More)
}

/// Cuts one file at its lines.
struct Cutter {
    input: usize,
    reader: &'static dyn Reader,
    unpacked: Unpacked<Replayed>,
    /// Where the next chunk begins, in bytes of the decompressed file.
    offset: u64,
    /// 1-based number of the line that begins there.
    line: u64,
    /// The first buffer, filled while the format was settled.
    begun: Option<(Vec<u8>, usize)>,
    /// The beginning of a line whose end was not read yet.
    rest: Vec<u8>,
    state: State,
    /// Whether the line that is being read is too long and is passed over.
    skipping: bool,
}

enum Cut {
    Lines(Chunk),
    TooLong(ReadError),
    /// Nothing more, and why there should have been more.
    End(Option<ReadError>),
}

impl Cutter {
    /// Returns the next whole lines in `buffer`.
    fn cut(&mut self, buffer: Vec<u8>, input: &Input, limits: Limits) -> Cut {
        let (buffer, filled) = self.filled(buffer);
        match self.reader.framing() {
            Framing::Records => self.cut_records(buffer, filled, input, limits),
            Framing::Lines | Framing::Whole => self.cut_lines(buffer, filled, input, limits),
        }
    }

    /// Fills `buffer` with what was left over and what follows.
    fn filled(&mut self, mut buffer: Vec<u8>) -> (Vec<u8>, usize) {
        let mut filled = 0;
        if let Some((begun, length)) = self.begun.take() {
            (buffer, filled) = (begun, length);
        } else if matches!(self.state, State::More) {
            filled = self.rest.len();
            // Never shorter than the rest: that came out of a buffer which grew for it.
            if buffer.len() < filled {
                buffer.resize(filled, 0);
            }
            buffer[..filled].copy_from_slice(&self.rest);
            (filled, self.state) = fill(&mut self.unpacked, &mut buffer, filled);
        }
        (buffer, filled)
    }

    fn cut_lines(&mut self, mut buffer: Vec<u8>, mut filled: usize, input: &Input, limits: Limits) -> Cut {
        loop {
            if self.skipping
                && let Some(done) = self.skip(&mut buffer, &mut filled)
            {
                return done;
            }
            let last = memchr::memrchr(b'\n', &buffer[..filled]).map(|at| at + 1);
            let end = match (&self.state, last) {
                (State::End, _) => filled,
                (State::More, Some(last)) => last,
                // A record that the damage cut in two would be a second fault about the first.
                (State::Damaged(_), last) => last.unwrap_or(0),
                (State::More, None) => {
                    let most = usize::try_from(limits.max_size).unwrap_or(usize::MAX);
                    if filled >= most {
                        self.skipping = true;
                        self.rest.clear();
                        let limit = size(limits.max_size);
                        let message = format!("line is longer than {limit}; raise --max-size to read it");
                        let fault = input.fault(message).at(self.line, 1);
                        self.offset += filled as u64;
                        return Cut::TooLong(fault);
                    }
                    buffer.resize(filled.saturating_mul(2).min(most), 0);
                    (filled, self.state) = fill(&mut self.unpacked, &mut buffer, filled);
                    continue;
                }
            };
            if end == 0 {
                let State::Damaged(error) = &self.state else { return Cut::End(None) };
                return Cut::End(Some(input.fault(self.unpacked.damage(error))));
            }
            return self.chunk(buffer, end, filled);
        }
    }

    /// Hands out `buffer[..end]` and keeps the rest.
    fn chunk(&mut self, buffer: Vec<u8>, end: usize, filled: usize) -> Cut {
        self.rest.clear();
        if matches!(self.state, State::More) || self.reader.framing() == Framing::Records {
            self.rest.extend_from_slice(&buffer[end..filled]);
        }
        let (offset, first_line) = (self.offset, self.line);
        self.advance(&buffer[..end]);
        Cut::Lines(Chunk { input: self.input, reader: self.reader, offset, first_line, buffer, filled: end })
    }

    /// Notes that `bytes` are behind us.
    fn advance(&mut self, bytes: &[u8]) {
        self.offset += bytes.len() as u64;
        self.line += memchr::memchr_iter(b'\n', bytes).count() as u64;
    }

    /// Returns the next whole records in `buffer`. One that is larger than the limit is told and passed
    /// over; one that holds no document is passed over where it does not fit.
    fn cut_records(&mut self, mut buffer: Vec<u8>, mut filled: usize, input: &Input, limits: Limits) -> Cut {
        if filled < self.rest.len() {
            // Nothing more comes; what was left over is all there is.
            buffer.resize(buffer.len().max(self.rest.len()), 0);
            filled = self.rest.len();
            buffer[..filled].copy_from_slice(&self.rest);
        }
        self.rest.clear();
        loop {
            let mut end = 0;
            let mut next = Extent::Unknown;
            while end < filled {
                next = self.reader.extent(&buffer[end..filled]);
                match next {
                    Extent::Known { length, .. } if length <= (filled - end) as u64 && length > 0 => {
                        end += length as usize;
                    }
                    _ => break,
                }
            }
            if end > 0 {
                return self.chunk(buffer, end, filled);
            }
            let (wanted, length) = match next {
                Extent::Known { length, wanted } => (wanted, Some(length)),
                Extent::Unknown => (true, None),
            };
            let least = length.unwrap_or(filled as u64 + 1);
            match &self.state {
                State::End if filled == 0 => return Cut::End(None),
                // The last record is cut off: its reader tells.
                State::End => return self.chunk(buffer, filled, filled),
                State::Damaged(error) => return Cut::End(Some(input.fault(self.unpacked.damage(error)))),
                State::More => {}
            }
            if wanted && least <= limits.max_size {
                let size = usize::try_from(least).unwrap_or(usize::MAX).max(buffer.len().saturating_mul(2));
                buffer.resize(size.min(usize::try_from(limits.max_size).unwrap_or(usize::MAX)), 0);
                (filled, self.state) = fill(&mut self.unpacked, &mut buffer, filled);
                continue;
            }
            let blank = buffer[..filled].iter().take_while(|byte| byte.is_ascii_whitespace());
            let line = self.line + blank.filter(|&&byte| byte == b'\n').count() as u64;
            let mut left = length.unwrap_or(filled as u64);
            while left > 0 && filled > 0 {
                let step = filled.min(usize::try_from(left).unwrap_or(usize::MAX));
                self.advance(&buffer[..step]);
                left -= step as u64;
                buffer.copy_within(step..filled, 0);
                filled -= step;
                if matches!(self.state, State::More) {
                    (filled, self.state) = fill(&mut self.unpacked, &mut buffer, filled);
                }
            }
            if wanted {
                self.rest.extend_from_slice(&buffer[..filled]);
                let limit = size(limits.max_size);
                let message = format!("record is longer than {limit}; raise --max-size to read it");
                return Cut::TooLong(input.fault(message).at(line, 1));
            }
        }
    }

    /// Passes over the rest of a line that is too long, and leaves what follows it in `buffer`.
    fn skip(&mut self, buffer: &mut [u8], filled: &mut usize) -> Option<Cut> {
        loop {
            if let Some(end) = memchr::memchr(b'\n', &buffer[..*filled]) {
                buffer.copy_within(end + 1..*filled, 0);
                *filled -= end + 1;
                self.offset += end as u64 + 1;
                self.line += 1;
                self.skipping = false;
                if matches!(self.state, State::More) {
                    (*filled, self.state) = fill(&mut self.unpacked, buffer, *filled);
                }
                return None;
            }
            self.offset += *filled as u64;
            match &self.state {
                State::More => (*filled, self.state) = fill(&mut self.unpacked, buffer, 0),
                State::End | State::Damaged(_) => {
                    *filled = 0;
                    self.skipping = false;
                    return None;
                }
            }
        }
    }
}

impl std::fmt::Debug for Cutter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cutter")
            .field("input", &self.input)
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}

/// Where a record, or a run of whole lines, stands in a file of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LinePlace {
    /// Its first byte in the decompressed file.
    pub offset: u64,
    /// Its length in bytes.
    pub length: u64,
    /// 1-based number of its first line.
    pub first_line: u64,
}

/// Reads `wanted` lines of `input` again and gives each, in order, as a piece.
///
/// `wanted` is sorted by offset and does not overlap. A file of UTF-16 is given once, whole: its lines
/// mean nothing apart. So the receiver takes from a piece the records it knows by number.
///
/// # Errors
/// If the input cannot be opened any more, or no longer has a line where it had one. Pieces already given
/// stay given.
pub fn revisit_lines(
    input: &Input,
    limits: Limits,
    wanted: &[LinePlace],
    give: &mut dyn FnMut(Piece<'_>),
) -> Result<(), ReadError> {
    let mut stored = input.stored()?;
    let mut buffer = Vec::new();
    let changed = || input.fault("changed while it was read");
    let unreadable = |error: io::Error| input.fault(format!("cannot be read again: {error}"));
    stored.append(HEAD, &mut buffer).map_err(unreadable)?;
    let compressed = Compression::of(&buffer).is_some();
    let mut unpacked = if compressed { Some(input.unpacked(limits)?) } else { None };
    if let Some(unpacked) = &mut unpacked {
        buffer.resize(HEAD as usize, 0);
        let (filled, _) = fill(unpacked, &mut buffer, 0);
        buffer.truncate(filled);
    }
    if is_utf16(&buffer) {
        return match super::input::open(input, limits, &mut buffer) {
            Ok(_) => {
                give(input.whole(&buffer));
                Ok(())
            }
            Err(Refusal::Fault(fault)) => Err(fault),
            Err(Refusal::Skip(_)) => Err(changed()),
        };
    }
    if compressed {
        unpacked = Some(input.unpacked(limits)?);
    }
    let mut seen = 0;
    for place in wanted {
        // The byte before must end a line: this is how a file that was rewritten is noticed. Where the
        // last piece ended with it, it is behind us.
        let before = u64::from(place.offset > seen);
        seen = place.offset.saturating_add(place.length);
        let from = place.offset - before;
        buffer.clear();
        let most = place.length.saturating_add(before);
        match &mut unpacked {
            None => {
                stored.move_to(from).map_err(unreadable)?;
                stored.append(most, &mut buffer).map_err(unreadable)?;
            }
            Some(unpacked) => {
                let gap = from.saturating_sub(unpacked.position());
                io::copy(&mut unpacked.take(gap), &mut io::sink())
                    .and_then(|_| unpacked.take(most).read_to_end(&mut buffer))
                    .map_err(|error| input.fault(unpacked.damage(&error)))?;
            }
        }
        let (line_end, bytes) = buffer.split_at_checked(before as usize).ok_or_else(changed)?;
        if bytes.len() as u64 != place.length || line_end.first().is_some_and(|&byte| byte != b'\n') {
            return Err(changed());
        }
        give(Piece {
            path: &input.path,
            bytes,
            offset: place.offset,
            first_line: place.first_line,
            named: input.named,
        });
    }
    Ok(())
}

/// How much of a file shows its compression and whether it is UTF-16, in bytes.
const HEAD: u64 = 8 << 10;

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::super::compress::tests::{ALL, packed, text};
    use super::super::input::{BINARY, open};
    use super::super::{ReadOptions, Sink};
    use super::*;

    /// A reader of lines, whatever they hold.
    struct Lines;

    impl Reader for Lines {
        fn name(&self) -> &'static str {
            "lines"
        }
        fn summary(&self) -> &'static str {
            ""
        }
        fn extensions(&self) -> &'static [&'static str] {
            &[]
        }
        fn recognises(&self, _: &str) -> bool {
            false
        }
        fn framing(&self) -> Framing {
            Framing::Lines
        }
        fn read(&self, _: &Piece<'_>, _: &ReadOptions, _: &mut dyn Sink) {}
    }

    struct Folder(tempfile::TempDir);

    impl Folder {
        fn new() -> Self {
            Self(tempfile::tempdir().expect("a temporary folder"))
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn input(&self, name: &str, bytes: &[u8]) -> Input {
            let path = self.path(name);
            std::fs::write(&path, bytes).expect("a file");
            Input::file(Arc::from(path.to_string_lossy()), path, true)
        }

        fn lines(&self, name: &str, bytes: &[u8]) -> Input {
            self.input(name, bytes).read_by(&Lines)
        }
    }

    const LIMITS: Limits = Limits { max_size: 512 << 20 };

    /// One line as it came: bytes, offset, number.
    type Line = (Vec<u8>, u64, u64);

    fn lines_of(bytes: &[u8], mut offset: u64, mut number: u64) -> Vec<Line> {
        let mut lines = Vec::new();
        for line in bytes.split_inclusive(|&byte| byte == b'\n') {
            lines.push((line.to_vec(), offset, number));
            offset += line.len() as u64;
            number += 1;
        }
        lines
    }

    /// All lines and all faults that the work on `inputs` gives.
    fn work(inputs: &[Input], limits: Limits, chunk: usize) -> (Vec<Line>, Vec<String>) {
        let (mut lines, mut faults) = (Vec::new(), Vec::new());
        let mut pieces = Pieces::of_size(inputs, limits, chunk);
        let mut buffer = Vec::new();
        let mut sequence = 0;
        while let Some(work) = pieces.next() {
            assert_eq!(work.sequence, sequence);
            sequence += 1;
            match work.task {
                Task::Lines(chunk) => {
                    let piece = chunk.piece(&inputs[chunk.input]);
                    lines.extend(lines_of(piece.bytes, piece.offset, piece.first_line));
                    pieces.recycle(chunk);
                }
                Task::Files(range) => {
                    for input in &inputs[range] {
                        match open(input, limits, &mut buffer) {
                            Ok(opened) => {
                                lines.extend(lines_of(&buffer, 0, 1));
                                faults.extend(opened.damage.map(|fault| fault.message));
                            }
                            Err(refusal) => faults.push(format!("{refusal:?}")),
                        }
                    }
                }
                Task::Refused(_, Refusal::Fault(fault)) => {
                    faults.push(fault.to_string().split_once(':').unwrap_or_default().1.to_owned());
                }
                Task::Refused(_, Refusal::Skip(why)) => faults.push(why.to_owned()),
            }
        }
        (lines, faults)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn any_size_of_chunk_gives_the_same_lines(
            text in "([a-c]{0,40}\\r?\\n|[\\n]){0,40}[a-c]{0,9}",
            chunk in 1_usize..200,
            kind in proptest::option::of(0_usize..5),
        ) {
            let folder = Folder::new();
            let stored = kind.map_or_else(|| text.clone().into_bytes(), |kind| packed(ALL[kind], text.as_bytes()));
            let inputs = [folder.lines("feed", &stored)];
            let (lines, faults) = work(&inputs, LIMITS, chunk);
            prop_assert_eq!(lines, lines_of(text.as_bytes(), 0, 1));
            prop_assert!(faults.is_empty());
        }

        #[test]
        fn a_revisit_gives_what_the_first_read_gave(
            text in "([a-c]{0,40}\\r?\\n|[\\n]){1,40}[a-c]{0,9}",
            wanted in proptest::collection::vec(any::<bool>(), 41),
            with_ends in any::<bool>(),
            kind in proptest::option::of(0_usize..5),
        ) {
            let folder = Folder::new();
            let stored = kind.map_or_else(|| text.clone().into_bytes(), |kind| packed(ALL[kind], text.as_bytes()));
            let input = folder.lines("feed", &stored);
            let mut lines = lines_of(text.as_bytes(), 0, 1);
            let mut wanted = wanted.into_iter();
            lines.retain(|_| wanted.next().unwrap_or_default());
            if !with_ends {
                for (line, ..) in &mut lines {
                    line.truncate(line.trim_ascii_end().len());
                }
            }
            let places: Vec<LinePlace> = lines
                .iter()
                .map(|(line, offset, first_line)| {
                    LinePlace { offset: *offset, length: line.len() as u64, first_line: *first_line }
                })
                .collect();
            let mut again = Vec::new();
            let result = revisit_lines(&input, LIMITS, &places, &mut |piece| {
                again.push((piece.bytes.to_vec(), piece.offset, piece.first_line));
            });
            prop_assert_eq!(result, Ok(()));
            prop_assert_eq!(again, lines);
        }
    }

    #[test]
    fn large_files_of_records_come_in_chunks_of_bounded_memory() {
        let folder = Folder::new();
        let text = text(3 * CHUNK + 77);
        let inputs =
            [folder.lines("feed.gz", &packed(Compression::Gzip, &text)), folder.lines("feed", &text)];
        let mut pieces = Pieces::new(&inputs, LIMITS);
        let mut sizes = Vec::new();
        while let Some(work) = pieces.next() {
            let Task::Lines(chunk) = work.task else { panic!("{work:?}") };
            assert_eq!(chunk.buffer.len(), CHUNK);
            sizes.push((chunk.input, chunk.bytes().len()));
            pieces.recycle(chunk);
            assert_eq!(pieces.spare.len(), 1);
        }
        for input in [0, 1] {
            let of_input = sizes.iter().filter(|(of, _)| *of == input).map(|(_, size)| size);
            assert_eq!(of_input.sum::<usize>(), text.len());
        }
        assert!(sizes.len() <= 10, "{sizes:?}");
    }

    #[test]
    fn small_files_go_out_many_at_a_time_and_in_order() {
        let folder = Folder::new();
        let mut inputs: Vec<Input> = (0..200).map(|n| folder.input(&format!("{n}.txt"), b"tide\n")).collect();
        inputs.insert(100, folder.lines("large", &text(5000)));
        let mut next = 0;
        let mut works = 0;
        for work in Pieces::of_size(&inputs, LIMITS, 1000) {
            works += 1;
            match work.task {
                Task::Files(range) => {
                    assert_eq!(range.start, next);
                    next = range.end;
                }
                Task::Lines(chunk) => {
                    assert_eq!(chunk.input, 100);
                    next = 101;
                }
                Task::Refused(..) => panic!("{work:?}"),
            }
        }
        assert_eq!(next, inputs.len());
        assert!(works < 80, "{works}");
    }

    #[test]
    fn a_line_over_the_limit_is_told_and_the_others_are_read() {
        let folder = Folder::new();
        let long = "x".repeat(1000);
        let limits = Limits { max_size: 100 };
        for chunk in [10, 64, 100, 5000] {
            let text = format!("one\n{long}\nthree\n\n{long}");
            let (lines, faults) = work(&[folder.lines("feed", text.as_bytes())], limits, chunk);
            let text: Vec<_> =
                lines.iter().map(|(line, offset, number)| (&line[..], *offset, *number)).collect();
            assert_eq!(text, [(&b"one\n"[..], 0, 1), (b"three\n", 1005, 3), (b"\n", 1011, 4)]);
            let message = "line is longer than 100 bytes; raise --max-size to read it";
            assert_eq!(faults, [format!("2:1: {message}"), format!("5:1: {message}")]);
        }
    }

    #[test]
    fn a_long_line_is_read_up_to_the_limit_and_its_memory_is_given_back() {
        let folder = Folder::new();
        let text = format!("one\n{}\nthree\n", "x".repeat(100_000));
        let inputs = [folder.lines("feed", text.as_bytes())];
        let mut pieces = Pieces::of_size(&inputs, LIMITS, 10);
        let mut longest = 0;
        while let Some(work) = pieces.next() {
            let Task::Lines(chunk) = work.task else { panic!("{work:?}") };
            longest = longest.max(chunk.bytes().len());
            pieces.recycle(chunk);
            assert!(pieces.spare.iter().all(|buffer| buffer.len() == 10));
        }
        assert!((100_001..100_010).contains(&longest), "{longest}");
    }

    #[test]
    fn a_damaged_stream_gives_its_whole_lines_and_one_fault() {
        let folder = Folder::new();
        let text = text(1_000_000);
        for kind in ALL {
            let stored = packed(kind, &text);
            let stored = &stored[..stored.len() / 2];
            for chunk in [1 << 16, CHUNK] {
                let (lines, faults) = work(&[folder.lines("feed", stored)], LIMITS, chunk);
                let read: usize = lines.iter().map(|(line, ..)| line.len()).sum();
                assert!(read > 200_000 && text[..read].ends_with(b"\n"), "{kind:?} {read}");
                assert_eq!(lines, lines_of(&text[..read], 0, 1));
                assert_eq!(faults.len(), 1);
                assert!(faults[0].contains("stream ends early at byte"), "{faults:?}");
            }
        }
    }

    #[test]
    fn what_is_gone_or_binary_is_told_and_the_rest_is_read() {
        let folder = Folder::new();
        let gone = folder.lines("gone.gz", b"");
        std::fs::remove_file(folder.path("gone.gz")).expect("removed");
        let mut walked = folder.lines("walked.gz", b"a\0b, and so on\n");
        walked.named = false;
        let inputs = [
            gone,
            folder.lines("named.gz", b"a\0b, and so on\n"),
            walked,
            folder.lines("feed.gz", b"tide\n"),
        ];
        let (lines, faults) = work(&inputs, LIMITS, CHUNK);
        assert_eq!(lines, [(b"tide\n".to_vec(), 0, 1)]);
        assert_eq!(
            faults,
            [" no such file or folder", " is a binary file (NUL byte at byte 1)", BINARY].map(str::to_owned)
        );
    }

    #[test]
    fn lines_of_utf16_are_read_whole() {
        let folder = Folder::new();
        // U+0A0A has two bytes that look like line ends.
        let units =
            "one\n\u{a0a}two\n".repeat(100).encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let input = folder.lines("feed", &units);
        let mut pieces = Pieces::of_size(std::slice::from_ref(&input), LIMITS, 64);
        assert!(matches!(pieces.next().map(|work| work.task), Some(Task::Files(range)) if range == (0..1)));
        assert!(pieces.next().is_none());
        let mut again = Vec::new();
        let place = LinePlace { offset: 8, length: 8, first_line: 2 };
        let result =
            revisit_lines(&input, LIMITS, &[place], &mut |piece| again.extend_from_slice(piece.bytes));
        assert_eq!((result, again), (Ok(()), units));
    }

    #[test]
    fn a_file_that_changed_meanwhile_is_told() {
        let folder = Folder::new();
        let place = LinePlace { offset: 4, length: 4, first_line: 2 };
        for changed in ["one\ntw", "", "lonely and long\n"] {
            let input = folder.lines("feed", changed.as_bytes());
            let result = revisit_lines(&input, LIMITS, &[place], &mut |_| panic!("{changed:?}"));
            assert_eq!(result.map_err(|fault| fault.message), Err("changed while it was read".to_owned()));
        }
        std::fs::remove_file(folder.path("feed")).expect("removed");
        let input = Input::file(Arc::from("feed"), folder.path("feed"), true);
        let result = revisit_lines(&input, LIMITS, &[place], &mut |_| {});
        assert_eq!(result.map_err(|fault| fault.to_string()), Err("feed: no such file or folder".to_owned()));
    }

    #[test]
    fn records_are_cut_where_they_say_they_end() {
        #[derive(Default)]
        struct Texts(Vec<(u32, String)>, Vec<String>);
        impl Sink for Texts {
            fn document(&mut self, document: &mut crate::document::Document) {
                let line = document.origin.record.unwrap_or(0);
                self.0.push((line, std::mem::take(&mut document.text)));
            }
            fn fault(&mut self, fault: ReadError) {
                self.1.push(fault.to_string());
            }
            fn not_a_document(&mut self, _: &'static str) {}
        }
        let record = |kind: &str, body: &str| {
            let block = format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n{body}");
            let length = block.len();
            format!(
                "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: {length}\r\n\r\n{block}\r\n\r\n"
            )
        };
        let picture = "\n\0".repeat(4000);
        let page = |n: u32| record("text/html", &format!("<p>Page number {n} of the crawl.</p>"));
        let long = record("text/html", &"<p>Long, long page.</p>\n".repeat(400));
        let file = [page(1), record("image/png", &picture), page(2), long.clone(), page(3), page(4)].concat();
        let folder = Folder(tempfile::tempdir().unwrap());
        for bytes in [file.clone().into_bytes(), packed(Compression::Gzip, file.as_bytes())] {
            let path = folder.0.path().join("a.warc.gz");
            std::fs::write(&path, &bytes).unwrap();
            let input = [Input::file(Arc::from("a.warc.gz"), path, true)];
            for chunk in [64, 700, 100_000] {
                let limits = Limits { max_size: 4096 };
                let mut texts = Texts::default();
                for work in Pieces::of_size(&input, limits, chunk) {
                    match work.task {
                        Task::Lines(chunk) => {
                            assert!(chunk.bytes().len() < 6000 || chunk.bytes().len() == file.len());
                            let options = ReadOptions::default();
                            chunk.reader.read(&chunk.piece(&input[0]), &options, &mut texts);
                        }
                        Task::Refused(_, Refusal::Fault(fault)) => texts.fault(fault),
                        other => panic!("{other:?}"),
                    }
                }
                let numbers: Vec<u32> = file
                    .match_indices("WARC/1.0")
                    .map(|(at, _)| file[..at].matches('\n').count() as u32 + 1)
                    .collect();
                let expected: Vec<(u32, String)> = [(0, 1), (2, 2), (4, 3), (5, 4)]
                    .map(|(at, n)| (numbers[at], format!("Page number {n} of the crawl.")))
                    .to_vec();
                assert_eq!(texts.0, expected, "{chunk}");
                let fault = format!(
                    "a.warc.gz:{}:1: record is longer than 4 KiB; raise --max-size to read it",
                    numbers[3]
                );
                assert_eq!(texts.1, [fault], "{chunk}");
            }
        }
    }
}
