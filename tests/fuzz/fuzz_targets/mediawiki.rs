//! Any bytes as a file of the format: no panic, and sound documents.

#![no_main]

mod reading;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| reading::read("mediawiki", "a.xml", bytes));
