//! What the index says of the documents of a run, and what of that is told.
//!
//! Documents are taken in while they are read, in the order of the input. What the index knows already is
//! left out of the facts of the run; what repeats an older item is told with that item as the related place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::remembered::{Kin, Remembered};
use crate::document::DocumentId;
use crate::duplicates::exact::{Facts, Spot};
use crate::duplicates::join::Counts;
use crate::duplicates::{Similarity, Threshold};
use crate::error::{IndexError, ReadError};
use crate::fingerprint::Digest;
use crate::index::{Answer, Asked, Index, Item, Itemizer, Older, RevisionTold, Shared, Status};
use crate::lint::fold::{Folded, Repeat};
use crate::lint::rules::silent_edit;
use crate::lint::scope::Scopes;
use crate::lint::{BoilerplateLimits, Flag, Inside, Telling};

/// How many items, and how many bytes of their text, are taken in together.
const BATCH: usize = 8192;
const BATCH_BYTES: usize = 32 << 20;

/// What the index says of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemStatus {
    /// The file it stands in.
    pub path: String,
    /// 1-based line of a JSONL file, or item of an array or feed; `None` where a file is one document.
    pub record: Option<u32>,
    /// Its id.
    pub id: Option<String>,
    /// What people call it: its id, its address, or its place.
    pub called: String,
    /// What it is to the items before it.
    pub status: Status,
    /// The older item of another name: for a repeat, a near repeat, and a revision under another id.
    pub of: Option<String>,
    /// The date of the older item, or of the version before: as its source writes it, or else when it was
    /// first seen.
    pub since: Option<String>,
    /// For a near repeat how much the two share, in 3-word runs.
    pub similarity: Option<Similarity>,
    /// For a near repeat that is one because it stands almost whole in the older item: how long each is.
    pub inside: Option<Inside>,
    /// For a revised item whose last text is kept: what changed.
    pub revision: Option<RevisionTold>,
}

impl ItemStatus {
    /// The same item as that which `status` says, to the item `of` of the date `since`.
    fn standing(&self, (status, of, since): (Status, Option<String>, Option<String>)) -> Self {
        Self { status, of, since, similarity: None, inside: None, ..self.clone() }
    }
}

/// An index to check against. A transaction has [begun](Index::begin).
pub struct Against<'i> {
    /// The index.
    pub index: &'i mut Index,
    /// When the documents are seen, in seconds since 1970.
    pub now: i64,
    /// For a run that only fills the index: documents are taken in and compared with nothing, what came is
    /// committed batch by batch, and each committed batch is told here.
    pub filling: Option<Filling<'i>>,
}

/// How an index is filled.
#[derive(Clone, Copy)]
pub struct Filling<'i> {
    /// How many items are committed together at most.
    pub batch: usize,
    /// Hears of each batch when it is on the disk.
    pub committed: &'i (dyn Fn(&[Answer]) + Sync),
    /// Names this process to others that want to write.
    pub who: &'i str,
}

/// The index, while documents are read.
pub(super) struct Taking<'i> {
    index: &'i mut Index,
    asked: Asked,
    now: i64,
    filling: Option<Filling<'i>>,
    /// The first number of this run.
    base: u32,
    waiting: Vec<Item>,
    bytes: usize,
    answers: Vec<Answered>,
    failed: Option<IndexError>,
}

/// What is kept of an item and its answer.
struct Answered {
    status: ItemStatus,
    number: u32,
    /// The date by which it is known.
    dated: String,
    /// The item of another id that it repeats, or nearly does; for a known item itself.
    older: Option<Older>,
    /// Whether all its paragraphs stand in the older item of another id.
    repeats: bool,
    whole: bool,
    likeness: Option<Counts>,
    inside: bool,
    holds: Vec<(Older, Counts)>,
    digest: Digest,
    stated: Option<String>,
    /// Start, digest, the older item, in how many items.
    shared: Vec<(u32, Digest, Older, u32)>,
    /// The same of those that have left the comparison.
    left: Vec<(u32, Digest, Older, u32)>,
    /// Start, digest, the older item, how much they share.
    near: Vec<(u32, Digest, Older, Counts)>,
}

