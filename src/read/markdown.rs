//! Markdown: the source as it stands, with the blocks and the markup inside them marked.
//!
//! pulldown-cmark reads CommonMark with GitHub's tables, footnotes, task lists and alerts; it gives the
//! place of everything it finds, takes linear time on hostile input and nests without recursion.
//! [`Document::text`] is the source verbatim; [`Document::markup`] lists what stands inside the blocks
//! and is no word, and [`Document::stand_ins`] what is read as other text than it is written (`&amp;`, `<br>`),
//! so that [`Document::reading`] of a block is what its reader sees.
//!
//! Front matter is metadata and no block ([`front_matter`]). HTML blocks are read as HTML is: comments
//! are nothing, the text in `<p>` or `<div>` is a block. In `.mdx` files `import` and `export` lines are no
//! blocks, nothing is code for being indented, and tags and expressions are covered before the parser sees
//! them ([`jsx`]).

mod comment;
mod front_matter;
mod jsx;
mod leaf;
mod outdent;

use std::ops::Range;
use std::sync::Arc;

use memchr::memmem;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::encoding::decode_piece;
use super::{Piece, ReadOptions, Reader, Sink, html};
use crate::document::{
    Block, BlockKind, DIRECTIVE, Directive, Document, Origin, Places, SourceMapBuilder, StandIn, TextRange,
};
use jsx::Covered;
use leaf::{Leaf, text_range};
use outdent::outdent;

/// Markdown and MDX.
#[derive(Clone, Copy, Debug)]
pub struct Markdown;

impl Reader for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn summary(&self) -> &'static str {
        "Markdown (CommonMark and GitHub's extensions) and MDX, with YAML or TOML front matter"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["md", "markdown", "mdown", "mkd", "mdx"]
    }

    /// A heading behind `# ` on the first line, or YAML front matter with a body behind it.
    fn recognises(&self, head: &str) -> bool {
        let is_heading = head.strip_prefix("# ").is_some_and(|rest| {
            let (title, rest) = rest.split_once('\n').unwrap_or((rest, ""));
            // A file of comments behind `#` is a script or a configuration.
            !title.trim().is_empty() && rest.starts_with(['\n', '\r'])
        });
        is_heading || front_matter::end(head).is_some_and(|end| !head[end..].trim().is_empty())
    }

    fn read(&self, piece: &Piece<'_>, options: &ReadOptions, sink: &mut dyn Sink) {
        let Some(decoded) = decode_piece(piece, options, None, sink) else { return };
        let places = options.places.then(|| {
            let lines = decoded.lines(piece.first_line);
            Arc::new(Places::new(decoded.map.clone(), lines))
        });
        let mut document = Document {
            origin: Origin {
                path: Arc::clone(piece.path),
                format: self.name(),
                damaged: decoded.damage.is_some(),
                ..Origin::default()
            },
            text: decoded.text.into_owned(),
            places,
            ..Document::default()
        };
        let is_mdx = piece.path.rsplit_once('.').is_some_and(|(_, e)| e.eq_ignore_ascii_case("mdx"));
        mark(&mut document, is_mdx);
        sink.document(&mut document);
    }
}

/// Fills blocks, markup and metadata of `document`, whose text is Markdown (MDX if `is_mdx`).
pub fn mark(document: &mut Document, is_mdx: bool) {
    let body = front_matter::end(&document.text).unwrap_or(0);
    if body > 0 {
        front_matter::read(&document.text[..body], &mut document.meta);
    }
    let text = std::mem::take(&mut document.text);
    // Blocks are made against the text while the parser borrows it: they are put in afterwards.
    let wants_directives = memmem::find(&text.as_bytes()[body..], DIRECTIVE.as_bytes()).is_some();
    let covered = if is_mdx { jsx::cover(&text, body) } else { Covered::default() };
    let source = if is_mdx { &*covered.source } else { &*text };
    let mut marker = Marker { text: &text, source, is_mdx, wants_directives, ..Marker::default() };
    parse(&mut marker, &source[body..], &|range| range.start + body..range.end + body, 0);
    marker.close();
    let Marker { finished, title, mut directives, .. } = marker;
    if wants_directives {
        directives.extend(covered.comments.iter().filter_map(|range| comment::directive(&text, range)));
        directives.sort_by_key(|directive| directive.range.start);
        document.directives = directives;
    }
    document.text = text;
    for made in finished {
        match made {
            Made::Leaf(mut leaf) => {
                leaf.leave_out(&covered.left_out);
                leaf.finish(document);
            }
            Made::Blocks(made) => {
                document.blocks.extend(made.blocks);
                document.markup.extend(made.markup);
                document.stand_ins.extend(made.stand_ins);
            }
        }
    }
    if document.meta.title.is_none() {
        let heading = title.and_then(|start| document.blocks.iter().find(|b| b.range.start >= start));
        document.meta.title = heading.map(|block| {
            let reading = document.reading(block.range);
            reading.split_whitespace().collect::<Vec<_>>().join(" ")
        });
    }
}

