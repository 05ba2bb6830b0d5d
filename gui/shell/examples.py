"""Examples: models shipped with regnet, and published models shipped with pyboolnet."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from regnet import examples


@dataclass(frozen=True, slots=True)
class Example:
    """An example model: its title, size and path."""

    title: str
    size: int
    path: Path
    note: str = ""


def own_examples() -> list[Example]:
    """Return the models shipped with regnet, the smallest first."""
    found = []
    for name in examples.names():
        path = examples.path(name)
        try:
            data = tomllib.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            continue
        note = " ".join(str(data.get("note", "")).strip().split("\n\n")[0].split())
        title = str(data.get("title") or path.stem)
        found.append(Example(title, len(data.get("components", ())), path, note))
    return sorted(found, key=lambda example: example.size)


def literature_examples() -> list[Example]:
    """Return the published models shipped with pyboolnet, by name; none if it is not installed."""
    spec = find_spec("pyboolnet")
    if spec is None or spec.origin is None:
        return []
    found = []
    for path in sorted(Path(spec.origin).parent.glob("repository/*/*.bnet")):
        if path.stem != path.parent.name or "_" not in path.stem or "net_" in path.stem:
            continue  # small networks for tests
        try:
            lines = path.read_text("utf-8").splitlines()
        except (OSError, ValueError):
            continue
        rules = [x for x in lines if "," in x and not x.lstrip().startswith(("#", "targets"))]
        author, _, what = path.stem.partition("_")
        title = f"{author.capitalize()}: {what.replace('_', ' ')}"
        found.append(Example(title, len(rules), path))
    return found
