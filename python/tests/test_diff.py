"""`copydesk.diff` says what the command line says."""

from __future__ import annotations

import json
import random

import pytest

import copydesk

from invented import article, edited

OLD = "The pier will close on Monday.\n\nRepairs cost 320,000 crowns.\n\nNobody was hurt."
NEW = "The pier will close on Monday.\n\nRepairs cost 520,000 crowns.\n\nA crane is on its way."


@pytest.mark.parametrize("seed", range(5))
def test_json_is_that_of_the_command_line(seed, tmp_path, copydesk_cli):
    source = random.Random(seed)
    old = article(source, 8)
    parts = edited(source, old, 0.05).split("\n\n")
    source.shuffle(parts)
    new = "\n\n".join(parts[:-1])
    (tmp_path / "old").write_text(old, encoding="utf-8", newline="")
    (tmp_path / "new").write_text(new, encoding="utf-8", newline="")
    done = copydesk_cli("diff", tmp_path / "old", tmp_path / "new", "--format", "json", "--input-format", "plaintext")
    expected = json.loads(done.stdout)
    for side in ("old", "new"):
        expected[side] |= {"path": side, "document": side}
    revision = copydesk.diff(old, new)
    assert revision.to_dict() == expected
    for ours, theirs in zip(revision.edits, expected["edits"], strict=True):
        for name in ("kind", "moved", "rewritten", "block", "significance"):
            assert getattr(ours, name) == theirs[name]
        assert list(ours.old) == theirs["old"] and list(ours.reasons) == theirs["reasons"]
        words = [{"op": w.op, "old": list(w.old), "new": list(w.new), "text": w.text} for w in ours.words]
        assert words == theirs.get("words", [])


def test_edits_tile_both_texts():
    old, new = "Grüße aus dem Hafen.\n\n" + OLD, NEW + "\n\n🚢 Ende."
    edits = copydesk.diff(old, new).edits
    assert "".join(edit.new_text for edit in edits if edit.new_text) == new
    olds = sorted((edit.old_range, edit.old_text) for edit in edits if edit.old_range)
    assert "".join(text for _, text in olds) == old
    for (start, end), text in olds:
        assert old.encode()[start:end].decode() == text


def test_a_revision_tells_what_it_is():
    revision = copydesk.diff(OLD, NEW)
    assert revision and len(revision) == len(revision.edits)
    assert [edit.kind for edit in revision.changes] == ["modify", "delete", "insert"]
    assert revision.changes[0].reasons == ("money",) or "number" in revision.changes[0].reasons
    assert revision.significance == "substantive"
    assert revision.summary["modified"] == 1 and "1 modified" in repr(revision)
    assert not copydesk.diff(OLD, OLD)
    assert revision.to_html().startswith("<!DOCTYPE html>")
    assert 'srcdoc="<!DOCTYPE html>' in revision._repr_html_()
    assert "520,000" in str(revision)
    assert revision.report("unified").startswith("--- ")


def test_a_page_cannot_leave_its_frame():
    hostile = '"></iframe><script>alert(1)</script>'
    page = copydesk.diff("a", hostile)._repr_html_()
    # One frame, and nothing behind the attribute that holds the page.
    assert page.count('"') == 6 and page.endswith('"></iframe>')


def test_metadata_of_records_is_compared():
    old = {"id": "x", "title": "Pier closes", "text": OLD}
    revision = copydesk.diff(old, {**old, "title": "Pier opens"})
    [field] = revision.metadata
    assert (field["field"], field["old"], field["new"]) == ("title", "Pier closes", "Pier opens")
    assert copydesk.diff({"story": OLD}, {"story": NEW}, fields={"text": "story"}).summary["modified"] == 1
    with pytest.raises(ValueError, match="a patch needs two texts"):
        revision.report("unified")


@pytest.mark.parametrize(
    ("old", "new", "error", "message"),
    [
        (None, "a", ValueError, "old: is None"),
        ("a", 7, TypeError, "new: is int, not text"),
        ("a", b"\xff", ValueError, "new: is not UTF-8 at byte 0"),
        ({"titel": "x"}, "a", ValueError, "old record: has no field 'text'"),
        ("a", {"text": 1}, TypeError, "new record: field 'text': is int"),
    ],
)
def test_what_is_wrong_is_named(old, new, error, message):
    with pytest.raises(error, match=message):
        copydesk.diff(old, new)


def test_an_option_that_is_wrong_is_named():
    with pytest.raises(ValueError, match="write paragraph, sentence or word"):
        copydesk.diff("a", "b", granularity="letter")
    with pytest.raises(ValueError, match="there are terminal, side-by-side"):
        copydesk.diff("a", "b").report("pdf")
