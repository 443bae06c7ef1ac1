"""How options are written."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from fractions import Fraction

MEMORY_LIMIT = 8 << 30


def exact_decimal(threshold: float | str | Decimal) -> str:
    """Return a threshold as the decimal that was written: 0.8 is 8/10, not the nearest binary fraction."""
    if isinstance(threshold, bool) or not isinstance(threshold, (int, float, str, Decimal)):
        what = "a Fraction" if isinstance(threshold, Fraction) else type(threshold).__name__
        raise TypeError(f"threshold is {what}; write a decimal such as 0.8")
    try:
        written = format(Decimal(str(threshold)), "f")
    except InvalidOperation:
        written = str(threshold)
    return written


def names(value: str | Iterable[str]) -> list[str]:
    """Return names given as a list, or as one string with commas as on the command line."""
    return [name.strip() for name in value.split(",")] if isinstance(value, str) else list(value)


def seconds(now: datetime.datetime | str | None) -> int:
    """Return a time in seconds since 1970; a time without a zone is UTC; None is the clock's."""
    if now is None:
        now = datetime.datetime.now(datetime.timezone.utc)
    if isinstance(now, str):
        now = datetime.datetime.fromisoformat(now.replace("Z", "+00:00"))
    if now.tzinfo is None:
        now = now.replace(tzinfo=datetime.timezone.utc)
    return int(now.timestamp())


def frame(page: str, height: int) -> str:
    """Return a page of its own as a frame for a notebook: its style and script reach nothing outside."""
    escaped = page.replace("&", "&amp;").replace('"', "&quot;")
    style = f"width:100%;height:{height}px;border:1px solid #8884;border-radius:4px"
    return f'<iframe sandbox="allow-scripts" style="{style}" srcdoc="{escaped}"></iframe>'
