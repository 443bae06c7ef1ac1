use super::*;

fn marked(text: &str) -> Document {
    let mut document = Document { text: text.to_owned(), ..Document::default() };
    mark(&mut document, false);
    assert_eq!(document.text, text);
    document
}

/// Kind and reading of every block.
fn readings(document: &Document) -> Vec<(BlockKind, String)> {
    document.blocks.iter().map(|b| (b.kind, document.reading(b.range).into_owned())).collect()
}

fn kinds_and_texts(text: &str) -> Vec<(BlockKind, String)> {
    readings(&marked(text))
}

fn owned(expected: &[(BlockKind, &str)]) -> Vec<(BlockKind, String)> {
    expected.iter().map(|&(kind, text)| (kind, text.to_owned())).collect()
}

#[test]
fn a_quotation_reads_as_plain_text() {
    let text = "> **bold** [link](url \"t\"), ~~gone~~\n> next `code\n> x`  \n> hard\\\nend \\* <b>a</b>!\n";
    let expected = "bold link, gone\nnext code\nx\nhard\nend * a!";
    assert_eq!(kinds_and_texts(text), owned(&[(BlockKind::Quotation, expected)]));
}

#[test]
fn every_item_of_a_list_is_a_block() {
    let text = "- one\n  *two*\n  - sub\n- [ ] task\n\n  para\n1. \\*x\n";
    assert_eq!(
        kinds_and_texts(text),
        owned(&[
            (BlockKind::ListItem, "one\ntwo"),
            (BlockKind::ListItem, "sub"),
            (BlockKind::ListItem, "task"),
            (BlockKind::ListItem, "para"),
            (BlockKind::ListItem, "*x"),
        ])
    );
    let document = marked("- a\n- b");
    assert_eq!(document.blocks[1].range, TextRange::new(6, 7));
}

#[test]
fn headings_code_and_tables_have_markup_at_their_ends() {
    let text = "# One #\n\nTwo *x*\n=======\n\n```rust\nlet a;\n```\n\n    b\n    c\n\n| a | b |\n|--|:-:|\n| *c* | `d` |\n";
    let document = marked(text);
    assert_eq!(
        readings(&document),
        owned(&[
            (BlockKind::Heading, "One"),
            (BlockKind::Heading, "Two x"),
            (BlockKind::Code, "let a;\n"),
            (BlockKind::Code, "b\nc"),
            (BlockKind::Table, "| a | b |\n|||\n| c | d |"),
        ])
    );
    assert_eq!(document.meta.title.as_deref(), Some("One"));
    assert_eq!(&text[document.blocks[0].range.as_usize()], "# One #");
}

#[test]
fn pictures_notes_and_comments() {
    let text = "![View of the pier](p.jpg)\n\nA ![dot](d.png) pier.[^1] <!-- x -->\n\n<!-- copydesk-disable -->\n\n\
                [^1]: A *note*.\n\n[ref]: https://example.org\n\n---\n\n> [!NOTE]\n> Mind the gap.\n";
    assert_eq!(
        kinds_and_texts(text),
        owned(&[
            (BlockKind::Caption, "View of the pier"),
            (BlockKind::Paragraph, "A  pier. "),
            (BlockKind::Paragraph, "A note."),
            (BlockKind::Paragraph, "Mind the gap."),
        ])
    );
}

#[test]
fn pictures_beside_each_other_stay_apart() {
    let text = "![The pier](a.png)\n![harbour *master*](b.png) [![old](c.png)](d)[![ferry](e.png)](f)\n\n\
                - ![one](a.png)![two](b.png)\n- ![three](a.png) <br> ![four &amp; five](b.png)\n\n# Head ![img](a) *more*\n";
    let document = marked(text);
    assert_eq!(
        readings(&document),
        owned(&[
            (BlockKind::Caption, "The pier\nharbour master old ferry"),
            (BlockKind::Caption, "one two"),
            (BlockKind::Caption, "three \n four & five"),
            (BlockKind::Heading, "Head  more"),
        ])
    );
    assert_eq!(document.meta.title.as_deref(), Some("Head more"));
}