fn whole_digest(half: &[u8; 16]) -> Digest {
    let mut digest = [0; 32];
    digest[..16].copy_from_slice(half);
    Digest(digest)
}

impl<'i> Taking<'i> {
    pub fn new(
        against: Against<'i>,
        threshold: Threshold,
        near_paragraphs: bool,
        scopes: Option<&Scopes>,
    ) -> Self {
        let Against { index, now, filling } = against;
        if let Some(scopes) = scopes.cloned() {
            index.compare_within(move |path| scopes.name(path));
        }
        let base = index.next();
        let compare = filling.is_none();
        let asked = Asked { threshold, compare, near_paragraphs: compare && near_paragraphs };
        Self {
            index,
            asked,
            now,
            filling,
            base,
            waiting: Vec::new(),
            bytes: 0,
            answers: Vec::new(),
            failed: None,
        }
    }

    /// What makes items of documents.
    pub fn itemizer(&self) -> Itemizer {
        Itemizer::new(self.index.terms())
    }

    /// Takes the next items, which come in the order of the input; `items` is empty then.
    pub fn push(&mut self, items: &mut Vec<Item>) {
        if self.failed.is_some() {
            items.clear();
            return;
        }
        let batch = self.filling.map_or(BATCH, |filling| filling.batch.max(1));
        for item in items.drain(..) {
            self.bytes += item.blocks.iter().map(|block| block.text.len()).sum::<usize>();
            self.waiting.push(item);
            if self.waiting.len() >= batch || self.bytes >= BATCH_BYTES {
                self.flush();
            }
        }
    }

    fn flush(&mut self) {
        let items = std::mem::take(&mut self.waiting);
        self.bytes = 0;
        if self.failed.is_none()
            && let Err(error) = self.take(items)
        {
            self.failed = Some(error);
        }
    }

    fn take(&mut self, items: Vec<Item>) -> Result<(), IndexError> {
        let answers = self.index.take(&items, self.asked, self.now)?;
        match self.filling {
            None => {
                self.answers.extend(items.into_iter().zip(answers).map(|both| Answered::new(both, self.now)))
            }
            Some(Filling { committed, who, .. }) => {
                self.index.commit()?;
                committed(&answers);
                self.index.go_on(who)?;
            }
        }
        Ok(())
    }

    pub fn finish(mut self, errors: &mut Vec<ReadError>) -> Taken {
        if self.failed.is_none() {
            self.flush();
        }
        if let Some(IndexError { path, message }) = self.failed {
            // Half a batch is none.
            self.index.roll_back();
            errors.push(ReadError::new(&Arc::from(path.to_string_lossy().as_ref()), message));
        }
        let on = self.filling.is_none();
        Taken { on, base: self.base, items: self.index.next() - 1, answers: self.answers }
    }
}

impl Answered {
    fn new((item, answer): (Item, Answer), now: i64) -> Self {
        let Answer {
            number,
            status,
            of,
            other,
            repeats,
            likeness,
            inside,
            whole,
            revision,
            holds,
            shared,
            left,
            near,
            ..
        } = answer;
        let called = item.called();
        let nearly = likeness.filter(|_| status == Status::NearRepeat);
        let told = ItemStatus {
            path: item.path.clone(),
            record: (item.record > 0).then_some(item.record),
            id: item.meta.id.clone(),
            of: of.as_ref().map(|older| older.called.clone()).filter(|older| *older != called),
            called,
            status,
            since: of.as_ref().map(|older| older.since.clone()),
            similarity: nearly.map(Counts::similarity),
            inside: nearly
                .filter(|_| inside)
                .map(|counts| Inside { inner: counts.left, outer: counts.right }),
            revision,
        };
        let places = |all: Vec<Shared>, paragraphs: &[([u8; 16], u32)]| {
            let place = |shared: Shared| {
                let &(digest, start) = paragraphs.get(shared.paragraph as usize)?;
                Some((start, whole_digest(&digest), shared.older, shared.documents))
            };
            all.into_iter().filter_map(place).collect()
        };
        let (shared, left) = (places(shared, &item.paragraphs), places(left, &item.left));
        let near = near.into_iter().filter_map(|near| {
            let &(digest, start) = item.paragraphs.get(near.paragraph as usize)?;
            Some((start, whole_digest(&digest), near.older, near.counts))
        });
        let near = near.collect();
        let digest = whole_digest(item.digest());
        let stated = item.stated_change().map(str::to_owned);
        let older = if status == Status::Revised { other } else { of };
        Self {
            status: told,
            number,
            dated: item.since(now),
            older,
            repeats,
            whole,
            likeness,
            inside,
            holds,
            digest,
            stated,
            shared,
            left,
            near,
        }
    }

