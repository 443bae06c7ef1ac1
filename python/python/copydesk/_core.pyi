"""The extension module: the library behind the functions of the package."""

from typing import Any, final

__version__: str

def run(arguments: list[str]) -> int:
    """Run the command line with these arguments, the program's name first, and return its exit status."""

@final
class Records:
    """Records as the lines of a JSONL file in memory: line n holds row n, counted from 0."""

    @staticmethod
    def of_texts(texts: list[str], ids: list[str] | None = None) -> Records: ...
    @staticmethod
    def of_lines(lines: list[str]) -> Records: ...
    def line(self, row: int) -> str: ...
    def __len__(self) -> int: ...

@final
class WordEdit:
    """A run of words that stayed, came or went, with the white space behind them."""

    @property
    def op(self) -> str:
        """equal, insert or delete."""
    @property
    def old(self) -> tuple[int, int]:
        """Half-open bytes of the old text."""
    @property
    def new(self) -> tuple[int, int]:
        """Half-open bytes of the new text."""
    @property
    def text(self) -> str:
        """The words: the old side's for a deletion, else the new side's."""

@final
class Edit:
    """What became of one paragraph, or of the few that it was split into or merged from."""

    @property
    def kind(self) -> str:
        """keep, insert, delete, modify, move, split or merge."""
    @property
    def moved(self) -> bool:
        """Whether it left its place in the order of what is on both sides."""
    @property
    def rewritten(self) -> bool:
        """Whether so little is alike that it is told as a whole, not word by word."""
    @property
    def block(self) -> int | None:
        """Number of the block of neighbours that moved together."""
    @property
    def old(self) -> tuple[int, ...]:
        """Numbers of the paragraphs in the old text, from 1."""
    @property
    def new(self) -> tuple[int, ...]:
        """Numbers of the paragraphs in the new text, from 1."""
    @property
    def old_range(self) -> tuple[int, int] | None:
        """Half-open bytes of the old text with the separator behind; None for an insertion."""
    @property
    def new_range(self) -> tuple[int, int] | None:
        """Half-open bytes of the new text with the separator behind; None for a deletion."""
    @property
    def old_text(self) -> str | None:
        """The old text in that range."""
    @property
    def new_text(self) -> str | None:
        """The new text in that range."""
    @property
    def significance(self) -> str:
        """none, cosmetic, wording or substantive."""
    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is substantive: number, name, date, quotation, negation, attribution, …"""
    @property
    def words(self) -> list[WordEdit]:
        """For modify, split and merge: word edits that tile both ranges."""

@final
class Revision:
    @property
    def edits(self) -> list[Edit]: ...
    @property
    def metadata(self) -> list[dict[str, Any]]: ...
    @property
    def summary(self) -> dict[str, Any]: ...
    @property
    def similarity(self) -> float: ...
    @property
    def significance(self) -> str: ...
    @property
    def degraded(self) -> bool: ...
    @property
    def old_text(self) -> str: ...
    @property
    def new_text(self) -> str: ...
    def report(
        self,
        format: str = "terminal",
        *,
        context: int | None = None,
        ignore_cosmetic: bool = False,
        width: int | None = None,
    ) -> str: ...
    def __bool__(self) -> bool: ...
    def __len__(self) -> int: ...

def diff(
    old: str,
    new: str,
    *,
    records: tuple[bool, bool] = (False, False),
    fields: list[tuple[str, str]] = ...,
    granularity: str = "word",
) -> Revision: ...

@final
class Histories:
    @property
    def errors(self) -> list[str]: ...
    @property
    def warnings(self) -> list[str]: ...
    def text(self, index: int) -> str | None: ...
    def report(
        self,
        format: str = "terminal",
        *,
        tokens: bool = False,
        blame: str | None = None,
        width: int | None = None,
    ) -> str: ...
    def __len__(self) -> int: ...

def history(
    *,
    texts: list[str] | None = None,
    records: Records | None = None,
    paths: list[str] | None = None,
    name: str,
    at: int | None,
    order: str,
    origin: str,
    one_document: bool,
    from_: str | None,
    to: str | None,
    since: str | None,
    ids: list[str],
    fields: list[tuple[str, str]],
    body_html: bool | None,
) -> Histories: ...

@final
class Place:
    """A place in one of the texts."""

    @property
    def message(self) -> str | None:
        """What a related place has to do with the finding."""
    @property
    def row(self) -> int | None:
        """The row of the text, counted from 0."""
    @property
    def id(self) -> str | None:
        """The text's id, where it has one."""
    @property
    def field(self) -> str | None:
        """The field that the place is in."""
    @property
    def paragraph(self) -> int | None:
        """Number of the paragraph, from 1, headings counted."""
    @property
    def start(self) -> int | None:
        """The first character of the field; None where the field holds no string."""
    @property
    def end(self) -> int | None:
        """The character after the last."""
    @property
    def text(self) -> str:
        """The passage as its reader sees it; a long one is cut."""
    @property
    def title(self) -> str | None: ...
    @property
    def published(self) -> str | None: ...

