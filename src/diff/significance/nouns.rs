//! Words that tell of the words beside them whether they are nouns, or stand in a list.

/// Whether a word opens a phrase that a noun ends.
pub(super) fn opens_noun(word: &str) -> bool {
    matches!(
        word,
        "the"
            | "a"
            | "an"
            | "his"
            | "her"
            | "its"
            | "their"
            | "our"
            | "my"
            | "this"
            | "these"
            | "those"
            | "some"
            | "any"
            | "no"
            | "many"
            | "few"
            | "more"
            | "most"
            | "other"
            | "of"
            | "in"
            | "on"
            | "at"
            | "by"
            | "for"
            | "with"
            | "from"
            | "into"
            | "over"
            | "under"
            | "through"
            | "against"
            | "between"
            | "about"
            | "after"
            | "before"
            | "during"
            | "near"
    )
}

/// Whether a word stands behind a noun and hardly ever behind a verb.
pub(super) fn follows_noun(word: &str) -> bool {
    matches!(
        word,
        "is" | "was"
            | "are"
            | "were"
            | "has"
            | "had"
            | "have"
            | "will"
            | "would"
            | "can"
            | "could"
            | "may"
            | "must"
            | "of"
            | "who"
            | "which"
            | "whose"
    )
}

/// Whether a word joins what stands in a list, in any order.
pub(super) fn joins_a_list(word: &str) -> bool {
    matches!(
        word,
        "and" | "or" | "nor" | "with" | "und" | "oder" | "et" | "ou" | "y" | "o" | "и" | "или" | "و" | "और"
    )
}

/// Whether a word says of everything, or of all that there is, what follows.
pub(super) fn is_all(word: &str) -> bool {
    matches!(
        word,
        "all" | "every" | "everyone" | "everybody" | "everything" | "always" | "none" | "nothing" | "nobody"
    )
}
