"""Examples: the models that come with regnet, by name, wherever regnet is installed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from regnet.errors import UnknownNameError

if TYPE_CHECKING:
    from regnet.project import Project

_HERE = Path(__file__).parent


def folder() -> Path:
    """Return the folder of the models: inside the installed package, or beside it in a checkout."""
    inside = _HERE / "models"
    return inside if inside.is_dir() else _HERE.parent / "models"


def names() -> tuple[str, ...]:
    """Return the names of the models, in alphabetical order.

    >>> names()
    ('lif_lifr', 'lif_lifr_extended')
    """
    return tuple(sorted(path.stem for path in folder().glob("*.toml")))


def is_name(text: str) -> bool:
    """Return whether a text names a model that comes with regnet, and no file that is there.

    >>> is_name("lif_lifr")
    True
    """
    return text in names() and not Path(text).exists()


def path(name: str) -> Path:
    """Return the file of a model; `UnknownNameError` if there is none of that name."""
    if name not in names():
        raise UnknownNameError("example", name, names())
    return folder() / f"{name}.toml"


def load(name: str) -> Project:
    """Return a model that comes with regnet.

    Raises
    ------
    UnknownNameError
        If there is none of that name.

    Examples
    --------
    >>> load("lif_lifr").title
    'LIF-LIFR axis in liver regeneration'
    """
    from regnet import formats

    return formats.load(path(name))
