"""What is compared: units, each known by the document's id and the number of the paragraph.

Columns have short names on their way through shuffles:

- `o`: what orders the corpus, where the caller named a column for that.
- `d`: the document's id. `p`: the paragraph's number, from 1; 0 for a whole document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, Any, Callable

from pyspark.sql import functions as F
from pyspark.sql import types as T

from .._options import exact_decimal

if TYPE_CHECKING:
    from decimal import Decimal

    from pyspark.sql import Column, DataFrame

TEXTS = (T.StringType, T.BinaryType)
NUMBERS = (T.ByteType, T.ShortType, T.IntegerType, T.LongType)


@dataclass(frozen=True)
class Corpus:
    """A DataFrame of texts, looked over."""

    df: DataFrame
    """Columns `d`, `text`, and `o` where there is an order."""
    keys: tuple[str, ...]
    """The columns that name a unit and order units: `o`?, `d`, `p`."""
    unit: str

    @classmethod
    def of(cls, df: DataFrame, text: str, id: str, order: str | None, unit: str, check_ids: bool) -> Corpus:
        """Return the corpus in `df`.

        An error names the column, and an id where it is about one: a column that is not there or of the wrong
        type, a text or an id that is null, an id that stands twice.
        """
        if unit not in ("document", "paragraph"):
            raise ValueError(f"unit is {unit!r}; write document or paragraph")
        types = {field.name: field.dataType for field in df.schema.fields}
        for name in (text, id, *([order] if order else [])):
            if name not in types:
                raise ValueError(f"no column is called {name!r}; there are {', '.join(map(repr, types))}")
        if not isinstance(types[text], TEXTS):
            raise TypeError(f"column {text!r} holds {types[text].simpleString()}, not text")
        if not isinstance(types[id], (T.StringType, *NUMBERS)):
            raise TypeError(f"column {id!r} holds {types[id].simpleString()}; an id is text or a whole number")
        quoted = [F.col(f"`{id}`").alias("d"), F.col(f"`{text}`").alias("text")]
        keys: tuple[str, ...] = ("d", "p")
        if order:
            quoted.append(F.col(f"`{order}`").alias("o"))
            keys = ("o", *keys)
        corpus = df.select(*quoted)
        missing = [(name, F.col(short).isNull()) for name, short in ((id, "d"), (text, "text"), (order, "o"))
                   if name and short in corpus.columns]  # fmt: skip
        for row in corpus.where(reduce(lambda a, b: a | b, (null for _, null in missing))).limit(1).collect():
            name = next(name for name, short in ((id, "d"), (text, "text"), (order, "o")) if name and row[short] is None)
            raise ValueError(f"column {name!r}: is null in the row of id {row['d']!r}; fill it or leave the row out")
        if check_ids:
            for row in corpus.groupBy("d").count().where("count > 1").orderBy("d").limit(1).collect():
                raise ValueError(f"column {id!r}: {row['d']!r} stands in {row['count']} rows; an id names one row")
        return cls(corpus, keys, unit)

    @property
    def types(self) -> dict[str, str]:
        """The types of the columns that name a unit."""
        types = {field.name: field.dataType.simpleString() for field in self.df.schema.fields}
        return {**types, "p": "bigint"}

    def map(self, function: str, columns: dict[str, str], **options: Any) -> DataFrame:
        """Return the rows that one of the package's functions gives, each with the keys of its unit.

        `columns` are those of the function's result that are wanted, with their types.
        """
        carried = [key for key in self.keys if key != "p"]
        schema = ", ".join(f"{key} {self.types[key]}" for key in self.keys)
        schema += "".join(f", {name} {kind}" for name, kind in columns.items())
        return self.df.mapInArrow(_mapper(function, carried, self.keys, tuple(columns), options), schema)


def _mapper(
    function: str, carried: list[str], keys: tuple[str, ...], wanted: tuple[str, ...], options: dict[str, Any]
) -> Callable[[Iterable[Any]], Iterator[Any]]:
    # A closure goes to the workers by its code, so that one that lacks the package can say so.
    def run(batches: Iterable[Any]) -> Iterator[Any]:
        try:
            import copydesk as package
        except ImportError as error:
            import platform

            raise RuntimeError(
                f"worker {platform.node()} has no package copydesk ({error}): install the wheel there, or send an "
                "environment that holds it with --archives (docs/scale.md)"
            ) from None
        import pyarrow

        for batch in batches:
            if batch.num_rows == 0:
                continue
            numbers = pyarrow.array(range(batch.num_rows), pyarrow.int64())
            rows = pyarrow.RecordBatch.from_arrays([numbers, batch.column("text")], ["id", "text"])
            try:
                found = getattr(package, function)(rows, **options)
            except ValueError as error:
                # The row of a batch says little; its id says which.
                at = re.search(r"row (\d+)", str(error))
                which = f" (id {batch.column('d')[int(at[1])].as_py()!r})" if at else ""
                raise ValueError(f"{error}{which}") from None
            at_rows = found.column("document")
            columns = {key: batch.column(key).take(at_rows) for key in carried}
            # Spark knows no unsigned numbers and no large strings.
            if "paragraph" in found.schema.names:
                columns["p"] = found.column("paragraph").cast(pyarrow.int64())
            else:
                columns["p"] = pyarrow.array([0] * found.num_rows, pyarrow.int64())
            for name in wanted:
                column = found.column(name)
                if pyarrow.types.is_large_string(column.type):
                    column = column.cast(pyarrow.string())
                elif pyarrow.types.is_unsigned_integer(column.type):
                    column = column.cast(pyarrow.int64())
                columns[name] = column
            names = [*keys, *wanted]
            yield pyarrow.RecordBatch.from_arrays([columns[name] for name in names], names)

    return run


def before(keys: Iterable[str], left: str, right: str) -> Column:
    """Return whether the unit whose columns begin with `left` comes before that of `right`."""
    result: Column | None = None
    for key in reversed(list(keys)):
        a, b = F.col(left + key), F.col(right + key)
        result = a < b if result is None else (a < b) | ((a == b) & result)
    assert result is not None
    return result


def prefixed(df: DataFrame, prefix: str) -> DataFrame:
    """Return `df` with `prefix` before the name of every column."""
    return df.select(*(F.col(name).alias(prefix + name) for name in df.columns))


def named(corpus: Corpus, prefix: str, name: str) -> list[Column]:
    """Return the columns by which a result calls a unit: the id, or as on the command line `id#number`."""
    document, paragraph = F.col(f"{prefix}d"), F.col(f"{prefix}p")
    if corpus.unit == "document":
        return [document.alias(name)]
    unit = F.concat(document.cast("string"), F.lit("#"), paragraph.cast("string"))
    return [unit.alias(name), document.alias(f"{name}_document"), paragraph.alias(f"{name}_paragraph")]


def fraction(threshold: float | str | Decimal) -> tuple[int, int]:
    """Return a threshold as two integers; the comparisons cross-multiply them, so that no rounding decides."""
    written = exact_decimal(threshold)
    try:
        value = Fraction(written)
    except ValueError:
        value = Fraction(0)
    if not 0 < value <= 1:
        raise ValueError(f"`{written}` is not a threshold: write a decimal above 0 and up to 1, such as 0.8")
    if value.denominator > 10**9:
        raise ValueError(f"`{written}` has too many places: nine are told apart here")
    return value.numerator, value.denominator
