"""What the results of `check`, `diff` and `history` share: the formats of the command line."""

from __future__ import annotations

import json
from typing import Any, Protocol

from ._options import frame


class _Core(Protocol):
    def report(self, format: str = ...) -> str: ...


class Told:
    """Something that copydesk can tell in the formats of its command line."""

    __slots__ = ("_found",)

    _found: Any

    def __init__(self, core: _Core) -> None:
        self._found = core

    def to_html(self) -> str:
        """Return one self-contained page."""
        return str(self._found.report("html"))

    def to_dict(self) -> dict[str, Any]:
        """Return what the command line prints with `--format json` (docs/json-schema)."""
        found: dict[str, Any] = json.loads(self._found.report("json"))
        return found

    def _repr_html_(self) -> str:
        """Return the page in a frame, for a notebook."""
        return frame(self.to_html(), 480)

    def __str__(self) -> str:
        """Return what a terminal shows, without colours."""
        return str(self._found.report())
