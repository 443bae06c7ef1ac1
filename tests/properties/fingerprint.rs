//! Properties of normal forms and digests.

use copydesk::fingerprint::{Fingerprinter, Normalizer, Profile};
use proptest::prelude::*;

fn form(profile: Profile, text: &str) -> String {
    let mut out = String::new();
    Normalizer::new(profile).normalize(text, &mut out);
    out
}

/// Text in which whatever a profile folds is frequent.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[aAzZ \\-\t\n\u{b}\u{a0}\u{2014}\u{201c}\u{2019}\u{ad}\u{200d}\u{301}\u{e9}\u{df}\u{130}\u{3a3}\u{fb01}\u{ff21}\u{345}…]{0,24}",
        "[ -~\n\t]{0,60}",
    ]
}

proptest! {
    #[test]
    fn the_form_of_a_form_is_itself(text in text()) {
        for profile in Profile::ALL {
            let once = form(profile, &text);
            prop_assert_eq!(&form(profile, &once), &once, "{} of {:?}", profile.name(), text);
        }
    }

    #[test]
    fn a_looser_profile_never_parts_what_a_stricter_one_joins(text in text(), spaces in "[ \n\t]{1,3}") {
        let other = text.replace(' ', &spaces);
        if form(Profile::Whitespace, &text) == form(Profile::Whitespace, &other) {
            prop_assert_eq!(form(Profile::Standard, &text), form(Profile::Standard, &other));
        }
        if form(Profile::Standard, &text) == form(Profile::Standard, &other) {
            prop_assert_eq!(form(Profile::Loose, &text), form(Profile::Loose, &other));
        }
    }

    #[test]
    fn the_standard_form_has_single_spaces_and_none_at_its_ends(text in text()) {
        let form = form(Profile::Standard, &text);
        prop_assert!(!form.contains("  ") && form.trim() == form, "{:?}", form);
        let folded = form.contains(['\n', '\u{ad}', '\u{200b}', '\u{2019}', '\u{2014}', '…']);
        prop_assert!(!folded, "{:?}", form);
    }

    #[test]
    fn digests_are_equal_just_when_forms_are(a in "[aA b\n]{0,4}", b in "[aA b\n]{0,4}") {
        for profile in Profile::ALL {
            let mut printer = Fingerprinter::new(profile);
            let same = printer.digest(&a) == printer.digest(&b);
            prop_assert_eq!(same, form(profile, &a) == form(profile, &b));
        }
    }
}

#[test]
fn profiles_never_share_a_digest() {
    let digests: Vec<_> = Profile::ALL.map(|p| Fingerprinter::new(p).digest("word")).to_vec();
    for (i, a) in digests.iter().enumerate() {
        assert!(!digests[i + 1..].contains(a));
    }
}