#[test]
fn two_breaks_part_paragraphs() {
    let text = "One *it<br><br>is*.<br>\n<br/> Two<br>more <BR /><br><br>\n\n> three<br> <br>\n> four\n\n\
                - five <b>six<br></b><br>seven</b>\n\n# Eight<br><br>nine\n\nTen\\\n<br>eleven<br>![x](y)<br>";
    let document = marked(text);
    assert_eq!(
        readings(&document),
        owned(&[
            (BlockKind::Paragraph, "One it"),
            (BlockKind::Paragraph, "is."),
            (BlockKind::Paragraph, "Two\nmore"),
            (BlockKind::Quotation, "three"),
            (BlockKind::Quotation, "four"),
            (BlockKind::ListItem, "five six"),
            (BlockKind::ListItem, "seven"),
            (BlockKind::Heading, "Eight\n\nnine"),
            (BlockKind::Paragraph, "Ten\neleven\n"),
        ])
    );
    let at = |index: usize| &text[document.blocks[index].range.as_usize()];
    assert_eq!([at(0), at(1), at(2)], ["One *it", "is*.", "Two<br>more"]);
}

#[test]
fn html_in_markdown_is_read_as_html() {
    let text = "> <div align=center>\n>   <b>Bold</b>\n>   text\n> </div>\n\n<script>\nlet x;\n</script>\n\n<p>One<br>two</p>\n\na<br>b <br> c\n";
    assert_eq!(
        kinds_and_texts(text),
        owned(&[
            (BlockKind::Quotation, "Bold text"),
            (BlockKind::Paragraph, "One\ntwo"),
            (BlockKind::Paragraph, "a\nb \n c"),
        ])
    );
}

#[test]
fn references_are_read_as_what_they_stand_for() {
    let text = "caf&eacute; &amp; **bar&nbsp;tab** &#x1F600; &nope; `&amp;`\n\n![a &lt; b](p.png)\n\n<p>tea &amp; cake</p>\n\n\
                | a &amp; b | c |\n|---|---|\n| d&amp;e | f |\n\n# Q&amp;A\n\nlast<br>\nline\n";
    assert_eq!(
        kinds_and_texts(text),
        owned(&[
            (BlockKind::Paragraph, "caf\u{e9} & bar\u{a0}tab \u{1F600} &nope; &amp;"),
            (BlockKind::Caption, "a < b"),
            (BlockKind::Paragraph, "tea & cake"),
            (BlockKind::Table, "| a & b | c |\n|||\n| d&e | f |"),
            (BlockKind::Heading, "Q&A"),
            (BlockKind::Paragraph, "last\nline"),
        ])
    );
}

#[test]
fn front_matter_is_metadata() {
    let document =
        marked("---\ntitle: Pier\ndate: 2024-05-01\n---\n# Other\n\nText\n\n---\nMore: x\n\n---\n");
    assert_eq!(document.meta.title.as_deref(), Some("Pier"));
    assert_eq!(document.meta.published.as_deref(), Some("2024-05-01"));
    let expected =
        [(BlockKind::Heading, "Other"), (BlockKind::Paragraph, "Text"), (BlockKind::Paragraph, "More: x")];
    assert_eq!(readings(&document), owned(&expected));
}

#[test]
fn mdx_code_is_no_text() {
    let text = "import X from './x'\n\nexport const a = {\n  b: 1\n}\n\n<X a={b > c}\n  d=\"e\" />\n\n{/* note */}\n\n\
                <Note>Mind {a}</Note>\n\nImports rose.\n";
    let mut document = Document { text: text.to_owned(), ..Document::default() };
    mark(&mut document, true);
    assert_eq!(
        readings(&document),
        owned(&[(BlockKind::Paragraph, "Mind {a}"), (BlockKind::Paragraph, "Imports rose.")])
    );
}

