"""The console script: the same command line as the program that cargo installs."""

from __future__ import annotations

import signal
import sys

from . import _core


def main() -> None:
    """Run `copydesk` with the process's arguments, and exit with its status."""
    # Nothing of Python runs until the command is done, so nothing of it has to be told of Ctrl-C.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(_core.run(["copydesk", *sys.argv[1:]]))
