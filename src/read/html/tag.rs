//! The elements of HTML that matter to how its text reads.

use html5gum::State;

use crate::document::BlockKind;

/// An element, by what it does to the text; those that do nothing to it are `Other`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tag {
    /// An element that is part of the running text (`b`, `a`, `my-thing`), by a hash of its name.
    Other(u64),
    /// Code in running text (`code`, `kbd`, `samp`, `tt`, `var`).
    Code,
    /// The root element, for its language.
    Html,
    /// A line break.
    Br,
    /// A thematic break.
    Hr,
    /// Metadata.
    Meta,
    /// A link of the page to another.
    Link,
    /// An element that never has content (`img`, `input`, `wbr`).
    Void,
    /// The title of the page.
    Title,
    /// An element whose content is no text of the page (`script`, `template`, `select`).
    Skipped(Skipped),
    /// An image in its own language, which is skipped.
    Svg,
    /// The way back to HTML inside of SVG.
    ForeignObject,
    /// An element that stands apart and changes nothing else (`div`, `section`, `form`).
    Division,
    /// A dialog, which shows only when it is open.
    Dialog,
    /// A paragraph.
    P,
    /// A heading of level 1 to 6.
    Heading(u8),
    /// A list (`ul`, `ol`, `dl`, `menu`, `dir`).
    List,
    /// An item of a list (`li`, `dt`, `dd`).
    Item,
    /// A quotation set apart.
    Blockquote,
    /// Preformatted text.
    Pre,
    /// Preformatted text in which tags are none.
    Xmp,
    /// Preformatted text to the end of the page.
    Plaintext,
    /// The caption of a figure.
    Figcaption,
    /// A table.
    Table,
    /// The caption of a table.
    Caption,
    /// A part of a table (`thead`, `tbody`, `tfoot`).
    Rows,
    /// A row of a table.
    Row,
    /// A cell of a table (`td`, `th`).
    Cell,
}

/// An element whose content is no text of the page; each closes only its own kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skipped {
    Annotation,
    Datalist,
    Iframe,
    Media,
    Noembed,
    Noframes,
    Noscript,
    Rp,
    Rt,
    Script,
    Select,
    Style,
    Template,
    Textarea,
}

impl Tag {
    /// Returns the element called `name`, in lower case.
    #[must_use]
    pub fn named(name: &[u8]) -> Self {
        match name {
            b"html" => Self::Html,
            b"code" | b"kbd" | b"samp" | b"tt" | b"var" => Self::Code,
            b"br" => Self::Br,
            b"hr" => Self::Hr,
            b"meta" => Self::Meta,
            b"link" => Self::Link,
            b"area" | b"base" | b"basefont" | b"bgsound" | b"col" | b"embed" | b"frame" | b"img"
            | b"input" | b"keygen" | b"param" | b"source" | b"track" | b"wbr" => Self::Void,
            b"title" => Self::Title,
            b"annotation" | b"annotation-xml" => Self::Skipped(Skipped::Annotation),
            b"datalist" => Self::Skipped(Skipped::Datalist),
            b"iframe" => Self::Skipped(Skipped::Iframe),
            b"audio" | b"video" | b"canvas" | b"object" => Self::Skipped(Skipped::Media),
            b"noembed" => Self::Skipped(Skipped::Noembed),
            b"noframes" => Self::Skipped(Skipped::Noframes),
            b"noscript" => Self::Skipped(Skipped::Noscript),
            b"rp" => Self::Skipped(Skipped::Rp),
            b"rt" => Self::Skipped(Skipped::Rt),
            b"script" => Self::Skipped(Skipped::Script),
            b"select" => Self::Skipped(Skipped::Select),
            b"style" => Self::Skipped(Skipped::Style),
            b"template" => Self::Skipped(Skipped::Template),
            b"textarea" => Self::Skipped(Skipped::Textarea),
            b"svg" => Self::Svg,
            b"foreignobject" => Self::ForeignObject,
            b"address" | b"article" | b"aside" | b"body" | b"center" | b"details" | b"div" | b"fieldset"
            | b"figure" | b"footer" | b"form" | b"frameset" | b"head" | b"header" | b"hgroup" | b"legend"
            | b"main" | b"nav" | b"optgroup" | b"search" | b"section" | b"summary" => Self::Division,
            b"dialog" => Self::Dialog,
            b"p" => Self::P,
            [b'h', level @ b'1'..=b'6'] => Self::Heading(level - b'0'),
            b"ul" | b"ol" | b"dl" | b"menu" | b"dir" => Self::List,
            b"li" | b"dt" | b"dd" => Self::Item,
            b"blockquote" => Self::Blockquote,
            b"pre" | b"listing" => Self::Pre,
            b"xmp" => Self::Xmp,
            b"plaintext" => Self::Plaintext,
            b"figcaption" => Self::Figcaption,
            b"table" => Self::Table,
            b"caption" => Self::Caption,
            b"thead" | b"tbody" | b"tfoot" => Self::Rows,
            b"tr" => Self::Row,
            b"td" | b"th" => Self::Cell,
            _ => Self::Other(fnv(name)),
        }
    }