    /// What the document is to an item of another id that was there before the run.
    fn repeats(&self, base: u32) -> Option<(Telling, &Older)> {
        let older = self.older.as_ref().filter(|older| older.number < base)?;
        match self.status.status {
            Status::New | Status::Known => None,
            _ if self.whole => Some((Telling::DuplicateDocument, older)),
            _ => Some((Telling::NearDuplicateDocument, older)),
        }
    }

    /// Whether `older`, an item from before the run, is an earlier version of the item of this run that the
    /// document repeats as a whole: what it shares with that one is told by then.
    fn is_told_by_the_run(&self, older: &Older, base: u32) -> bool {
        !matches!(self.status.status, Status::New | Status::Known)
            && self.older.as_ref().is_some_and(|of| of.number >= base && of.called == older.called)
    }
}

/// What the index said of all documents of a run.
#[derive(Default)]
pub(super) struct Taken {
    /// Whether there was an index.
    on: bool,
    base: u32,
    /// How many items the index holds.
    items: u32,
    /// By the number of the document.
    answers: Vec<Answered>,
}

/// Which repeats the index tells.
#[derive(Default)]
pub(super) struct IndexTells {
    /// Paragraphs and documents that stood in an older item.
    spots: BTreeSet<Spot>,
    /// Documents that are told as repeats of an older item and are no part of the run's own facts.
    wholes: BTreeSet<DocumentId>,
    /// Paragraphs that nearly did.
    near: BTreeSet<Spot>,
    boilerplate: BTreeSet<Digest>,
}

impl IndexTells {
    /// Whether the index tells what `repeat` would.
    pub fn covers(&self, repeat: &Repeat) -> bool {
        match repeat.telling {
            Telling::DuplicateDocument | Telling::NearDuplicateDocument => {
                self.spots.contains(&Spot { start: Spot::WHOLE, ..repeat.again })
            }
            Telling::SharedParagraph if self.wholes.contains(&repeat.again.document) => true,
            Telling::SharedParagraph | Telling::Boilerplate => {
                self.spots.contains(&repeat.again)
                    || repeat.digest.is_some_and(|digest| self.boilerplate.contains(&digest))
            }
            Telling::NearSharedParagraph => {
                self.spots.contains(&repeat.again) || self.near.contains(&repeat.again)
            }
            Telling::RepeatedParagraph | Telling::NearRepeatedParagraph | Telling::CopiedPassage => false,
        }
    }
}

impl Taken {
    fn documents(&self) -> impl Iterator<Item = (DocumentId, &Answered)> {
        (0..).map(DocumentId).zip(&self.answers)
    }

    fn answer(&self, document: DocumentId) -> Option<&Answered> {
        self.answers.get(document.0 as usize)
    }

    /// Whether there is an index.
    pub const fn is_on(&self) -> bool {
        self.on
    }

    /// Whether the index knows the document with this text: nothing is told of it.
    pub fn is_known(&self, document: DocumentId) -> bool {
        self.answer(document).is_some_and(|answer| answer.status.status == Status::Known)
    }

    /// Whether the index knew the document before the run.
    fn was_known(&self, document: DocumentId) -> bool {
        let older = self.answer(document).and_then(|answer| answer.older.as_ref());
        self.is_known(document) && older.is_some_and(|older| older.number < self.base)
    }

    /// Whether the document was known only because it came before in this run.
    fn is_new_copy(&self, document: DocumentId) -> bool {
        self.is_known(document) && !self.was_known(document)
    }

