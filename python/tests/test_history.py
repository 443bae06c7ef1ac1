"""`copydesk.history` says what the command line says."""

from __future__ import annotations

import datetime
import json
import random
from pathlib import Path

import pandas
import pytest

import copydesk

from invented import article, edited

FIRST = "The pier will close on Monday.\n\nRepairs cost 320,000 crowns."
SECOND = "The pier will close on Tuesday.\n\nRepairs cost 320,000 crowns.\n\nGrüße, a crane 🚢 is on its way."


@pytest.fixture(scope="module")
def texts():
    source = random.Random(20261126)
    texts = [article(source, 6)]
    for _ in range(7):
        parts = edited(source, texts[-1], 0.04).split("\n\n")
        source.shuffle(parts)
        texts.append("\n\n".join(parts))
    # A revert, a version that changes nothing, and an emptied one.
    return [*texts, texts[3], texts[3], texts[4], "", texts[4]]


@pytest.fixture(scope="module")
def records(texts):
    days = [f"2026-11-{day:02}T05:10:00Z" for day in range(1, len(texts) + 1)]
    story = [
        {"id": "s-1", "version": str(number), "updated": day, "author": "abc"[number % 3], "title": "Pier", "text": text}
        for number, (day, text) in enumerate(zip(days, texts), 1)
    ]
    other = [{"id": "s-2", "version": str(at), "updated": days[at], "text": text} for at, text in enumerate((FIRST, SECOND))]
    # Not in order: they are put in order by `updated`.
    return story[::-1] + other


@pytest.fixture(scope="module")
def records_file(records, tmp_path_factory):
    path = tmp_path_factory.mktemp("history") / "wire.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(texts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("versions")
    for number, text in enumerate(texts[:9], 1):
        (folder / f"pier-v{number}.txt").write_text(text, encoding="utf-8", newline="")
    return folder


def test_records_are_told_as_by_the_command_line(records, records_file, copydesk_cli):
    done = copydesk_cli("history", records_file, "--format", "json", "--tokens")
    expected = json.loads(done.stdout)
    history = copydesk.history(records, name=str(records_file))
    assert history.to_dict(tokens=True) == expected
    assert [document.id for document in history] == ["s-1", "s-2"]
    assert "tokens" not in history.to_dict()["documents"][0]
    warned = [line.removeprefix("warning: ") for line in done.stderr.splitlines()]
    assert warned and history.warnings == warned


@pytest.mark.parametrize("format", ["terminal", "html", "markdown", "json"])
def test_every_format_is_that_of_the_command_line(records, records_file, copydesk_cli, format):
    done = copydesk_cli("history", records_file, "--format", format)
    assert copydesk.history(records, name=str(records_file)).report(format) == done.stdout


def test_a_path_is_read_as_by_the_command_line(folder, records_file, copydesk_cli, monkeypatch):
    for path in (folder, records_file):
        expected = json.loads(copydesk_cli("history", path, "--format", "json", "--tokens").stdout)
        for source in (path, str(path), [path]):
            assert copydesk.history(source).to_dict(tokens=True) == expected
    blamed = copydesk_cli("history", folder, "--at", "3", "--blame=word").stdout
    assert copydesk.history(folder, at=3).report(blame="word") == blamed


def test_bare_texts_are_versions_in_the_order_given(texts, tmp_path, copydesk_cli):
    path = tmp_path / "texts.jsonl"
    lines = [json.dumps({"id": "texts", "version": str(number), "text": text}) for number, text in enumerate(texts, 1)]
    path.write_text("\n".join(lines), encoding="utf-8")
    expected = json.loads(copydesk_cli("history", path, "--format", "json", "--tokens").stdout)
    for source in (texts, tuple(texts), (text for text in texts), pandas.Series(texts), [text.encode() for text in texts]):
        assert copydesk.history(source).to_dict(tokens=True) == expected


def test_choices_are_those_of_the_command_line(records, records_file, copydesk_cli):
    done = copydesk_cli("history", records_file, "--format", "json", "--id", "s-1", "--from", "2", "--to", "2026-11-10")
    expected = json.loads(done.stdout)
    for to in ("2026-11-10", datetime.date(2026, 11, 10)):
        assert copydesk.history(records, name=str(records_file), ids="s-1", from_="2", to=to).to_dict() == expected
    done = copydesk_cli("history", records_file, "--format", "json", "--since", "2026-11-08")
    assert copydesk.history(records, name=str(records_file), since="2026-11-08").to_dict() == json.loads(done.stdout)


