"""Every shape of input gives the same rows, and what cannot be read is named by row and column."""

from __future__ import annotations

import datetime

import pandas
import polars
import pyarrow
import pytest

import copydesk

TEXTS = ["The ferry leaves at nine tomorrow.", "The ferry leaves at nine tomorrow.", "Another text, about fish.", ""]


def columns():
    yield "list", TEXTS
    yield "tuple", tuple(TEXTS)
    yield "generator", (text for text in TEXTS)
    yield "bytes", [text.encode() for text in TEXTS]
    yield "pandas", pandas.Series(TEXTS, index=[5, 6, 7, 8])
    yield "pandas, arrow", pandas.Series(TEXTS, dtype="string[pyarrow]")
    yield "polars", polars.Series(TEXTS)
    for kind in (pyarrow.string(), pyarrow.large_string(), pyarrow.string_view(), pyarrow.binary()):
        yield str(kind), pyarrow.array(TEXTS).cast(kind)
    yield "chunks", pyarrow.chunked_array([TEXTS[:1], TEXTS[1:]])


@pytest.mark.parametrize(("name", "column"), list(columns()), ids=lambda value: value if isinstance(value, str) else "")
def test_columns_are_taken(name, column):
    assert [(pair.left, pair.right) for pair in copydesk.pairs(column)] == [(0, 1)]


def tables():
    data = {"id": ["a", "b", "c", "d"], "body": TEXTS, "date": [datetime.date(2026, 11, 20)] * 4, "extra": [[1]] * 4}
    yield "records", [dict(zip(data, row)) for row in zip(*data.values())]
    yield "pandas", pandas.DataFrame(data)
    yield "polars", polars.DataFrame(data)
    yield "table", pyarrow.table(data)
    yield "batch", pyarrow.record_batch(data)


@pytest.mark.parametrize(("name", "table"), list(tables()), ids=lambda value: value if isinstance(value, str) else "")
def test_tables_are_taken(name, table):
    assert [(pair.left, pair.right) for pair in copydesk.pairs(table)] == [("a", "b")]
    report = copydesk.check(table, now="2026-11-21")
    assert [(finding.rule, finding.id) for finding in report] == [("duplicate-document", "b"), ("empty-text", "d")]


def test_ids_keep_their_type():
    table = pandas.DataFrame({"nr": [10, 20, 30, 40], "story": TEXTS})
    [pair] = copydesk.pairs(table, fields={"text": "story", "id": "nr"})
    assert (pair.left, pair.right) == (10, 20)


def test_one_text_is_one_row():
    assert copydesk.check(TEXTS[0]).summary["documents"] == 1
    assert copydesk.check({"text": TEXTS[0]}).summary["documents"] == 1
    assert len(copydesk.pairs([])) == 0


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        (["a text", None], ValueError, "row 1: is None; fill it"),
        (["a text", float("nan")], ValueError, "row 1: is nan"),
        (["a text", 7], TypeError, "row 1: is int, not text"),
        (["a text", {"text": "b"}], TypeError, "row 1: is dict, not text"),
        ([{"text": "b"}, "a text"], TypeError, "row 1: is str, not a record"),
        ([b"fine", b"caf\xe9"], ValueError, "row 1: is not UTF-8 at byte 3"),
        (["fine", "lone \ud800"], ValueError, "row 1: the text is no Unicode text"),
        ([{"id": 1, "text": "a"}, {"id": 2, "titel": "b"}], ValueError, "row 1: has no field 'text' or 'body'"),
        ([{"id": 1, "text": None}], ValueError, "row 0, field 'text': is None"),
        ([{"id": 1, "text": 5}], TypeError, "row 0, field 'text': is int"),
        ([{"id": 1, "text": "a"}, {"id": 1, "text": "b"}], ValueError, "row 1: id 1 stands in row 0 too"),
        ([{"id": 1, "text": "a"}, {"text": "b"}], ValueError, "row 1: has no id"),
        (pandas.DataFrame({"text": ["a", None]}), ValueError, "column 'text', row 1: is"),
        (pandas.DataFrame({"text": [1, 2]}), TypeError, "column 'text', row 0: is int"),
        (pandas.DataFrame({"tekst": ["a"]}), ValueError, "no column holds the text; there are 'tekst'"),
        (polars.DataFrame({"id": ["a", None], "text": ["a", "b"]}), ValueError, "column 'id', row 1"),
        (pyarrow.table({"text": pyarrow.array([b"a", b"\xff"])}), ValueError, "column 'text', row 1: is not UTF-8 at byte 0"),
        (pyarrow.array(["a", None]), ValueError, "row 1: is None"),
        (5, TypeError, "int is no text"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(source, error, message):
    with pytest.raises(error, match=message):
        copydesk.pairs(source)


def test_a_field_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="no column for 'text' is called 'story'; there are 'text'"):
        copydesk.pairs(pandas.DataFrame({"text": TEXTS}), fields={"text": "story"})