const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_GFM);

/// How often what is indented is read anew; further in, it is a paragraph.
const DEEPEST: u32 = 8;

/// Gives the events of `source` to `marker`; `place` says where a range of it stands in the text.
///
/// MDX has no indented code, as what stands in JSX is indented: such blocks are read again without their
/// indentation.
fn parse(marker: &mut Marker<'_>, source: &str, place: &dyn Fn(Range<usize>) -> Range<usize>, depth: u32) {
    let mut indented: Option<Vec<Range<usize>>> = None;
    for (event, range) in Parser::new_ext(source, OPTIONS).into_offset_iter() {
        match (&event, &mut indented) {
            (Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)), _) if marker.is_mdx => {
                marker.close();
                indented = Some(Vec::new());
            }
            // Of a tab that reaches further than the indentation, the rest is no text of the source.
            (Event::Text(text), Some(lines)) => {
                if source.get(range.clone()) == Some(&**text) {
                    lines.push(range);
                }
            }
            (Event::End(TagEnd::CodeBlock), Some(lines)) => {
                let lines = std::mem::take(lines);
                indented = None;
                if depth < DEEPEST {
                    let (inner, map) = outdent(source, &lines);
                    let inner_place = |range: Range<usize>| {
                        let stored = map.source_range(text_range(&range));
                        place(stored.start as usize..stored.end as usize)
                    };
                    parse(marker, &inner, &inner_place, depth + 1);
                } else {
                    lines.into_iter().for_each(|line| marker.leaf().text(place(line)));
                }
                marker.close();
            }
            _ => marker.take(&event, place(range)),
        }
    }
}

/// What has been read and is not yet in the document.
enum Made {
    Leaf(Leaf),
    /// Blocks of HTML: of this document, nothing but the blocks, the markup and the stand-ins.
    Blocks(Box<Document>),
}

/// Takes the parser's events.
#[derive(Default)]
struct Marker<'t> {
    text: &'t str,
    /// The text as it is parsed: with the code of MDX covered.
    source: &'t str,
    is_mdx: bool,
    finished: Vec<Made>,
    /// What the blocks in each open container are.
    containers: Vec<BlockKind>,
    open: Option<Leaf>,
    /// Where the first `<br>` stands behind which no words have come.
    break_at: Option<usize>,
    /// Whether the open block is code of MDX, to be thrown away at its end.
    is_code: bool,
    /// The lines of the HTML block that is open.
    html: Option<Vec<Range<usize>>>,
    /// Where the first heading of the first level starts.
    title: Option<u32>,
    /// Whether any comment may be one to copydesk.
    wants_directives: bool,
    /// The comments to copydesk.
    directives: Vec<Directive>,
}

