"""`copydesk.pairs`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, overload

from . import _core
from ._options import MEMORY_LIMIT, exact_decimal
from ._records import field_names, rows, unique_ids


@dataclass(frozen=True)
class Pair:
    """Two units that are nearly the same.

    A unit is called by its id, or by its row (counted from 0) where rows have no ids; a paragraph by a tuple
    of that and its number (counted from 1).
    """

    left: Any
    right: Any
    overlap: int
    """How many different shingles both hold."""
    left_shingles: int
    right_shingles: int

    @property
    def union(self) -> int:
        """How many different shingles either holds."""
        return self.left_shingles + self.right_shingles - self.overlap

    @property
    def similarity(self) -> float:
        """Jaccard similarity: overlap over union."""
        return self.overlap / self.union

    @property
    def containment(self) -> float:
        """Overlap over the smaller of the two."""
        return self.overlap / min(self.left_shingles, self.right_shingles)


class Pairs(Sequence[Pair]):
    """Pairs in the order of the input, the earlier unit on the left; objects are made as they are looked at."""

    __slots__ = ("_ids", "_table")

    def __init__(self, table: _core.PairTable, ids: list[Any] | None) -> None:
        self._table = table
        self._ids = ids

    def _name(self, unit: tuple[int, int]) -> Any:
        row, paragraph = unit
        name = row if self._ids is None else self._ids[row]
        return (name, paragraph) if self._table.paragraphs else name

    def __len__(self) -> int:
        return len(self._table)

    @overload
    def __getitem__(self, at: int) -> Pair: ...
    @overload
    def __getitem__(self, at: slice) -> list[Pair]: ...
    def __getitem__(self, at: int | slice) -> Pair | list[Pair]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        found = self._table.pair(at + len(self) if at < 0 else at) if -len(self) <= at < len(self) else None
        if found is None:
            raise IndexError(at)
        left, right, overlap, left_shingles, right_shingles = found
        return Pair(self._name(left), self._name(right), overlap, left_shingles, right_shingles)

    def __iter__(self) -> Iterator[Pair]:
        return (self[at] for at in range(len(self)))

    def clusters(self) -> list[list[Any]]:
        """Return the connected groups, each in the order of the input."""
        return [[self._name(unit) for unit in group] for group in self._table.clusters()]

    def to_arrow(self) -> Any:
        """Return a pyarrow.RecordBatch: left and right rows, overlap, sizes, union, similarity (needs pyarrow)."""
        return self._table.batch()

    def to_pandas(self) -> Any:
        """Return a pandas.DataFrame of the same columns (needs pyarrow and pandas)."""
        return self._table.batch().to_pandas()

    def __repr__(self) -> str:
        return f"<Pairs: {len(self)}>"


def pairs(
    source: Any,
    k: int = 3,
    threshold: float | str | Decimal = 0.8,
    unit: str = "document",
    *,
    measure: str = "jaccard",
    fields: Mapping[str, str] | None = None,
    body_format: str | None = None,
    memory_limit: int = MEMORY_LIMIT,
    threads: int = 0,
) -> Pairs:
    """Return every pair of texts at or above `threshold`, and no other: nothing is sampled or estimated.

    `source` is what `check` takes. Texts are compared by their runs of `k` words; `unit` is document or
    paragraph; `measure` is jaccard, or containment (overlap over the smaller). The threshold is read as the
    decimal that is written. Where rows have ids, each has one and no two the same.
    """
    if body_format not in (None, "html", "text"):
        raise ValueError(f"body_format is {body_format!r}; write html or text")
    found = rows(source, fields)
    ids = unique_ids(found)
    table = _core.pairs(
        found.records,
        k=k,
        threshold=exact_decimal(threshold),
        unit=unit,
        measure=measure,
        fields=field_names(fields),
        body_html=None if body_format is None else body_format == "html",
        memory_limit=memory_limit,
        threads=threads,
    )
    return Pairs(table, ids)