#[test]
fn markdown_is_recognised_with_care() {
    assert!(Markdown.recognises("# Title\n\nText"));
    assert!(Markdown.recognises("---\ntitle: x\n---\nText"));
    assert!(!Markdown.recognises("#!/bin/sh\n"));
    assert!(!Markdown.recognises("# a comment\nkey = value\n"));
    assert!(!Markdown.recognises("---\na: b\n---\n"));
}

#[test]
fn hostile_sources_take_linear_time() {
    let units = [
        ">", "> ", "[", "![", "]", "- ", "*", "**a", "_a", "`", "<", "<a ", "&", "\\", "|", "[^a]", "~~",
        "a\n", "#", "[a](", "<!--", "\n>",
    ];
    for unit in units {
        let document = marked(&unit.repeat(50_000));
        assert!(document.blocks.len() <= 50_000, "{unit}");
    }
}

/// The words of the directives, each with what stands at its place.
fn directives(text: &str, is_mdx: bool) -> Vec<(String, String)> {
    let mut document = Document { text: text.to_owned(), ..Document::default() };
    mark(&mut document, is_mdx);
    let place = |directive: &Directive| document.text[directive.range.as_usize()].to_owned();
    document.directives.iter().map(|directive| (directive.words.clone(), place(directive))).collect()
}

#[test]
fn comments_to_copydesk_are_found_in_any_container() {
    for text in [
        "<!-- copydesk-disable: a -->",
        "Text\n<!-- copydesk-disable: a -->\n**Bold** text",
        "Some <!-- copydesk-disable: a --> text",
        "- one\n- <!-- copydesk-disable: a -->\n  two",
        "1. one\n\n   <!-- copydesk-disable: a -->\n\n   two",
        "> quoted\n> <!-- copydesk-disable: a -->\n> more",
        "> - nested\n>   <!-- copydesk-disable: a -->\n>   more",
        "| a | b |\n|---|---|\n| c <!-- copydesk-disable: a --> | d |",
        "<div>\n<!-- copydesk-disable: a -->\n<p>x</p></div>",
        "# Title <!-- copydesk-disable: a -->",
    ] {
        let expected = [("copydesk-disable: a".to_owned(), "<!-- copydesk-disable: a -->".to_owned())];
        assert_eq!(directives(text, false), expected, "{text}");
        assert_eq!(directives(text, true), expected, "{text}");
    }
    let long = "> <!--\n> copydesk-disable: a\n> b\n> -->\n> text";
    assert_eq!(directives(long, false)[0].0, "copydesk-disable: a b");
}

#[test]
fn what_is_code_or_another_comment_is_no_directive() {
    for text in [
        "`<!-- copydesk-disable -->`",
        "```\n<!-- copydesk-disable -->\n```",
        "<!-- about copydesk-disable -->",
        "\\<!-- copydesk-disable -->",
        "`{/* copydesk-disable */}`",
        "```\n{/* copydesk-disable */}\n```",
        "/* copydesk-disable */",
        "---\ntitle: copydesk-disable\n---\n",
    ] {
        assert_eq!(directives(text, true), [], "{text}");
    }
    assert_eq!(directives("{/* copydesk-disable */}", false), []);
    // MDX has no indented code.
    assert_eq!(directives("    <!-- copydesk-disable -->", false), []);
    assert_eq!(directives("    <!-- copydesk-disable -->", true).len(), 1);
}

#[test]
fn comments_of_mdx_are_no_words() {
    let mut document = Document {
        text: "{/* copydesk-disable-next: a */}\nOne *two*\n\n- {/*copydesk-canonical*/} three\n- f{/* x */}our\n\n{/* a\n\nb */}\n".to_owned(),
        ..Document::default()
    };
    mark(&mut document, true);
    let blocks: Vec<(String, &str)> = document
        .blocks
        .iter()
        .map(|block| (document.reading(block.range).into_owned(), &document.text[block.range.as_usize()]))
        .collect();
    let expected = [("One two", "One *two*"), ("three", "three"), ("four", "f{/* x */}our")];
    assert_eq!(blocks, expected.map(|(reading, text)| (reading.to_owned(), text)));
    let words: Vec<&str> = document.directives.iter().map(|directive| &*directive.words).collect();
    assert_eq!(words, ["copydesk-disable-next: a", "copydesk-canonical"]);
}

