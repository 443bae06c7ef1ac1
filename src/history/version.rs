//! What each version did.

use crate::diff::{EditKind, MetadataEdit, Reason, Significance, WordOp};

/// One version of a document and how it differs from the one before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Version {
    /// 1-based.
    pub number: u32,
    /// What its source calls it: the snapshot's `version`, the commit, the file's name.
    pub label: String,
    /// When it was saved, as its source writes it.
    pub time: Option<String>,
    /// Who saved it.
    pub author: Option<String>,
    /// What its author said of the change.
    pub comment: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// BLAKE3 of the stored text; `None` where the text is missing.
    pub digest: Option<[u8; 32]>,
    /// Why there is no text; empty where there is one.
    pub missing: String,
    /// Words of its text.
    pub words: u64,
    /// Words that the version before had not, restored ones included.
    pub added: u64,
    /// Those of `added` that had stood in an earlier version.
    pub restored: u64,
    /// Words of the version before that it no longer had.
    pub removed: u64,
    /// Words that it was the first to have, and that the text told of still has.
    pub surviving: u64,
    /// How much the step from the version before matters; `None` for the first version.
    pub significance: Significance,
    /// Why it is substantive; sorted.
    pub reasons: Vec<Reason>,
    /// How much of the step matters that is new: passages left out that only come back, or go again.
    pub novel: Significance,
    /// The number of the latest earlier version whose stored text is byte for byte the same, unless that is
    /// the one just before.
    pub reverts_to: Option<u32>,
    /// Whether the stored text is byte for byte that of the version before, and so are headline, address and date
    /// of publication.
    pub unchanged: bool,
    /// Whether the text changed in substance, and neither its date nor a note says so.
    pub silent: bool,
    /// The fields of the metadata that differ from the version before.
    pub metadata: Vec<MetadataEdit>,
    /// What changed, of the significance that [`HistoryOptions::changes`](super::HistoryOptions::changes)
    /// asked for, in the order of the text.
    pub changes: Vec<Change>,
    /// How many more changes of that significance there are, which are not kept.
    pub more_changes: u64,
}

/// A change within one paragraph, or of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What became of the paragraph.
    pub kind: EditKind,
    /// Whether it moved.
    pub moved: bool,
    /// 1-based number of the paragraph in the version; of the one before, for a deletion.
    pub paragraph: u32,
    /// How much it matters.
    pub significance: Significance,
    /// Why it is substantive; sorted.
    pub reasons: Vec<Reason>,
    /// Whether it only brings back a passage that had stood before, or takes one out that had been taken out
    /// before.
    pub again: bool,
    /// Its words; what is far from any change is left out.
    pub runs: Vec<ChangeRun>,
}

/// A stretch of a change's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeRun {
    /// Words that stayed, came or went.
    Words(WordOp, String),
    /// Words that are left out here, all of one kind.
    Left(WordOp),
}

/// A version that undid what others had done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revert {
    /// The number of the version that undid.
    pub version: u32,
    /// The number of the version whose stored text it brought back; `None` where it undid only a part.
    pub to: Option<u32>,
    /// The numbers of the versions that it undid, oldest first.
    pub undoes: Vec<u32>,
    /// Words that it restored.
    pub restored: u64,
    /// Words that it took out again.
    pub removed: u64,
}

/// Versions in a row, three or more, of which each only brings back a text that had stood before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flap {
    /// The number of the first version that brought a text back.
    pub first: u32,
    /// The number of the last one.
    pub last: u32,
    /// The numbers of the versions that first had the texts, in order.
    pub texts: Vec<u32>,
}

/// How much of the text that is told one author wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorShare {
    /// The author as the source writes the name; `None` for versions without one.
    pub author: Option<String>,
    /// Words of the text that versions of this author were the first to have.
    pub words: u64,
    /// Versions of this author.
    pub versions: u64,
}

/// Which wordings each version is made of: only what differs from the version before.
#[derive(Clone, Debug, Default)]
pub(super) struct Layouts {
    pub steps: Vec<LayoutStep>,
}

/// A version's wordings: those of the version before, but for a stretch in the middle.
#[derive(Clone, Debug, Default)]
pub(super) struct LayoutStep {
    /// How many at the front are those of the version before.
    pub head: u32,
    /// How many at the end are.
    pub tail: u32,
    /// What stands between.
    pub middle: Vec<u32>,
}

impl Layouts {
    /// Returns the wordings of each version, in order.
    pub fn each(&self) -> impl Iterator<Item = Vec<u32>> + '_ {
        let mut before: Vec<u32> = Vec::new();
        self.steps.iter().map(move |step| {
            let tail = before.len().saturating_sub(step.tail as usize);
            let mut now = Vec::with_capacity(step.head as usize + step.middle.len() + step.tail as usize);
            now.extend(before.iter().take(step.head as usize));
            now.extend(&step.middle);
            now.extend(before.iter().skip(tail));
            before.clone_from(&now);
            now
        })
    }
}
