//! The keys of `copydesk.toml`: one table from which the loader, the schema, `config show` and the
//! documentation's test are made.

/// One key of the settings file.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The name, as written: `min-words`; inside a table with the table before it: `scope.compare-within`.
    pub name: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// The default as it would be written; empty where it is that nothing is said.
    pub default: &'static str,
    /// An example of a value, as written.
    pub example: &'static str,
    /// What it sets, in one line without a full stop.
    pub summary: &'static str,
    /// Whether it may stand in `[[overrides]]` too.
    pub per_path: bool,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Flag,
    /// A whole number, this or more.
    Count(u32),
    /// A decimal above 0 and up to 1.
    Share,
    /// A number of bytes: a whole number, or a string with K, M or G.
    Size,
    /// A list of rule names; `ALL` stands for every rule.
    Rules,
    /// A table: rule = level.
    Levels,
    /// One of a closed list of names.
    Name(Names),
    /// A list of names of a closed list.
    NameList(Names),
    /// An encoding's label.
    Encoding,
    /// A list of globs, as in `.gitignore`.
    Globs,
    /// A list of globs with braces: `docs/{version}/**`.
    Scopes,
    /// A list of passages, `*` standing for any text.
    Passages,
    /// A table: meaning = name of a field.
    Fields,
    /// A file, from the folder of the settings file.
    File,
    /// A table: format = file.
    Outputs,
}

/// A closed list of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// From which severity up a run fails.
    FailOn,
    /// Normal forms.
    Profiles,
    /// Kinds of block.
    Blocks,
    /// Input formats.
    Readers,
    /// What bodies of records are.
    Bodies,
    /// Of which pages only the main content is read.
    MainContent,
    /// Formats of reports.
    Formats,
    /// Levels of rules.
    Levels,
    /// Meanings of fields.
    Meanings,
    /// Rules.
    Rules,
}

impl Names {
    /// Returns the names, in the order of the documentation.
    #[must_use]
    pub fn all(self) -> Vec<&'static str> {
        use crate::document::BlockKind;
        use crate::fingerprint::Profile;
        match self {
            Self::FailOn => vec!["error", "warning", "info", "never"],
            Self::Profiles => Profile::ALL.map(Profile::name).to_vec(),
            Self::Blocks => BlockKind::ALL.map(BlockKind::name).to_vec(),
            Self::Readers => crate::read::READERS.iter().map(|reader| reader.name()).collect(),
            Self::Bodies => vec!["html", "text"],
            Self::MainContent => vec!["auto", "always", "never"],
            Self::Formats => crate::report::findings::FINDINGS.iter().map(|format| format.name()).collect(),
            Self::Levels => vec!["error", "warning", "info", "off"],
            Self::Meanings => crate::read::record::FIELD_MEANINGS.to_vec(),
            Self::Rules => crate::lint::RULES.iter().map(|rule| rule.name()).collect(),
        }
    }

    /// Returns what one of them is called.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::FailOn | Self::Levels => "level",
            Self::Profiles => "profile",
            Self::Blocks => "kind of block",
            Self::Readers => "input format",
            Self::Bodies => "body format",
            Self::MainContent => "choice",
            Self::Formats => "report format",
            Self::Meanings => "meaning of a field",
            Self::Rules => "rule",
        }
    }
}

const fn key(
    name: &'static str,
    kind: Kind,
    default: &'static str,
    example: &'static str,
    summary: &'static str,
) -> Key {
    Key { name, kind, default, example, summary, per_path: false }
}

const fn per_path(mut key: Key) -> Key {
    key.per_path = true;
    key
}

