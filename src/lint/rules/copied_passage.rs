//! `copied-passage`: many words in a row stand in another document.

use crate::lint::{Rule, Severity, Telling, Told, Words};

/// The rule.
pub(super) struct CopiedPassage;

impl Rule for CopiedPassage {
    fn name(&self) -> &'static str {
        "copied-passage"
    }

    fn default_severity(&self) -> Option<Severity> {
        None
    }

    fn summary(&self) -> &'static str {
        "at least --min-passage words in a row stand in another document"
    }

    fn explanation(&self) -> &'static str {
        EXPLANATION
    }

    fn tells(&self) -> Option<Telling> {
        Some(Telling::CopiedPassage)
    }

    fn words(&self, told: &Told<'_>) -> Words {
        let (words, first) = (told.words, told.first.named());
        let (noun, verb) = if words == 1 { ("word", "stands") } else { ("words", "stand") };
        Words {
            message: format!("{words} {noun} in a row {verb} in {first} too"),
            related: "also stands here",
            help: "quote it and name its source, or say it in other words",
        }
    }
}

const EXPLANATION: &str = "\
A run of words stands in two documents that are otherwise different: a few sentences of an agency report
inside a story of one's own, a paragraph that was copied and continued.

The rule is off unless it is selected (`--select copied-passage`, or `--severity copied-passage=warning`
beside the others). Every run of at least `--min-passage` words (30) is found, and it is told as long as it
is: from the first word to the last that both documents have. The later document is the finding, the
earliest that has the passage the related place. Only words count: case, punctuation and line breaks may
differ. A Chinese or Japanese character is a word of its own.

A passage may go on from one paragraph into the next, short ones too, as copied text does. A heading, a
table or a code block ends it, unless `--blocks` counts those.

It is told last. Words of a paragraph that another rule tells as repeated, shared, nearly so or as
boilerplate are not told again, nor are those of a duplicate document; documents that are near each other,
or of which one stands almost whole in the other, are not compared, and neither are versions of one article.
The choice of rules with `--select` does not change that: a paragraph that is shared as a whole is left to
`shared-paragraph`, also where that is not told.

About 44 bytes for each word that is checked are kept in memory. Where that is more than `--memory-limit`
(8G), the rule is left out, and an error says so.
";
