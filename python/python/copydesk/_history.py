"""`copydesk.history`."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast, overload

from . import _core
from ._records import field_names, rows
from ._told import Told


@dataclass(frozen=True)
class Version:
    """One version of a document, and what it did to the one before."""

    number: int
    """From 1 on, oldest first."""
    label: str
    """The record's `version`, the commit, the revision's number, the file's name; of bare texts the number."""
    time: str | None
    """When it was saved, as the source writes it."""
    author: str | None
    comment: str | None
    title: str | None
    digest: str | None
    """BLAKE3 of what was stored, in hexadecimal; None where the text is missing."""
    words: int
    added: int
    """Words that the version before had not, restored ones included."""
    restored: int
    """Those of `added` that had stood in an earlier version."""
    removed: int
    surviving: int
    """Words that it was the first to have, and that the text told of still has."""
    significance: str
    """How much the step matters: none, cosmetic, wording or substantive."""
    reasons: list[str]
    """Why it is substantive."""
    reverts_to: int | None
    """The latest earlier version of the same text, unless that is the one just before."""
    unchanged: bool
    silent: bool
    """Whether the text changed in substance, and neither its date nor a note says so."""
    metadata: Sequence[dict[str, Any]] = ()
    """The fields that differ from the version before: field, old, new, significance, reasons."""
    missing: str = ""
    """Why there is no text; empty where there is one."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the text that is told, and where it comes from."""

    range: tuple[int, int]
    """Half-open bytes of the text in UTF-8."""
    introduced: int
    """The version in which it first stood, in these or other words."""
    last_changed: int
    """The version that first gave it these words."""
    text: str


@dataclass(frozen=True)
class Token:
    """A word or a sign of the text that is told, and what became of it."""

    text: str
    range: tuple[int, int]
    """Half-open bytes of the text in UTF-8."""
    origin: int
    """The version that first brought it."""
    removed: list[int]
    """The versions that no longer had it."""
    restored: list[int]
    """The versions that had it again."""


@dataclass(frozen=True)
class Revert:
    """A version that undid others."""

    version: int
    to: int | None
    """The version whose text it brought back; None where it undid only a part."""
    undoes: list[int]
    restored: int
    """Words that it restored."""
    removed: int
    """Words that it took out again."""


@dataclass(frozen=True)
class Flap:
    """Versions in a row, three or more, of which each only brings back a text that had stood before."""

    first: int
    last: int
    texts: list[int]
    """The versions that first had these texts."""


@dataclass(frozen=True)
class AuthorShare:
    """How much of the text that is told one author wrote."""

    author: str | None
    words: int
    versions: int


class DocumentHistory:
    """What became of one document."""

    def __init__(self, whole: History, index: int) -> None:
        self._whole = whole
        self._index = index
        self._told: dict[str, Any] = whole._documents[index]

    @property
    def id(self) -> str:
        """What its source calls it."""
        return str(self._told["id"])

    @property
    def at(self) -> int:
        """The number of the version whose text is told: the last one that has a text, or what was asked for."""
        return int(self._told["at"])

    @property
    def text(self) -> str:
        """The text of version `at`."""
        return self._whole._found.text(self._index) or ""

    @cached_property
    def versions(self) -> list[Version]:
        """Every version, oldest first."""
        return [Version(**told) for told in self._told["versions"]]

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        """The paragraphs of `text`, in order."""
        stored = self.text.encode()
        return [
            Paragraph((start, end), told["introduced"], told["last_changed"], stored[start:end].decode())
            for told in self._told["paragraphs"]
            for start, end in [told["range"]]
        ]

    @cached_property
    def tokens(self) -> list[Token]:
        """The words and signs of `text`, in order."""
        return [Token(**{**told, "range": tuple(told["range"])}) for told in self._whole._tokens[self._index]["tokens"]]

    @cached_property
    def reverts(self) -> list[Revert]:
        """Versions that undid others, oldest first."""
        return [Revert(**told) for told in self._told["reverts"]]

    @cached_property
    def flaps(self) -> list[Flap]:
        """Runs of versions that only brought back what had stood before, oldest first."""
        return [Flap(**told) for told in self._told["flaps"]]

    @cached_property
    def authors(self) -> list[AuthorShare]:
        """Who wrote the words of `text`, most words first; empty where no version names its author."""
        return [AuthorShare(**told) for told in self._told["authors"]]

    def __repr__(self) -> str:
        return f"<DocumentHistory {self.id!r}: {len(self._told['versions'])} versions>"