def test_a_table_is_a_list_of_records(records):
    table = pandas.DataFrame(records)
    assert copydesk.history(table).to_dict() == copydesk.history(records).to_dict()
    renamed = table.rename(columns={"text": "story"})
    assert copydesk.history(renamed, fields={"text": "story"}).to_dict() == copydesk.history(records).to_dict()


def test_objects_say_what_the_json_says(records):
    history = copydesk.history(records)
    for document, told in zip(history, history.to_dict(tokens=True)["documents"], strict=True):
        stored = document.text.encode()
        for version, expected in zip(document.versions, told["versions"], strict=True):
            assert all(getattr(version, name) == value for name, value in expected.items())
        for token, expected in zip(document.tokens, told["tokens"], strict=True):
            assert (token.text, list(token.range), token.origin) == (expected["text"], expected["range"], expected["origin"])
            assert stored[slice(*token.range)].decode() == token.text
        for paragraph in document.paragraphs:
            assert stored[slice(*paragraph.range)].decode() == paragraph.text
        assert [revert.undoes for revert in document.reverts] == [revert["undoes"] for revert in told["reverts"]]
        assert [flap.texts for flap in document.flaps] == [flap["texts"] for flap in told["flaps"]]
        assert [(share.author, share.words) for share in document.authors] == [
            (share["author"], share["words"]) for share in told["authors"]
        ]
    assert history[0].reverts and history[0].authors


def test_a_history_of_one_document_tells_of_it():
    history = copydesk.history([FIRST, SECOND, FIRST])
    assert len(history) == 1 and len(history.versions) == 3
    assert (history.id, history.at, history.text) == ("texts", 3, FIRST)
    assert (history.versions[1].significance, history.versions[2].reverts_to) == ("substantive", 1)
    assert {token.origin for token in history.tokens} == {1}
    [monday] = [token for token in history.tokens if token.text == "Monday"]
    assert (monday.removed, monday.restored) == ([2], [3])
    assert [(revert.version, revert.to) for revert in history.reverts] == [(3, 1)]
    assert history.to_html().startswith("<!DOCTYPE html>") and "<iframe" in history._repr_html_()
    assert "3 versions" in str(history) and repr(history) == "<History of 'texts': 3 versions>"
    earlier = copydesk.history([FIRST, SECOND, FIRST], at=2)
    assert (earlier.at, earlier.text) == (2, SECOND)
    assert earlier.paragraphs[2].text.startswith("Grüße") and earlier.paragraphs[2].introduced == 2


def test_what_is_told_of_one_document_is_not_told_of_two(records):
    history = copydesk.history(records)
    assert repr(history) == "<History of 2 documents>"
    with pytest.raises(ValueError, match=r"2 documents: take one, such as history\[0\]"):
        history.versions


@pytest.mark.parametrize(
    ("versions", "options", "error", "message"),
    [
        ([], {}, ValueError, "there are no versions"),
        (FIRST, {}, ValueError, "one text has no history"),
        ("no/such/place", {}, ValueError, "no/such/place"),
        ([FIRST, None], {}, ValueError, "row 1: is None"),
        ([FIRST, 7], {}, TypeError, "row 1: is int, not text"),
        ([{"id": "a", "text": FIRST}, {"id": "a", "text": None}], {}, ValueError, "row 1, field 'text': is None"),
        ([FIRST, b"caf\xe9"], {}, ValueError, "row 1: is not UTF-8 at byte 3"),
        ([FIRST, SECOND], {"at": 3}, ValueError, "at is 3: `texts` cannot be told at that version; there are 2"),
        ([FIRST, SECOND], {"order": "size"}, ValueError, "order is \"size\"; there are name, date, mtime"),
        ([FIRST, SECOND], {"origin": "svn"}, ValueError, "there are auto, files, git"),
        ([FIRST, SECOND], {"since": "2026-01-01"}, ValueError, "bare texts have no labels"),
        ([FIRST, SECOND], {"body_format": "rtf"}, ValueError, "write html or text"),
        ([__file__, __file__], {}, ValueError, "is a file: write pathlib.Path"),
        (7, {}, TypeError, "int is no text"),
    ],
)
def test_what_is_wrong_is_named(versions, options, error, message):
    with pytest.raises(error, match=message):
        copydesk.history(versions, **options)


def test_what_cannot_be_read_beside_what_can_is_told(folder):
    history = copydesk.history([folder, Path("no/such/place")])
    assert len(history.versions) == 9
    [line] = history.errors
    assert line.startswith("no/such/place: ")


def test_a_format_that_is_not_there_is_named():
    history = copydesk.history([FIRST, SECOND])
    with pytest.raises(ValueError, match="there are terminal, json, html, markdown"):
        history.report("pdf")
    with pytest.raises(ValueError, match="write paragraph or word"):
        history.report(blame="letter")
