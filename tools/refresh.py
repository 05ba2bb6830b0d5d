"""Run every command that README.md and docs/*.md show, and put what it prints into the page.

Use after a change of output: python tools/refresh.py, then read the difference.
"""

import contextlib
import io
import os
import re
import shlex
import sys
from pathlib import Path

from regnet.cli import main
from regnet.files import write_file

ROOT = Path(__file__).resolve().parents[1]
SHOWN = re.compile(r"^    \$ regnet (.*)\n(?:(?:    .*)?\n)+", re.MULTILINE)


def printed(shown: re.Match[str]) -> str:
    """Return a command with what it prints now; one about a file that is not here stays."""
    command = shown[1]
    if "my_model" in command:
        return shown[0]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main(shlex.split(command))
    lines = [f"$ regnet {command}", *out.getvalue().rstrip().splitlines()]
    return "".join(f"    {line}".rstrip() + "\n" for line in lines) + "\n"


if __name__ == "__main__":
    os.chdir(ROOT)
    os.environ["COLUMNS"] = "80"
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        before = page.read_text("utf-8")
        after = SHOWN.sub(printed, before)
        if after != before:
            write_file(page, after)
            sys.stdout.write(f"{page.name}: refreshed\n")
