"""The README's first example prints what the README says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


def test_every_example_runs():
    page = README.read_text(encoding="utf-8")
    programs = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(programs) > 1
    subprocess.run([sys.executable, "-c", "\n".join(programs)], capture_output=True, check=True)


def test_the_first_example_prints_what_it_says():
    page = README.read_text(encoding="utf-8")
    program, *_ = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    [output] = re.findall(r"<!-- begin output -->\n\n```text\n(.*?)```", page, re.DOTALL)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == output
