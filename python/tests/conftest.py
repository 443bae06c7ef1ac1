"""What the tests share: an invented corpus, and the command line to compare with."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any, Callable

import pytest

from invented import article, edited


@pytest.fixture(scope="session")
def corpus() -> list[dict[str, Any]]:
    """Articles with exact copies, near copies, shared paragraphs, quoted lines, short and empty ones."""
    source = random.Random(20261120)
    texts = [article(source, source.randrange(2, 6)) for _ in range(60)]
    texts += [edited(source, source.choice(texts[:60]), share) for share in (0.01, 0.03, 0.05, 0.1) for _ in range(10)]
    texts += [source.choice(texts[:60]) for _ in range(10)]
    texts += [texts[0].upper(), texts[1].replace(" ", "\n"), texts[2].replace(".", " … ")]
    texts += [text + "\n\n" + texts[5].split("\n\n")[0] for text in texts[10:14]]
    texts += ["> " + texts[3].replace("\n", "\n> "), "", "   \n", "Two words", "two  WORDS!", "Kurz.", "—"]
    texts += ["北京的春天来得很早,人们走在街上。" * 3, "北京的春天来得很早,人们走在街上。" * 3 + "好"]
    order = list(range(len(texts)))
    source.shuffle(order)
    return [{"id": f"a-{row:04}", "title": f"Story {row}", "published": "2026-11-20T05:10:00Z", "text": texts[at]}
            for row, at in enumerate(order)]  # fmt: skip


@pytest.fixture(scope="session")
def corpus_file(corpus: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus as a file of records."""
    path = tmp_path_factory.mktemp("corpus") / "texts.jsonl"
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in corpus), encoding="utf-8")
    return path


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def copydesk_cli() -> Run:
    """Run the command line: the program named by COPYDESK_BIN, or else the package's own script."""
    program = os.environ.get("COPYDESK_BIN") or shutil.which("copydesk")
    assert program, "set COPYDESK_BIN to the program, or put the installed script on PATH"

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "NO_COLOR": "1"}
        command = [program, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False)

    return run