    /// Returns whether the element stands apart from the text around it.
    #[must_use]
    pub const fn is_block(self) -> bool {
        match self {
            Self::Division
            | Self::Dialog
            | Self::P
            | Self::Heading(_)
            | Self::List
            | Self::Item
            | Self::Blockquote
            | Self::Pre
            | Self::Xmp
            | Self::Plaintext
            | Self::Figcaption
            | Self::Table
            | Self::Caption
            | Self::Rows
            | Self::Row
            | Self::Cell => true,
            Self::Other(_)
            | Self::Code
            | Self::Html
            | Self::Br
            | Self::Hr
            | Self::Meta
            | Self::Link
            | Self::Void
            | Self::Title
            | Self::Skipped(_)
            | Self::Svg
            | Self::ForeignObject => false,
        }
    }

    /// Returns whether the element is a part of a table.
    #[must_use]
    pub const fn is_table_part(self) -> bool {
        matches!(self, Self::Table | Self::Caption | Self::Rows | Self::Row | Self::Cell)
    }

    /// Returns what text in the element is; `None` where it is what it would be around it.
    #[must_use]
    pub const fn kind(self) -> Option<BlockKind> {
        match self {
            Self::Heading(_) => Some(BlockKind::Heading),
            Self::Item => Some(BlockKind::ListItem),
            Self::Blockquote => Some(BlockKind::Quotation),
            Self::Pre | Self::Xmp | Self::Plaintext => Some(BlockKind::Code),
            Self::Figcaption | Self::Caption => Some(BlockKind::Caption),
            Self::Table => Some(BlockKind::Table),
            _ => None,
        }
    }

    /// Returns how the tokenizer reads on behind the element's start tag, where that is special.
    #[must_use]
    pub const fn state(self) -> Option<State> {
        match self {
            Self::Title | Self::Skipped(Skipped::Textarea) => Some(State::RcData),
            Self::Skipped(Skipped::Script) => Some(State::ScriptData),
            Self::Skipped(
                Skipped::Style | Skipped::Iframe | Skipped::Noembed | Skipped::Noframes | Skipped::Noscript,
            )
            | Self::Xmp => Some(State::RawText),
            Self::Plaintext => Some(State::PlainText),
            _ => None,
        }
    }
}

/// Returns whether a paragraph ends where the element called `name`, in any case, begins.
#[must_use]
pub fn ends_paragraph(name: &str) -> bool {
    let tag = Tag::named(name.to_ascii_lowercase().as_bytes());
    tag.is_block() || tag == Tag::Hr
}

/// FNV-1a of a name.
fn fnv(name: &[u8]) -> u64 {
    name.iter().fold(0xCBF2_9CE4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}
