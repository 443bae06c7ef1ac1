//! How is XML read that may be broken, and that nobody may be harmed by?
//!
//! [`walk`] cuts the text into tags, text and references with quick-xml and goes on behind what is none;
//! [`spelling`] takes tags apart, [`entities`] says what references stand for, [`Taken`] collects the
//! inside of an element with its places, and [`content`] turns that into text. Which elements mean what
//! is the business of the formats that are written in XML.

pub mod content;
pub mod entities;
mod events;
pub mod spelling;
mod taken;

pub use content::{Body, Mode};
pub use entities::{Entities, Reference};
pub use events::{Damage, Events, walk};
pub use spelling::{Attributes, Tag, local, root, tag};
pub use taken::Taken;
