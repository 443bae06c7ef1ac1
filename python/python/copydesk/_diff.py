"""`copydesk.diff`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import _core
from ._records import field_names, rows, text_of
from ._told import Told


class Revision(Told):
    """What changed from one text to another: edits that tile both.

    Ranges are half-open bytes of the texts in UTF-8, as in the JSON of the command line. A revision is true
    where anything differs.
    """

    __slots__ = ()

    _found: _core.Revision

    @property
    def edits(self) -> list[_core.Edit]:
        """The edits, in the order of the new text; a deletion stands where the paragraph stood."""
        return self._found.edits

    @property
    def changes(self) -> list[_core.Edit]:
        """The edits that are no `keep`."""
        return [edit for edit in self._found.edits if edit.kind != "keep"]

    @property
    def metadata(self) -> list[dict[str, Any]]:
        """The fields of two records that differ: field, old, new, significance, reasons."""
        return self._found.metadata

    @property
    def summary(self) -> dict[str, Any]:
        """The counts, by the names of the JSON contract."""
        return self._found.summary

    @property
    def similarity(self) -> float:
        """Twice the bytes that stayed over the bytes of both texts, to six places."""
        return self._found.similarity

    @property
    def significance(self) -> str:
        """The greatest of all edits: none, cosmetic, wording or substantive."""
        return self._found.significance

    @property
    def degraded(self) -> bool:
        """Whether the texts were too large to be compared word by word throughout."""
        return self._found.degraded

    def report(
        self,
        format: str = "terminal",
        *,
        context: int | None = None,
        ignore_cosmetic: bool = False,
        width: int | None = None,
    ) -> str:
        """Return the revision in one of the formats of `copydesk diff --format`, without colours."""
        return self._found.report(format, context=context, ignore_cosmetic=ignore_cosmetic, width=width)

    def __repr__(self) -> str:
        counts = [f"{count} {name}" for name, count in self.summary.items() if name != "similarity" and count]
        return f"<Revision: {', '.join(counts) or 'nothing on either side'}>"

    def __bool__(self) -> bool:
        return bool(self._found)

    def __len__(self) -> int:
        return len(self._found)


def diff(
    old: str | bytes | Mapping[str, Any],
    new: str | bytes | Mapping[str, Any],
    *,
    granularity: str = "word",
    fields: Mapping[str, str] | None = None,
) -> Revision:
    """Return what changed from `old` to `new`, each a text or a record.

    `granularity` says how fine the changes within a paragraph are told: paragraph, sentence or word. Of
    records, the metadata is compared too; `fields` says which field means what, such as `{"text": "story"}`.
    """
    sides = [_side(name, side, fields) for name, side in (("old", old), ("new", new))]
    core = _core.diff(
        sides[0][0],
        sides[1][0],
        records=(sides[0][1], sides[1][1]),
        fields=field_names(fields),
        granularity=granularity,
    )
    return Revision(core)


def _side(name: str, side: Any, fields: Mapping[str, str] | None) -> tuple[str, bool]:
    if isinstance(side, Mapping):
        try:
            return rows(side, fields).records.line(0), True
        except (TypeError, ValueError) as error:
            message = str(error).removeprefix("row 0, ").removeprefix("row 0: ")
            raise type(error)(f"{name} record: {message}") from None
    return text_of(side, name), False