/// Every key but those of `[[overrides]]` and `[[allow]]`, in the order of the documentation.
pub static KEYS: &[Key] = &[
    key(
        "select",
        Kind::Rules,
        "",
        r#"["repeated-paragraph", "shared-paragraph"]"#,
        "tell these rules only; selecting a rule that is off turns it on",
    ),
    per_path(key("ignore", Kind::Rules, "[]", r#"["same-title"]"#, "do not tell these rules")),
    per_path(key(
        "severity",
        Kind::Levels,
        "{}",
        r#"{ shared-paragraph = "error", boilerplate = "off" }"#,
        "how bad each rule is: error, warning, info or off",
    )),
    key(
        "fail-on",
        Kind::Name(Names::FailOn),
        r#""error""#,
        r#""warning""#,
        "the mildest severity that makes the exit status 1",
    ),
    key(
        "profile",
        Kind::Name(Names::Profiles),
        r#""standard""#,
        r#""loose""#,
        "what differences between two passages do not count",
    ),
    per_path(key("min-words", Kind::Count(0), "5", "8", "leave out blocks of fewer words")),
    per_path(key(
        "blocks",
        Kind::NameList(Names::Blocks),
        "[]",
        r#"["heading", "table"]"#,
        "count these kinds of block beside paragraphs, list items, quotations and captions",
    )),
    key(
        "threshold",
        Kind::Share,
        "0.8",
        "0.75",
        "how much must be shared to be nearly the same: the least share of common 3-word runs",
    ),
    key(
        "min-passage",
        Kind::Count(1),
        "30",
        "20",
        "how many words in a row make a copied passage when they also stand in another document",
    ),
    key(
        "threads",
        Kind::Count(1),
        "",
        "2",
        "how many threads work; where nothing is said, as many as there are processors",
    ),
    key(
        "memory-limit",
        Kind::Size,
        r#""8G""#,
        r#""2G""#,
        "leave out the near rules and copied-passage, and exit 2, where they would need more memory than this",
    ),
    key(
        "exclude",
        Kind::Globs,
        "[]",
        r#"["drafts/", "*.de.md"]"#,
        "leave out what these globs match, named paths too",
    ),
    key("hidden", Kind::Flag, "false", "true", "walk hidden files and folders"),
    key("no-ignore", Kind::Flag, "false", "true", "do not respect .gitignore and .ignore"),
    key("input-format", Kind::Name(Names::Readers), "", r#""jsonl""#, "read every input as this format"),
    per_path(key(
        "fields",
        Kind::Fields,
        "{}",
        r#"{ text = "story", id = "nr" }"#,
        "which field of a record means what, before the usual names",
    )),
    per_path(key(
        "body-format",
        Kind::Name(Names::Bodies),
        "",
        r#""html""#,
        "what the bodies of records are; where nothing is said, text, or HTML where the field's name says so",
    )),
    per_path(key(
        "encoding",
        Kind::Encoding,
        "",
        r#""windows-1252""#,
        "decode with this encoding instead of the one that is found",
    )),
    key(
        "main-content",
        Kind::Name(Names::MainContent),
        r#""auto""#,
        r#""always""#,
        "read of web pages only the article; auto does so for the pages in WARC files alone",
    ),
    key("max-size", Kind::Size, r#""512M""#, r#""2G""#, "read no more than this of one input, decompressed"),
    key("allow-empty", Kind::Flag, "false", "true", "do not exit 2 when no document was checked at all"),
    key(
        "format",
        Kind::Name(Names::Formats),
        "",
        r#""full""#,
        "how findings are printed; where nothing is said, full on a terminal, else concise",
    ),
    key(
        "output",
        Kind::Outputs,
        "{}",
        r#"{ sarif = "build/copydesk.sarif" }"#,
        "also write these reports to files",
    ),
    key(
        "index",
        Kind::File,
        "",
        r#""wire.copydesk-index""#,
        "check against this index, and take in what is new; its path holds from the folder of the settings file",
    ),
    key(
        "no-texts",
        Kind::Flag,
        "false",
        "true",
        "when an index is made, keep no texts in it: revisions are known but not told",
    ),
    key(
        "scope.compare-within",
        Kind::Scopes,
        "[]",
        r#"["docs/{version}/**"]"#,
        "compare only documents that agree in what the braces stand for",
    ),
    key(
        "rules.boilerplate.documents",
        Kind::Count(2),
        "10",
        "25",
        "in how many documents, unlike otherwise, a paragraph is boilerplate",
    ),
    key(
        "rules.boilerplate.share",
        Kind::Share,
        "0.01",
        "0.05",
        "… and in what share of all that are compared, whichever is more",
    ),
    key(
        "rules.boilerplate.allow",
        Kind::Passages,
        "[]",
        r#"["© * Harbour News. All rights reserved."]"#,
        "known boilerplate, which may stand in any number of documents",
    ),
    key("rules.repeated-sentence.min-words", Kind::Count(1), "8", "12", "leave out sentences of fewer words"),
    key("rules.same-title.min-words", Kind::Count(1), "4", "6", "leave out titles of fewer words"),
];

/// Keys of an `[[allow]]` table, and what each sets.
pub static ALLOW_KEYS: &[(&str, &str)] = &[
    ("fingerprint", "the fingerprint of the finding, as reports show it"),
    ("pattern", "the whole passage, `*` standing for any text"),
    ("reason", "why it may repeat"),
    ("rules", "the rules that may not tell it; where nothing is said, all"),
    ("paths", "the files that it holds in; where nothing is said, all"),
];

/// Returns the key called `name`.
#[must_use]
pub fn key_named(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let mut names: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
