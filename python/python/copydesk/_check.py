"""`copydesk.check`."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from . import _core
from ._options import MEMORY_LIMIT, exact_decimal, names, seconds
from ._records import field_names, rows
from ._report import Report

# What a bare text cannot have is no fault of it.
_OF_RECORDS = ("missing-id", "missing-date")


def check(
    source: Any,
    *,
    select: str | Iterable[str] = (),
    ignore: str | Iterable[str] = (),
    severity: Mapping[str, str] | None = None,
    threshold: float | str | Decimal = 0.8,
    min_words: int = 5,
    min_passage: int = 30,
    profile: str = "standard",
    blocks: str | Iterable[str] = (),
    fields: Mapping[str, str] | None = None,
    body_format: str | None = None,
    now: datetime.datetime | str | None = None,
    memory_limit: int = MEMORY_LIMIT,
    threads: int = 0,
    name: str = "texts",
) -> Report:
    """Return the repeats and faults in `source`, as `copydesk check` tells them.

    `source` is a text, an iterable of texts or of records (dicts), a column (pandas, polars, pyarrow), or a
    table of them; the usual names of fields and columns are known (`text`, `body`, `title`, `id`, …), others
    are given with `fields={"text": "story"}`. The other options are those of the command line.

    A row without a text (None, NaN) is an error that names it; an empty text is told by the rule
    `empty-text`. `now` is the time that rules about dates go by; None is the clock's.
    """
    if body_format not in (None, "html", "text"):
        raise ValueError(f"body_format is {body_format!r}; write html or text")
    found = rows(source, fields)
    ignored = names(ignore)
    if found.bare:
        ignored += _OF_RECORDS
    core = _core.check(
        found.records,
        name=name,
        select=names(select),
        ignore=ignored,
        severity=[f"{rule}={level}" for rule, level in (severity or {}).items()],
        threshold=exact_decimal(threshold),
        min_words=min_words,
        min_passage=min_passage,
        profile=profile,
        blocks=names(blocks),
        fields=field_names(fields),
        body_html=None if body_format is None else body_format == "html",
        now=seconds(now),
        memory_limit=memory_limit,
        threads=threads,
    )
    return Report(core)