impl Marker<'_> {
    fn take(&mut self, event: &Event<'_>, range: Range<usize>) {
        let is_text = match event {
            Event::Text(read) => !read.trim().is_empty(),
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) => {
                true
            }
            _ => false,
        };
        if is_text {
            self.break_at = None;
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(*tag, range),
            Event::Text(read) => {
                // Of all that is read otherwise than it is written, only a reference is a text by itself.
                if self.text[range.clone()].starts_with('&') && self.text[range.clone()] != **read {
                    self.leaf().stand_in(range, read);
                } else {
                    self.leaf().text(range);
                }
            }
            Event::InlineMath(_) | Event::DisplayMath(_) => self.leaf().text(range),
            Event::Code(_) => {
                let text = self.text;
                self.leaf().code_span(text, &range);
            }
            Event::SoftBreak | Event::HardBreak => {
                let text = self.text;
                self.leaf().line_break(text, &range);
            }
            Event::InlineHtml(_) => {
                let text = self.text;
                if self.wants_directives && text[range.clone()].starts_with("<!--") {
                    self.directives.extend(comment::directive(text, &range));
                }
                if leaf::is_break(&text[range.clone()]) {
                    self.line_break(&range);
                } else {
                    self.leaf().tag(text, &range);
                }
            }
            Event::FootnoteReference(_) => self.leaf().stretch(&range),
            Event::Html(_) => {
                if let Some(lines) = &mut self.html {
                    lines.push(range);
                }
            }
            Event::Rule => self.close(),
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Paragraph => {
                self.close();
                self.is_code = self.is_mdx && jsx::is_module(self.text[range].trim());
                self.open = Some(Leaf::inline(self.kind()));
            }
            Tag::Heading { level, .. } => {
                self.close();
                if *level == HeadingLevel::H1 {
                    self.title.get_or_insert(range.start as u32);
                }
                self.open = Some(Leaf::whole(BlockKind::Heading, range));
            }
            Tag::Table(_) => {
                self.close();
                self.open = Some(Leaf::whole(BlockKind::Table, range));
            }
            Tag::CodeBlock(_) => {
                self.close();
                self.open = Some(Leaf::whole(BlockKind::Code, range));
            }
            Tag::HtmlBlock => {
                self.close();
                self.html = Some(Vec::new());
            }
            Tag::BlockQuote(alert) => {
                self.close();
                // An alert (`> [!NOTE]`) is the author's own words.
                let kind = if alert.is_some() { BlockKind::Paragraph } else { BlockKind::Quotation };
                self.containers.push(kind);
            }
            Tag::Item => {
                self.close();
                self.containers.push(BlockKind::ListItem);
            }
            Tag::FootnoteDefinition(_) => {
                self.close();
                self.containers.push(BlockKind::Paragraph);
            }
            Tag::List(_) => self.close(),
            Tag::Image { .. } => self.leaf().open_picture(&range),
            Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. } => self.leaf().stretch(&range),
            Tag::TableHead
            | Tag::TableRow
            | Tag::TableCell
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Table | TagEnd::CodeBlock | TagEnd::List(_) => {
                self.close();
            }
            TagEnd::BlockQuote(_) | TagEnd::Item | TagEnd::FootnoteDefinition => {
                self.close();
                self.containers.pop();
            }
            TagEnd::HtmlBlock => {
                if let Some(lines) = self.html.take() {
                    self.html_block(&lines);
                }
            }
            TagEnd::Image => self.leaf().close_picture(),
            TagEnd::Link | TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                self.leaf().stretch(&range);
            }
            TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::TableCell
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    /// What a paragraph is here.
    fn kind(&self) -> BlockKind {
        self.containers.last().copied().unwrap_or(BlockKind::Paragraph)
    }

    /// The open block; where none is (the items of a tight list have no paragraphs), it opens one.
    fn leaf(&mut self) -> &mut Leaf {
        let kind = self.kind();
        self.open.get_or_insert_with(|| Leaf::inline(kind))
    }

    /// Takes a `<br>`. Two of them in a row part paragraphs, as in HTML.
    fn line_break(&mut self, range: &Range<usize>) {
        let text = self.text;
        let Some(first) = self.break_at.filter(|_| self.leaf().may_part()) else {
            self.break_at = Some(range.start);
            return self.leaf().tag(text, range);
        };
        let is_code = self.is_code;
        let next = self.leaf().part(first, range.end);
        self.close();
        (self.break_at, self.is_code, self.open) = (Some(first), is_code, Some(next));
    }

    fn close(&mut self) {
        self.break_at = None;
        let is_code = std::mem::take(&mut self.is_code);
        if let Some(leaf) = self.open.take().filter(|_| !is_code) {
            self.finished.push(Made::Leaf(leaf));
        }
    }

    /// Reads an HTML block, given by its lines without the prefixes of containers, as HTML is read.
    fn html_block(&mut self, lines: &[Range<usize>]) {
        let mut source = String::new();
        let mut below = SourceMapBuilder::new();
        for line in lines {
            below.copied(source.len() as u32, line.start as u64, line.len() as u32);
            source.push_str(&self.source[line.clone()]);
        }
        let mut rendered = Document::default();
        let below = below.finish();
        let map = html::render(&source, &mut rendered, true).over(&below);
        for directive in rendered.directives {
            let place = directive.source.map_or(directive.range, |source| {
                let stored = below.source_range(source);
                TextRange::new(stored.start as u32, stored.end as u32)
            });
            self.directives.push(Directive { range: place, source: None, ..directive });
        }
        let mut made = Document::default();
        for block in rendered.blocks {
            let whole = map.source_range(block.range);
            let kind = if block.kind == BlockKind::Paragraph { self.kind() } else { block.kind };
            let range = TextRange::new(whole.start as u32, whole.end as u32);
            let mut at = range.start;
            let words = &rendered.text[block.range.as_usize()];
            for (start, c) in words.char_indices() {
                let start = block.range.start + start as u32;
                let stored = map.source_range(TextRange::new(start, start + c.len_utf8() as u32));
                let place = TextRange::new(stored.start as u32, stored.end as u32);
                if place.is_empty() {
                    continue;
                }
                if place.start > at {
                    made.markup.push(TextRange::new(at, place.start));
                }
                let written = &self.text[place.as_usize()];
                let mut utf8 = [0; 4];
                let read: &str = c.encode_utf8(&mut utf8);
                match made.stand_ins.last_mut().filter(|last| last.range == place) {
                    // One reference that stands for two characters.
                    Some(last) => last.text = format!("{}{read}", last.text).into(),
                    None if written != read => {
                        made.stand_ins.push(StandIn { range: place, text: read.into() })
                    }
                    None => {}
                }
                at = at.max(place.end);
            }
            made.blocks.push(Block { kind, range });
        }
        self.finished.push(Made::Blocks(Box::new(made)));
    }
}

#[cfg(test)]
mod tests;