@final
class Finding:
    """What a rule says about a place."""

    @property
    def rule(self) -> str:
        """The rule's name, such as repeated-paragraph."""
    @property
    def severity(self) -> str:
        """error, warning or info."""
    @property
    def message(self) -> str:
        """A fact and a place."""
    @property
    def help(self) -> str:
        """One line of advice."""
    @property
    def place(self) -> Place:
        """The passage at fault."""
    @property
    def related(self) -> list[Place]:
        """Other places that explain it; for a repeat, where it first stood."""
    @property
    def overlap(self) -> int | None:
        """How many shingles two passages share, where the rule is about that."""
    @property
    def union(self) -> int | None:
        """How many shingles either has."""
    @property
    def group_size(self) -> int:
        """How many passages the group holds that this finding belongs to."""
    @property
    def fingerprint(self) -> str:
        """The key for baselines and allowances."""
    @property
    def replacement(self) -> str | None:
        """What to put in the place, where something would mend it; empty to cut it."""
    @property
    def row(self) -> int | None:
        """The row of the text at fault, counted from 0."""
    @property
    def id(self) -> str | None:
        """The id of the text at fault."""
    @property
    def text(self) -> str:
        """The passage at fault."""

@final
class Report:
    @property
    def findings(self) -> list[Finding]: ...
    @property
    def summary(self) -> dict[str, int]: ...
    @property
    def errors(self) -> list[tuple[int | None, str]]: ...
    def report(self, format: str = "full", *, width: int | None = None) -> str: ...
    def __len__(self) -> int: ...

def check(
    records: Records,
    *,
    name: str,
    select: list[str],
    ignore: list[str],
    severity: list[str],
    threshold: str,
    min_words: int,
    min_passage: int,
    profile: str,
    blocks: list[str],
    fields: list[tuple[str, str]],
    body_html: bool | None,
    now: int | None,
    memory_limit: int,
    threads: int,
) -> Report: ...

@final
class PairTable:
    @property
    def paragraphs(self) -> bool: ...
    def pair(self, at: int) -> tuple[tuple[int, int], tuple[int, int], int, int, int] | None: ...
    def clusters(self) -> list[list[tuple[int, int]]]: ...
    def batch(self) -> Any: ...
    def __len__(self) -> int: ...

def pairs(
    records: Records,
    *,
    k: int,
    threshold: str,
    unit: str,
    measure: str,
    fields: list[tuple[str, str]],
    body_html: bool | None,
    memory_limit: int,
    threads: int,
) -> PairTable: ...

# Batches are whatever offers `__arrow_c_array__` (pyarrow.RecordBatch and others); what comes back is a
# pyarrow.RecordBatch.

def paragraphs(batch: Any, *, text: str = "text", id: str = "id", profile: str = "standard") -> Any:
    """Return the paragraphs of a batch of texts, one a row.

    Columns: document, paragraph (number from 1), kind, counts (whether it counts for repeats), start and end
    (bytes of the text), digest (of the normal form), words.
    """

def documents(batch: Any, *, text: str = "text", id: str = "id", profile: str = "standard") -> Any:
    """Return a batch of texts as wholes, one a row.

    Columns: document, digest (of the normal form; null for a text without words), words, bytes.
    """

def units(batch: Any, *, text: str = "text", id: str = "id", unit: str = "document") -> Any:
    """Return the units of a batch of texts, one a row: document, paragraph (0 for a whole document), text."""

def shingles(batch: Any, k: int = 3, *, text: str = "text", id: str = "id", unit: str = "document") -> Any:
    """Return the different shingles of a batch of texts, one a row: document, paragraph, shingle.

    `unit` is document, paragraph, or text: the text is a unit already, as `units` gives it.
    """

def shingle_sets(batch: Any, k: int = 3, *, text: str = "text", id: str = "id", unit: str = "document") -> Any:
    """Return the shingle set of each text that has words, one a row.

    Columns: document, paragraph, key (32 bytes, equal for equal sets), shingles (list of hashes).
    """

def overlaps(batch: Any, k: int = 3, *, left: str = "left_text", right: str = "right_text") -> Any:
    """Return for each row with two texts: overlap, left_shingles, right_shingles, counted on the words."""
