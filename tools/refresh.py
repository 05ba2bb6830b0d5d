"""Run every command that README.md and docs/*.md show, and put what it prints into the page.

Figures that a command draws go into docs. What differs only in the seconds it took stays.

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
SECONDS = re.compile(r"\d+\.\d\d\s+s\b")
SHOWN = re.compile(r"^    \$ regnet (.*)\n(?:(?:    .*)?\n)+", re.MULTILINE)


def printed(shown: re.Match[str]) -> str:
    """Return a command with what it prints now; one about a file that is not here stays."""
    command = shown[1]
    if "my_model" in command:
        return shown[0]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main([f"docs/{a}" if a.endswith(".svg") else a for a in shlex.split(command)])
    lines = [f"$ regnet {command}", *out.getvalue().rstrip().splitlines()]
    now = "".join(f"    {line}".rstrip() + "\n" for line in lines) + "\n"
    return shown[0] if _without_seconds(now) == _without_seconds(shown[0]) else now


def _without_seconds(text: str) -> list[str]:
    return SECONDS.sub("", text).split()


if __name__ == "__main__":
    os.chdir(ROOT)
    os.environ["COLUMNS"] = "80"
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        before = page.read_text("utf-8")
        after = SHOWN.sub(printed, before)
        if after != before:
            write_file(page, after)
            sys.stdout.write(f"{page.name}: refreshed\n")