fn mdx(text: &str) -> Vec<(BlockKind, String)> {
    let mut document = Document { text: text.to_owned(), ..Document::default() };
    mark(&mut document, true);
    for mark in document.markup.windows(2) {
        assert!(mark[0].end <= mark[1].start, "{text}");
    }
    readings(&document)
}

#[test]
fn nothing_is_code_of_mdx_for_being_indented() {
    let text = "<Tabs>\n  <Tab title=\"b\">\n\n    The *same*\n    paragraph &amp; more.\n\n    - one\n      two\n\n    \
                ```js\n    let a;\n\n      let b;\n    ```\n\n        Deeper `code\n        span`.\n\n\
                \t\tBy a tab.\n\n    {/* a note */}\n\n  </Tab>\n</Tabs>\n\n- item\n\n      more\n\n> quoted\n>\n>     still\n";
    let expected = owned(&[
        (BlockKind::Paragraph, "The same\nparagraph & more."),
        (BlockKind::ListItem, "one\ntwo"),
        (BlockKind::Code, "let a;\n\n      let b;\n"),
        (BlockKind::Paragraph, "Deeper code\nspan."),
        (BlockKind::Paragraph, "By a tab."),
        (BlockKind::ListItem, "item"),
        (BlockKind::ListItem, "more"),
        (BlockKind::Quotation, "quoted"),
        (BlockKind::Quotation, "still"),
    ]);
    assert_eq!(mdx(text), expected);
    // Markdown has such code.
    assert_eq!(
        kinds_and_texts("a\n\n    b\n"),
        owned(&[(BlockKind::Paragraph, "a"), (BlockKind::Code, "b")])
    );
}

#[test]
fn tags_of_mdx_are_no_words() {
    let text = "<Card\n  title=\"A > b\"\n  icon={<Icon name=\"x\" />}\n>\n  First *card*.\n</Card>\n\n\
                <Foo>\n  {/* note */}\n  Second.\n</Foo>\n\n- <A b={c > d}>Third</A> one\n- <>Fourth</>\n\n\
                <div onClick={() => go()}>Fifth <Foo a={b > c}>words</Foo></div>\n\n> <A\n>   b=\"c\"\n> >\n> Sixth.\n> </A>\n\n\
                Seventh <A\n  b=\"c\"\n/> goes on.\n";
    let expected = owned(&[
        (BlockKind::Paragraph, "First card."),
        (BlockKind::Paragraph, "Second."),
        (BlockKind::ListItem, "Third one"),
        (BlockKind::ListItem, "Fourth"),
        (BlockKind::Paragraph, "Fifth words"),
        (BlockKind::Quotation, "Sixth."),
        (BlockKind::Paragraph, "Seventh\n\ngoes on."),
    ]);
    assert_eq!(mdx(text), expected);
    for unit in ["<A ", "<A b={", "<A b=\"", "{", "{`", "`", "{/*", "<A>", "</A>", "<>", "\n<A\n", "> <A\n>"]
    {
        mdx(&unit.repeat(20_000));
        mdx(&format!("a{unit}").repeat(20_000));
    }
}

#[test]
fn indentation_of_mdx_without_an_end_is_read() {
    let stairs: String = (0..200).map(|step| format!("{}x{step}\n\n", " ".repeat(4 * step))).collect();
    let blocks = mdx(&stairs);
    assert!(blocks.iter().all(|(kind, _)| *kind == BlockKind::Paragraph));
    assert_eq!(blocks.iter().map(|(_, text)| text.matches('x').count()).sum::<usize>(), 200);
    mdx(&"-      ".repeat(5_000));
    mdx(&">     - ".repeat(5_000));
}
