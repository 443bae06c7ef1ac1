//! WARC.
use super::{Piece, ReadOptions, Reader, Sink};
/// WARC
#[derive(Clone, Copy, Debug)]
pub struct Warc;
impl Reader for Warc {
    fn name(&self) -> &'static str {
        "warc"
    }
    fn summary(&self) -> &'static str {
        "warc"
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["warc"]
    }
    fn recognises(&self, head: &str) -> bool {
        head.starts_with("WARC/")
    }
    fn read(&self, _: &Piece<'_>, _: &ReadOptions, _: &mut dyn Sink) {}
}
