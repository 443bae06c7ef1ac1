//! The elements of one news item, and where they stand.

use std::ops::Range;

use crate::read::xml::{Attributes, Damage, Events, Tag, local, tag, walk};

/// How many open elements are searched for the one that an end tag closes.
const SEARCHED: usize = 1000;

/// How many elements of one item are noted; those behind are part of the content at most.
const NOTED: usize = 1 << 16;

/// An element.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    /// The name without its prefix.
    pub name: &'a str,
    pub attributes: &'a str,
    /// Between its tags, in bytes of the text.
    pub inner: Range<usize>,
    /// Index of the element around it; its own for the item.
    parent: usize,
    /// Index behind its last descendant.
    end: usize,
}

/// One news item: its elements in order, itself first.
#[derive(Debug)]
pub(super) struct Outline<'o, 'a> {
    pub text: &'a str,
    nodes: &'o [Node<'a>],
    /// What document type declarations there were before it.
    pub doctypes: &'o [&'a str],
    /// Whether it is one of the items of a message.
    pub of_message: bool,
    /// Whether the file ends inside of it.
    pub cut_off: bool,
}

impl<'o, 'a> Outline<'o, 'a> {
    /// Returns the item itself.
    pub fn root(&self) -> usize {
        0
    }

    pub fn node(&self, index: usize) -> &'o Node<'a> {
        &self.nodes[index]
    }

    /// Returns the elements inside of `index`, in order.
    pub fn inside(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        index + 1..self.nodes[index].end.min(self.nodes.len())
    }

    /// Returns the elements directly in `index` that are called `name`.
    pub fn children(&self, index: usize, name: &str) -> impl Iterator<Item = usize> {
        self.inside(index).filter(move |&at| self.nodes[at].parent == index && self.nodes[at].name == name)
    }

    /// Returns the first element called `name` anywhere in `index`.
    pub fn find(&self, index: usize, name: &str) -> Option<usize> {
        self.inside(index).find(|&at| self.nodes[at].name == name)
    }

    /// Returns the element by the names on the way down to it.
    pub fn path(&self, index: usize, names: &[&str]) -> Option<usize> {
        names.iter().try_fold(index, |at, name| self.children(at, name).next())
    }

    /// Returns the nearest element around `index` that is called `name`.
    pub fn around(&self, index: usize, name: &str) -> Option<usize> {
        let mut at = index;
        while at != 0 {
            at = self.nodes[at].parent;
            if self.nodes[at].name == name {
                return Some(at);
            }
        }
        None
    }

    /// Returns the value of an attribute as it is written, a slice of the text.
    pub fn attribute(&self, index: usize, name: &str) -> Option<&'a str> {
        let (_, value) = Attributes(self.nodes[index].attributes).find(|(key, _)| *key == name)?;
        (!value.trim().is_empty()).then_some(value)
    }
}

/// What is told of each item.
type Give<'g> = &'g mut dyn FnMut(&Outline<'_, '_>, &mut Damage);

/// Gives each news item of `text`, in order, and returns what is wrong with the XML.
pub(super) fn read(text: &str, give: Give<'_>) -> Damage {
    let mut reading = Reading {
        text,
        give,
        frames: Vec::new(),
        nodes: Vec::new(),
        item: None,
        ended: false,
        doctypes: Vec::new(),
        damage: Damage::default(),
    };
    walk(text, 0..text.len(), &mut reading);
    reading.finish();
    reading.damage
}

/// An open element.
struct Frame<'a> {
    name: &'a str,
    /// Which of the nodes it is; `None` for one that is not noted.
    node: Option<usize>,
}

struct Reading<'a, 'g> {
    text: &'a str,
    give: Give<'g>,
    frames: Vec<Frame<'a>>,
    /// The elements of the open item.
    nodes: Vec<Node<'a>>,
    /// The frame of the open item.
    item: Option<usize>,
    /// Whether the file has ended.
    ended: bool,
    doctypes: Vec<&'a str>,
    damage: Damage,
}

impl<'a> Reading<'a, '_> {
    fn start(&mut self, name: &'a str, attributes: &'a str, inner: usize) {
        let plain = local(name);
        let depth = self.frames.len();
        let begins = match plain {
            "newsItem" | "NewsItem" | "nitf" => true,
            // An excerpt of an item, as documentation shows it.
            "contentSet" => depth == 0,
            _ => false,
        };
        if begins && self.item.is_none() {
            self.item = Some(depth);
        }
        let mut node = None;
        if self.item.is_some() && self.nodes.len() < NOTED {
            let index = self.nodes.len();
            let parent = self.frames.iter().rev().find_map(|frame| frame.node).unwrap_or(index);
            node = Some(index);
            self.nodes.push(Node { name: plain, attributes, inner: inner..inner, parent, end: index + 1 });
        }
        self.frames.push(Frame { name, node });
    }

    fn close(&mut self, end: usize) {
        let Some(frame) = self.frames.pop() else { return };
        let count = self.nodes.len();
        if let Some(node) = frame.node.and_then(|node| self.nodes.get_mut(node)) {
            node.inner.end = end.max(node.inner.start);
            node.end = count;
        }
        if self.item == Some(self.frames.len()) {
            self.item = None;
            let of_message = !self.frames.is_empty();
            let outline = Outline {
                text: self.text,
                nodes: &self.nodes,
                doctypes: &self.doctypes,
                of_message,
                cut_off: self.ended,
            };
            (self.give)(&outline, &mut self.damage);
            self.nodes.clear();
        }
    }

    fn finish(&mut self) {
        let end = self.text.len();
        if let Some(open) = self.frames.last() {
            let name = open.name;
            self.damage.add(end, || format!("the file ends inside of <{name}>"));
        }
        self.ended = true;
        while !self.frames.is_empty() {
            self.close(end);
        }
    }
}

impl<'a> Events<'a> for Reading<'a, '_> {
    fn tag(&mut self, raw: &'a str, start: usize) {
        match tag(raw) {
            Tag::Start { name, attributes, empty } => {
                self.start(name, attributes, start + raw.len());
                if empty {
                    self.close(start + raw.len());
                }
            }
            Tag::End(name) => {
                let open = self.frames.iter().rev().take(SEARCHED).position(|frame| frame.name == name);
                let Some(above) = open else {
                    self.damage.add(start, || format!("</{name}> closes nothing"));
                    return;
                };
                for _ in 0..above {
                    let inner = self.frames.last().map_or("", |frame| frame.name);
                    self.damage.add(start, || format!("<{inner}> is not closed before </{name}>"));
                    self.close(start);
                }
                self.close(start);
            }
        }
    }

    fn text(&mut self, _: &'a str, _: usize) {}

    fn reference(&mut self, _: &'a str, _: usize) {}

    fn cdata(&mut self, _: &'a str, _: usize) {}

    fn doctype(&mut self, inside: &'a str) {
        if self.doctypes.is_empty() {
            self.doctypes.push(inside);
        }
    }

    fn damage(&mut self) -> &mut Damage {
        &mut self.damage
    }
}
