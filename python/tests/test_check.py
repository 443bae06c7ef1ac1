"""`copydesk.check` says what the command line says."""

from __future__ import annotations

import json

import pytest

import copydesk

NOW = "2026-11-21T12:00:00Z"


def test_findings_are_those_of_the_command_line(corpus, corpus_file, copydesk_cli):
    done = copydesk_cli("check", corpus_file, "--format", "json", "--now", NOW)
    expected = json.loads(done.stdout)
    report = copydesk.check(corpus, now=NOW, name=str(corpus_file))
    assert expected["findings"], done.stderr
    told = [(f["rule"], f["severity"], f["message"], f["location"]["record"], f["location"]["paragraph"],
             f["fingerprint"]) for f in expected["findings"]]  # fmt: skip
    ours = [(f.rule, f.severity, f.message, f.row + 1, f.place.paragraph, f.fingerprint) for f in report]
    assert ours == told
    assert {name: expected["summary"][name] for name in report.summary} == report.summary


def test_options_are_those_of_the_command_line(corpus, corpus_file, copydesk_cli):
    done = copydesk_cli(
        "check", corpus_file, "--format", "json", "--now", NOW, "--select", "ALL", "--ignore", "same-title",
        "--threshold", "0.6", "--min-words", "3", "--profile", "loose", "--blocks", "code", "--severity",
        "boilerplate=error", "--min-passage", "20",
    )  # fmt: skip
    expected = json.loads(done.stdout)["findings"]
    report = copydesk.check(
        corpus, now=NOW, name=str(corpus_file), select="ALL", ignore=["same-title"], threshold=0.6, min_words=3,
        profile="loose", blocks=["code"], severity={"boilerplate": "error"}, min_passage=20,
    )  # fmt: skip
    assert [(f.rule, f.row + 1, f.message) for f in report] == [
        (f["rule"], f["location"]["record"], f["message"]) for f in expected
    ]
    assert any(finding.rule.startswith("near-") for finding in report)


def test_a_place_is_in_characters_of_the_row():
    repeated = "Die Fähre “Möwe” fährt \\ heute 🚢 nicht mehr aus."
    text = f"Ein Anfang mit 🚢 und \"Zeichen\".\tNichts\u0001 weiter hier.\n\n{repeated}\n\nDazwischen stehen noch fünf andere Worte.\n\n{repeated}"
    report = copydesk.check(["Something else that stands here.", text], select="repeated-paragraph")
    [finding] = report
    place = finding.place
    assert (finding.row, place.field, finding.id) == (1, "text", None)
    assert text[place.start : place.end] == repeated == finding.text
    [first] = finding.related
    assert text[first.start : first.end] == repeated
    assert first.start < place.start


def test_bare_texts_need_no_ids():
    assert not list(copydesk.check(["A text of more than five words."]))
    [finding] = copydesk.check([{"text": "A text of more than five words."}], now=NOW)
    assert (finding.row, finding.rule) == (0, "missing-id")


def test_duplicate_ids_are_told():
    records = [{"id": 7, "date": "2026-11-20", "text": text} for text in ("One text is here.", "Another one is there.")]
    [finding] = copydesk.check(records, now=NOW)
    assert (finding.rule, finding.row, finding.id) == ("duplicate-id", 1, "7")
    # The id is a number: no characters of a string can be named.
    assert finding.place.start is None


def test_reports_come_in_every_format(corpus):
    report = copydesk.check(corpus[:40], now=NOW)
    assert report.to_html().lower().startswith("<!doctype html>")
    assert report.to_dict()["schema"] == 1
    assert "<iframe sandbox=\"allow-scripts\"" in report._repr_html_()
    assert str(report) and repr(report).startswith("<Report: 40 documents")
    with pytest.raises(ValueError, match="no format is called \"pdf\"; there are full, concise"):
        report.report("pdf")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"select": "repeated-paragraf"}, "did you mean `repeated-paragraph`"),
        ({"threshold": 1.5}, "`1.5` is not a threshold"),
        ({"threshold": float("nan")}, "is not a threshold"),
        ({"profile": "strict"}, "no profile is called"),
        ({"blocks": ["picture"]}, "no kind of block"),
        ({"body_format": "rtf"}, "write html or text"),
        ({"fields": {"body": "x"}}, "'body' is no meaning of a field"),
    ],
)
def test_an_option_that_is_wrong_is_named(options, message):
    with pytest.raises(ValueError, match=message):
        copydesk.check(["A text."], **options)
