"""Which inputs are texts, and which are records? Every error names the row, and the column where there is one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import _core

# The usual names of fields, those of one meaning in the order in which they are preferred: src/read/record.rs.
TEXT_FIELDS = ("text", "body", "content", "article_body", "body_text", "content_text", "content_html", "body_html")
ID_FIELDS = ("id", "guid", "uri")
OTHER_FIELDS = (
    "title", "headline", "url", "link", "version", "author", "authors", "byline", "published", "date",
    "date_published", "firstcreated", "updated", "modified", "versioncreated", "date_modified", "language", "lang",
)  # fmt: skip

MEANINGS = ("text", "html", "title", "url", "id", "version", "author", "published", "updated", "language")


@dataclass(frozen=True)
class Rows:
    """Texts or records, ready for the library."""

    records: _core.Records
    ids: list[Any] | None
    """What the caller calls each row; None where rows have no ids."""
    texts: list[str] | None = None
    """The texts, where rows are texts alone, which can bear no id and no date."""

    @property
    def bare(self) -> bool:
        """Whether the rows are texts alone."""
        return self.texts is not None


def field_names(fields: Mapping[str, str] | None) -> list[tuple[str, str]]:
    """Return the pairs of meaning and name, all meanings known."""
    pairs = list((fields or {}).items())
    for meaning, name in pairs:
        if meaning not in MEANINGS:
            raise ValueError(f"fields: {meaning!r} is no meaning of a field; there are {', '.join(MEANINGS)}")
        if not isinstance(name, str) or not name:
            raise TypeError(f"fields: the field for {meaning!r} is {name!r}, not a name")
    return pairs


def rows(source: Any, fields: Mapping[str, str] | None = None) -> Rows:
    """Return the rows of `source`: one text, many texts, records, or a table."""
    named = dict(field_names(fields))
    if isinstance(source, str):
        return _texts([source])
    if isinstance(source, Mapping):
        return _records([source], named)
    if isinstance(source, (bytes, bytearray)):
        return _texts([source])
    columns = _columns(source)
    if columns is not None:
        return _table(columns, named)
    values = _values(source)
    if not values:
        return _texts([])
    first = next((value for value in values if value is not None), None)
    return _records(values, named) if isinstance(first, Mapping) else _texts(values)


def text_of(value: Any, place: str) -> str:
    """Return `value` as a string; bytes are taken where they are UTF-8."""
    if isinstance(value, str):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        try:
            return bytes(value).decode()
        except UnicodeDecodeError as error:
            raise ValueError(f"{place}: is not UTF-8 at byte {error.start}; decode it first") from None
    if is_missing(value):
        raise ValueError(f"{place}: is {value!r}; fill it or leave the row out")
    raise TypeError(f"{place}: is {type(value).__name__}, not text")


def is_missing(value: Any) -> bool:
    """Whether `value` stands for nothing: None, NaN, NaT, pandas.NA."""
    if value is None:
        return True
    if type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and value != value


def _texts(values: Sequence[Any]) -> Rows:
    if all(type(value) is str for value in values):
        texts = list(values)
    else:
        texts = [text_of(value, f"row {row}") for row, value in enumerate(values)]
    return Rows(_core.Records.of_texts(texts), None, texts)


def _records(values: Sequence[Any], named: Mapping[str, str]) -> Rows:
    text_names = [named["text"]] if "text" in named else [*TEXT_FIELDS, *([named["html"]] if "html" in named else [])]
    id_names = [named["id"]] if "id" in named else ID_FIELDS
    lines, ids = [], []
    for row, record in enumerate(values):
        if not isinstance(record, Mapping):
            what = "missing" if is_missing(record) else type(record).__name__
            raise TypeError(f"row {row}: is {what}, not a record as the rows before it")
        name = next((name for name in text_names if name in record), None)
        if name is None:
            raise ValueError(f"row {row}: has no field {' or '.join(repr(name) for name in text_names)}")
        text = text_of(record[name], f"row {row}, field {name!r}")
        if text is not record[name]:
            record = {**record, name: text}
        id_name = next((name for name in id_names if not is_missing(record.get(name))), None)
        ids.append(None if id_name is None else record[id_name])
        lines.append(_line(record, row))
    known = [value for value in ids if value is not None]
    return Rows(_core.Records.of_lines(lines), ids if known else None)


def _line(record: Mapping[str, Any], row: int) -> str:
    record = {str(name): value for name, value in record.items() if not is_missing(value)}
    try:
        return json.dumps(record, default=_plain)
    except (TypeError, ValueError) as error:
        raise TypeError(f"row {row}: {error}") from None


def _plain(value: Any) -> Any:
    """Return a date as ISO 8601, a number of numpy as a number, for what JSON does not know."""
    for method in ("isoformat", "tolist"):
        if hasattr(value, method):
            return getattr(value, method)()
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode()
    return str(value)


def _columns(source: Any) -> dict[str, Any] | None:
    """Return the columns of a table of pandas, polars or pyarrow; None for anything else."""
    if hasattr(source, "column_names") and hasattr(source, "column"):
        return {name: source.column(at) for at, name in enumerate(source.column_names)}
    if hasattr(source, "columns") and hasattr(source, "__getitem__"):
        return {name: source[name] for name in source.columns}
    return None


def _values(column: Any) -> list[Any]:
    """Return the values of a column, a list, or anything that can be gone through."""
    if isinstance(column, list):
        return column
    for method in ("to_pylist", "to_list", "tolist"):
        if hasattr(column, method):
            return list(getattr(column, method)())
    if isinstance(column, Iterable):
        return list(column)
    raise TypeError(f"{type(column).__name__} is no text, no record, and nothing that holds some")


def _table(columns: dict[str, Any], named: Mapping[str, str]) -> Rows:
    there = ", ".join(repr(name) for name in columns)
    for meaning, name in named.items():
        if name not in columns:
            raise ValueError(f"fields: no column for {meaning!r} is called {name!r}; there are {there}")
    if "text" in named or "html" in named:
        text = named.get("text") or named["html"]
    else:
        found = next((name for name in TEXT_FIELDS if name in columns), None)
        if found is None:
            raise ValueError(f"no column holds the text; there are {there}: name it with fields={{'text': …}}")
        text = found
    id_name = named.get("id") or next((name for name in ID_FIELDS if name in columns), None)
    # A table may hold anything beside; only what copydesk knows is looked at.
    kept = [name for name in columns if name in OTHER_FIELDS or name in named.values()]
    texts = [text_of(value, f"column {text!r}, row {row}") for row, value in enumerate(_values(columns[text]))]
    ids = None
    if id_name is not None:
        ids = _values(columns[id_name])
        for row, value in enumerate(ids):
            if is_missing(value):
                raise ValueError(f"column {id_name!r}, row {row}: is {value!r}; an id is text or a number")
    others = {name: _values(columns[name]) for name in kept if name not in (text, id_name)}
    lines = []
    for row, value in enumerate(texts):
        record = {} if ids is None else {str(id_name): ids[row]}
        record[text] = value
        record.update({name: values[row] for name, values in others.items()})
        lines.append(_line(record, row))
    return Rows(_core.Records.of_lines(lines), ids)


def unique_ids(rows: Rows) -> list[Any] | None:
    """Return the ids where every row has one; no two rows may share one."""
    if rows.ids is None:
        return None
    first: dict[str, int] = {}
    for row, value in enumerate(rows.ids):
        if value is None:
            raise ValueError(f"row {row}: has no id, and others have one")
        before = first.setdefault(str(value), row)
        if before != row:
            raise ValueError(f"row {row}: id {value!r} stands in row {before} too; ids name one row each")
    return rows.ids