    /// Where a fault of `document` is told, which another document of the file may explain: at the one that is
    /// new; `None` for nowhere.
    pub fn tells_at(&self, document: DocumentId, first: Option<DocumentId>) -> Option<DocumentId> {
        match first {
            _ if !self.is_known(document) => Some(document),
            Some(_) if self.is_new_copy(document) => Some(document),
            Some(first) if !self.is_known(first) => Some(first),
            _ => None,
        }
    }

    /// The documents that are no part of the run's own facts: what is known, and what is told as a repeat of
    /// an older item as a whole.
    pub fn left_out(&self) -> BTreeSet<DocumentId> {
        let out = self.documents().map(|(document, answer)| {
            let repeats = answer.repeats && answer.repeats(self.base).is_some();
            (document, repeats || answer.status.status == Status::Known, answer.status.id.is_none())
        });
        // A record without a name is known by its text: the second one of a run is a copy of the first.
        let out = out.filter(|&(document, out, nameless)| out && (!nameless || !self.is_new_copy(document)));
        out.map(|(document, ..)| document).collect()
    }

    /// Takes these documents out of the facts.
    pub fn leave_out(&self, facts: &mut Facts) {
        let out = self.left_out();
        if out.is_empty() {
            return;
        }
        // What repeats inside of a document that is told as a whole, but as a part of a longer one, is still told.
        let inner: BTreeSet<DocumentId> =
            self.documents().filter(|(_, one)| !one.whole).map(|(id, _)| id).collect();
        for group in &mut facts.paragraphs {
            let twice: BTreeSet<DocumentId> = group
                .members
                .windows(2)
                .filter(|pair| pair[0].document == pair[1].document)
                .map(|pair| pair[0].document)
                .filter(|document| inner.contains(document) && !self.is_known(*document))
                .collect();
            group.members.retain(|spot| !out.contains(&spot.document) || twice.contains(&spot.document));
        }
        facts.paragraphs.retain(|group| group.members.len() > 1);
        for group in &mut facts.documents {
            group.members.retain(|document| !out.contains(document));
        }
        facts.documents.retain(|group| group.members.len() > 1);
    }

    /// What the index tells, so that the facts of the run need not.
    pub fn telling(&self, limits: BoilerplateLimits) -> IndexTells {
        let mut tells = IndexTells { wholes: self.left_out(), ..IndexTells::default() };
        for told in self.remembered(limits).into_iter().filter(|told| !told.has_left) {
            match told.telling {
                Telling::Boilerplate => drop(tells.boilerplate.insert(told.digest)),
                Telling::NearSharedParagraph => drop(tells.near.insert(told.spot)),
                // What else it is to documents of the run is another fact.
                _ if told.kin == Kin::Holds => {}
                _ => drop(tells.spots.insert(told.spot)),
            }
        }
        tells
    }

    fn is_boilerplate(&self, documents: u32, limits: BoilerplateLimits) -> bool {
        documents >= limits.documents.max(limits.share.least(self.items))
    }