class History(Told, Sequence[DocumentHistory]):
    """What became of documents: a sequence of them, mostly of one.

    Where it is one, what is told of it is found here too: `history.versions` is `history[0].versions`.
    """

    _found: _core.Histories

    @cached_property
    def _documents(self) -> list[dict[str, Any]]:
        return cast("list[dict[str, Any]]", super().to_dict()["documents"])

    @cached_property
    def _tokens(self) -> list[dict[str, Any]]:
        return cast("list[dict[str, Any]]", self.to_dict(tokens=True)["documents"])

    @cached_property
    def documents(self) -> list[DocumentHistory]:
        """The documents, in the order in which they were first met."""
        return [DocumentHistory(self, index) for index in range(len(self))]

    @property
    def errors(self) -> list[str]:
        """What could not be read, a line each; the rest is told all the same."""
        return self._found.errors

    @property
    def warnings(self) -> list[str]:
        """What is odd about the order, the dates or the texts of versions, a line each."""
        return self._found.warnings

    def _only(self) -> DocumentHistory:
        if len(self) != 1:
            raise ValueError(f"these are the histories of {len(self)} documents: take one, such as history[0]")
        return self.documents[0]

    @property
    def id(self) -> str:
        """What its source calls the document."""
        return self._only().id

    @property
    def at(self) -> int:
        """The number of the version whose text is told."""
        return self._only().at

    @property
    def text(self) -> str:
        """The text of version `at`."""
        return self._only().text

    @property
    def versions(self) -> list[Version]:
        """Every version, oldest first."""
        return self._only().versions

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The paragraphs of `text`, in order."""
        return self._only().paragraphs

    @property
    def tokens(self) -> list[Token]:
        """The words and signs of `text`, in order."""
        return self._only().tokens

    @property
    def reverts(self) -> list[Revert]:
        """Versions that undid others, oldest first."""
        return self._only().reverts

    @property
    def flaps(self) -> list[Flap]:
        """Runs of versions that only brought back what had stood before, oldest first."""
        return self._only().flaps

    @property
    def authors(self) -> list[AuthorShare]:
        """Who wrote the words of `text`, most words first."""
        return self._only().authors

    def report(
        self,
        format: str = "terminal",
        *,
        tokens: bool = False,
        blame: str | None = None,
        width: int | None = None,
    ) -> str:
        """Return the history in one of the formats of `copydesk history --format`, without colours.

        `tokens` tells every word (json); `blame`, paragraph or word, tells instead of the timeline which
        version each comes from (terminal).
        """
        return self._found.report(format, tokens=tokens, blame=blame, width=width)

    def to_dict(self, *, tokens: bool = False) -> dict[str, Any]:
        """Return what `copydesk history --format json` prints, with `tokens` that of `--tokens`."""
        found: dict[str, Any] = json.loads(self._found.report("json", tokens=tokens))
        return found

    @overload
    def __getitem__(self, at: int) -> DocumentHistory: ...
    @overload
    def __getitem__(self, at: slice) -> list[DocumentHistory]: ...
    def __getitem__(self, at: int | slice) -> DocumentHistory | list[DocumentHistory]:
        return self.documents[at]

    def __len__(self) -> int:
        return len(self._found)

    def __repr__(self) -> str:
        if len(self) == 1:
            return f"<History of {self.id!r}: {len(self.versions)} versions>"
        return f"<History of {len(self)} documents>"


def history(
    versions: Any,
    *,
    at: int | None = None,
    order: str = "name",
    origin: str = "auto",
    one_document: bool = False,
    from_: str | datetime.date | None = None,
    to: str | datetime.date | None = None,
    since: str | datetime.date | None = None,
    ids: str | Iterable[str] = (),
    fields: Mapping[str, str] | None = None,
    body_format: str | None = None,
    name: str = "texts",
) -> History:
    """Return what became of a document from its first version to its last, and where each word comes from.

    `versions` is

    - texts, oldest first: a list, or a column of pandas, polars or pyarrow;
    - records (dicts, or a table) with `id`, `text`, `updated`, `version`, `author`: each a snapshot of the
      document of its id, put in order by `updated`;
    - a path (a string or `os.PathLike`, or several of the latter) to what `copydesk history` reads: a folder of
      versions, snapshots, a file of a git repository, `REV:PATH`, a MediaWiki dump.

    `at` is the number of the version whose words are told, by default the last one. `from_`, `to` and `since` are
    labels or dates, `ids` the documents that are wanted: these choose among records and in paths, and `order`,
    `origin` and `one_document` say how folders are read, as on the command line.
    """
    if body_format not in (None, "html", "text"):
        raise ValueError(f"body_format is {body_format!r}; write html or text")
    source = _source(versions, fields)
    if "texts" in source and any((from_, to, since, ids)):
        raise ValueError("bare texts have no labels, dates and ids to choose by: choose among them beforehand")
    core = _core.history(
        **source,
        name=name,
        at=at,
        order=order,
        origin=origin,
        one_document=one_document,
        from_=_bound(from_),
        to=_bound(to),
        since=_bound(since),
        ids=[ids] if isinstance(ids, str) else list(ids),
        fields=field_names(fields),
        body_html=None if body_format is None else body_format == "html",
    )
    return History(core)


def _source(versions: Any, fields: Mapping[str, str] | None) -> dict[str, Any]:
    """Return the argument of the extension that holds the versions."""
    if isinstance(versions, str):
        if "\n" in versions:
            raise ValueError("one text has no history: give a list of its versions, or the path of what holds them")
        return {"paths": [versions]}
    if isinstance(versions, os.PathLike):
        return {"paths": [os.fspath(versions)]}
    if isinstance(versions, (list, tuple)) and versions:
        if all(isinstance(version, os.PathLike) for version in versions):
            return {"paths": [os.fspath(version) for version in versions]}
        if all(isinstance(version, str) and len(version) < 256 and os.path.exists(version) for version in versions):
            raise ValueError(f"{versions[0]!r} is a file: write pathlib.Path({versions[0]!r}) for what it holds")
    found = rows(versions, fields)
    return {"records": found.records} if found.texts is None else {"texts": found.texts}


def _bound(bound: str | datetime.date | None) -> str | None:
    return bound.isoformat() if isinstance(bound, datetime.date) else bound
