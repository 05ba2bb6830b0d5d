"""Extras: packages that only some questions need, and how to install missing ones.

``pip install regnet-logic`` brings what attractors, screens in memory and simulations need. Heavy
and rarely needed packages are extras, imported inside `extra` where they are used.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from regnet.errors import MissingPackageError

DISTRIBUTION = "regnet-logic"
"""The name of the distribution: ``regnet`` is another project on the package index."""

EXTRAS = {
    "gui": "the window",
    "report": "reports as PDF",
    "screens": "large screens in a folder",
    "sbml": "the checks of libSBML on SBML files",
    "primes": "the engine primes",
    "frames": "a data frame",
    "cluster": "screens on a cluster",
}
"""Name of an extra -> what it is for."""


def install_command(name: str) -> str:
    """Return the command that installs an extra."""
    return f"pip install '{DISTRIBUTION}[{name}]'"


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Import the packages of an extra in this context.

    Raises
    ------
    MissingPackageError
        If one is not installed; the sentence names the extra.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        raise MissingPackageError(
            f"{EXTRAS[name]} needs the package {package}, which is not installed: "
            f"{install_command(name)}"
        ) from error