    /// The repeats of what was there before the run, each passage once, in order.
    pub fn remembered(&self, limits: BoilerplateLimits) -> Vec<Remembered<'_>> {
        let mut out = Vec::new();
        let mut said = BTreeSet::new();
        // In how many items a paragraph stands at the end of the run.
        let mut counts: BTreeMap<Digest, u32> = BTreeMap::new();
        for (_, digest, _, documents) in self.answers.iter().flat_map(|answer| &answer.shared) {
            let count = counts.entry(*digest).or_default();
            *count = (*count).max(*documents);
        }
        for (document, answer) in self.documents() {
            for (start, digest, older, documents) in &answer.left {
                let boilerplate = self.is_boilerplate(*documents, limits);
                if older.number < self.base {
                    out.push(Remembered {
                        spot: Spot { document, start: *start },
                        telling: if boilerplate { Telling::Boilerplate } else { Telling::SharedParagraph },
                        older,
                        documents: *documents,
                        digest: *digest,
                        likeness: None,
                        kin: Kin::Alike,
                        has_left: true,
                    });
                }
            }
            if let Some((telling, older)) = answer.repeats(self.base) {
                out.push(Remembered {
                    spot: Spot { document, start: Spot::WHOLE },
                    telling,
                    older,
                    documents: 2,
                    digest: answer.digest,
                    likeness: answer.likeness,
                    // All its paragraphs stand in the other, or nearly all its words.
                    kin: if answer.inside || answer.repeats && !answer.whole {
                        Kin::Inside
                    } else {
                        Kin::Alike
                    },
                    has_left: false,
                });
                continue;
            }
            for (older, counts) in answer.holds.iter().filter(|(older, _)| older.number < self.base) {
                out.push(Remembered {
                    spot: Spot { document, start: Spot::WHOLE },
                    telling: Telling::NearDuplicateDocument,
                    older,
                    documents: 2,
                    digest: answer.digest,
                    likeness: Some(*counts),
                    kin: Kin::Holds,
                    has_left: false,
                });
            }
            for (start, digest, older, counts) in &answer.near {
                if older.number < self.base && !answer.is_told_by_the_run(older, self.base) {
                    out.push(Remembered {
                        spot: Spot { document, start: *start },
                        telling: Telling::NearSharedParagraph,
                        older,
                        documents: 2,
                        digest: *digest,
                        likeness: Some(*counts),
                        kin: Kin::Alike,
                        has_left: false,
                    });
                }
            }
            for (start, digest, older, documents) in &answer.shared {
                if older.number >= self.base {
                    continue;
                }
                let all = counts.get(digest).copied().unwrap_or(*documents);
                let boilerplate = self.is_boilerplate(all, limits);
                if boilerplate && !said.insert(*digest)
                    || !boilerplate && answer.is_told_by_the_run(older, self.base)
                {
                    continue;
                }
                out.push(Remembered {
                    spot: Spot { document, start: *start },
                    telling: if boilerplate { Telling::Boilerplate } else { Telling::SharedParagraph },
                    older,
                    documents: if boilerplate { all } else { *documents },
                    digest: *digest,
                    likeness: None,
                    kin: Kin::Alike,
                    has_left: false,
                });
            }
        }
        out
    }

    /// The items that changed in substance and do not say so.
    pub fn silent_edits(&self) -> Vec<(DocumentId, Flag)> {
        let flags = self.documents().filter_map(|(document, answer)| {
            let revision = answer.status.revision.as_ref()?;
            let called = &answer.status.called;
            Some((document, silent_edit::flag(revision, called, answer.stated.as_deref())?))
        });
        flags.collect()
    }

    /// Says which item of the run repeats which as the findings do: of two that are dated the later one the
    /// earlier, in whichever order they came.
    pub fn agree(&mut self, folded: &Folded) {
        for (first, copies) in folded.copies_of_documents() {
            let Some(older) = self.answer(first) else { continue };
            let number = older.older.as_ref().map(|older| older.number).filter(|number| *number >= self.base);
            let is_first = older.status.status != Status::Repeat || number.is_none();
            let (called, since) = (older.status.called.clone(), older.dated.clone());
            let mut stands_in = None;
            for copy in copies {
                let Some(copy) = self.answers.get_mut(copy.0 as usize) else { continue };
                if matches!(copy.status.status, Status::Revised | Status::Known) {
                    continue;
                }
                let repeats =
                    copy.status.standing((Status::Repeat, Some(called.clone()), Some(since.clone())));
                let before = std::mem::replace(&mut copy.status, repeats);
                stands_in = stands_in.or(Some(before).filter(|_| Some(copy.number) == number));
            }
            let Some(older) = self.answers.get_mut(first.0 as usize).filter(|_| !is_first) else { continue };
            older.status = match stands_in {
                // What the copy was to items before the run.
                Some(ItemStatus { status, of, since, similarity, inside, .. }) => {
                    ItemStatus { similarity, inside, ..older.status.standing((status, of, since)) }
                }
                None => older.status.standing((Status::New, None, None)),
            };
        }
    }

    /// What is reported of each document; `None` for a run without an index.
    pub fn into_items(self) -> Option<Vec<ItemStatus>> {
        self.on.then(|| self.answers.into_iter().map(|answer| answer.status).collect())
    }
}
