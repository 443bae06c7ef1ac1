"""The functions for engines: batches in, batches out."""

from __future__ import annotations

import json

import pyarrow
import pytest

import copydesk

KINDS = [pyarrow.string(), pyarrow.large_string(), pyarrow.string_view(), pyarrow.binary(), pyarrow.large_binary()]


def batch(corpus, kind=None):
    texts = pyarrow.array([record["text"] for record in corpus])
    ids = pyarrow.array([record["id"] for record in corpus])
    return pyarrow.record_batch({"id": ids, "text": texts if kind is None else texts.cast(kind)})


def test_paragraphs_are_those_of_the_command_line(corpus, corpus_file, copydesk_cli):
    done = copydesk_cli("show", corpus_file, "--format", "json")
    documents = json.loads(done.stdout)["documents"]
    found = copydesk.paragraphs(batch(corpus)).to_pylist()
    blocks = [(document["id"], number, block["kind"])
              for document in documents for number, block in enumerate(document["blocks"], 1)]  # fmt: skip
    assert [(row["document"], row["paragraph"], row["kind"]) for row in found] == blocks


def test_digests_name_groups_of_the_same_paragraph(corpus):
    report = copydesk.check(corpus, select="shared-paragraph,repeated-paragraph", now="2026-11-21")
    digests = {(row["document"], row["paragraph"]): row["digest"] for row in copydesk.paragraphs(batch(corpus)).to_pylist()}
    told = [finding for finding in report if finding.place.paragraph]
    assert told
    for finding in told:
        digest = digests[finding.id, finding.place.paragraph]
        assert digest.hex().startswith(finding.fingerprint)
        assert digests[finding.related[0].id, finding.related[0].paragraph] == digest


def test_ranges_are_bytes_of_the_text(corpus):
    texts = {record["id"]: record["text"].encode() for record in corpus}
    rows = copydesk.paragraphs(batch(corpus)).to_pylist()
    for row in rows:
        part = texts[row["document"]][row["start"] : row["end"]].decode()
        assert part == part.strip() != ""
        assert row["counts"] == (row["kind"] in ("paragraph", "list-item", "quotation", "caption"))


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_every_kind_of_text_gives_the_same(corpus, kind):
    for function in (copydesk.paragraphs, copydesk.documents, copydesk.shingles, copydesk.shingle_sets):
        assert function(batch(corpus, kind)).equals(function(batch(corpus)))


def test_a_slice_is_its_rows(corpus):
    whole = batch(corpus)
    parts = [copydesk.shingles(whole.slice(start, 17)) for start in range(0, whole.num_rows, 17)]
    assert pyarrow.Table.from_batches(parts).equals(pyarrow.Table.from_batches([copydesk.shingles(whole)]).combine_chunks()) or (
        pyarrow.Table.from_batches(parts).to_pylist() == copydesk.shingles(whole).to_pylist()
    )


def test_shingles_make_the_pairs(corpus):
    sets: dict[str, set[int]] = {}
    for row in copydesk.shingles(batch(corpus), 3).to_pylist():
        sets.setdefault(row["document"], set()).add(row["shingle"])
    names = [record["id"] for record in corpus if record["id"] in sets]
    brute = [
        (left, right, len(sets[left] & sets[right]))
        for at, left in enumerate(names)
        for right in names[at + 1 :]
        if 10 * len(sets[left] & sets[right]) >= 8 * len(sets[left] | sets[right])
    ]
    assert brute == [(pair.left, pair.right, pair.overlap) for pair in copydesk.pairs(corpus)]
    whole = copydesk.shingle_sets(batch(corpus)).to_pylist()
    assert {row["document"]: set(row["shingles"]) for row in whole} == sets
    assert len({row["key"] for row in whole}) == len({frozenset(shingles) for shingles in sets.values()})


def test_overlaps_count_words(corpus):
    texts = {record["id"]: record["text"] for record in corpus}
    pairs = [pair for pair in copydesk.pairs(corpus, threshold=0.3)]
    rows = pyarrow.record_batch({
        "left_text": [texts[pair.left] for pair in pairs],
        "right_text": [texts[pair.right] for pair in pairs],
    })  # fmt: skip
    found = copydesk.overlaps(rows).to_pylist()
    plain = [(row["overlap"], row["left_shingles"], row["right_shingles"]) for row in found]
    quoted = [at for at, pair in enumerate(pairs) if "> " in texts[pair.left] + texts[pair.right]]
    for at, pair in enumerate(pairs):
        if at not in quoted:
            assert plain[at] == (pair.overlap, pair.left_shingles, pair.right_shingles)


def test_units_leave_markup_out(corpus):
    rows = pyarrow.record_batch({"id": [1], "text": ["He wrote:\n\n> Quoted words\n> go on here.\n\nAnd these are plain."]})
    assert copydesk.units(rows).to_pylist()[0]["text"].split() == "He wrote: > Quoted words go on here. And these are plain.".split()
    paragraphs = copydesk.units(rows, unit="paragraph").to_pylist()
    assert [row["paragraph"] for row in paragraphs] == [1, 2, 3]
    units = copydesk.units(batch(corpus))
    renamed = units.rename_columns(["id", "paragraph", "text"])
    assert copydesk.shingle_sets(renamed, unit="text").to_pylist() == copydesk.shingle_sets(batch(corpus)).to_pylist()


@pytest.mark.parametrize(
    ("columns", "error", "message"),
    [
        ({"id": [1], "text": [1]}, TypeError, 'column "text" holds Int64, not text'),
        ({"id": [1, 2], "text": ["a", None]}, ValueError, 'column "text", row 1: is null'),
        ({"id": [1, 2], "text": [b"a", b"a\xffb"]}, ValueError, 'column "text", row 1: is not UTF-8 at byte 1'),
        ({"id": [1.5], "text": ["a b"]}, TypeError, 'column "id" holds Float64; an id is text or a whole number'),
        ({"id": [None, 1], "text": ["a b", "c"]}, ValueError, 'column "id", row 0: is null'),
        ({"id": [1], "body": ["a"]}, ValueError, 'no column is called "text"; there are "id", "body"'),
    ],
)
@pytest.mark.parametrize("function", ["paragraphs", "documents", "units", "shingles", "shingle_sets"])
def test_what_is_wrong_is_named(function, columns, error, message):
    with pytest.raises(error, match=message):
        getattr(copydesk, function)(pyarrow.record_batch(columns))


def test_a_batch_without_rows_gives_none():
    empty = pyarrow.record_batch({"id": pyarrow.array([], pyarrow.string()), "text": pyarrow.array([], pyarrow.string())})
    for function in (copydesk.paragraphs, copydesk.documents, copydesk.units, copydesk.shingles, copydesk.shingle_sets):
        assert function(empty).num_rows == 0
