"""What the package is to its process: the script, Ctrl-C, other threads."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from importlib.metadata import version

import pytest

import copydesk

CLI = [sys.executable, "-m", "copydesk"]


def run(*arguments, **options):
    # As in conftest.py: readline, which pytest loads, puts the terminal's size where os.environ has none.
    environment = {**os.environ, "NO_COLOR": "1"}
    return subprocess.run(
        [*CLI, *arguments], capture_output=True, encoding="utf-8", check=False, env=environment, **options
    )


def test_the_script_is_the_command_line(corpus_file, copydesk_cli):
    for arguments in (["--help"], ["--version"], ["rules"], ["pairs", str(corpus_file)], ["check", "no/such/file"],
                      ["check", str(corpus_file), "--format", "json", "--now", "2026-11-21T00:00:00Z"], ["chekc"], []):  # fmt: skip
        theirs, ours = copydesk_cli(*arguments), run(*arguments)
        assert (ours.returncode, ours.stdout, ours.stderr) == (theirs.returncode, theirs.stdout, theirs.stderr)


def test_versions_agree():
    assert copydesk.__version__ == version("copydesk") == run("--version").stdout.split()[1]


def test_the_console_script_is_installed():
    script = shutil.which("copydesk", path=os.path.dirname(sys.executable)) or shutil.which("copydesk")
    assert script
    assert subprocess.run([script, "--version"], capture_output=True, check=True, encoding="utf-8").stdout == run("--version").stdout


@pytest.mark.skipif(os.name == "nt", reason="signals are sent as POSIX has them")
def test_long_work_ends_with_ctrl_c():
    # Near copies of one another: many seconds of pairs.
    program = textwrap.dedent("""
        import random, copydesk
        words = [str(n) for n in range(400)]
        texts = [" ".join(word for word in words if random.random() > .01) for _ in range(3000)]
        try:
            print("ready", flush=True)
            copydesk.pairs(texts, threshold=.1)
            print("done")
        except KeyboardInterrupt:
            print("interrupted")
    """)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, encoding="utf-8") as child:
        assert child.stdout and child.stdout.readline() == "ready\n"
        child.send_signal(signal.SIGINT)
        out, _ = child.communicate(timeout=120)
    assert out == "interrupted\n"


def test_other_threads_go_on_meanwhile():
    program = textwrap.dedent("""
        import random, threading, copydesk
        texts = [" ".join(str(random.randrange(300)) for _ in range(400)) for _ in range(150)]
        count, stop = 0, threading.Event()
        def tick():
            global count
            while not stop.wait(.001):
                count += 1
        ticking = threading.Thread(target=tick)
        ticking.start()
        before = count
        copydesk.pairs(texts, k=1, threshold=.5)
        after = count
        stop.set()
        ticking.join()
        print(after - before)
    """)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert int(done.stdout) > 3
