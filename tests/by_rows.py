"""What stands out in a screen, by its definition: row by row, as `findings` must find it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import TypeAlias

from regnet.analysis.screen import ScreenRow
from regnet.analysis.screen.synergy import Essential, Synergy
from regnet.space import Space

_Key: TypeAlias = tuple[str, Space]


def synergies(rows: Iterable[ScreenRow]) -> list[Synergy]:
    """Return which perturbations do what none of their parts does, most first.

    A perturbation of several components is compared with the wild type and with all its parts of
    one component less; where one of these is not among the rows, it is left out. For pairs this is
    epistasis: the effect of the pair against its singles.

    Parameters
    ----------
    rows
        Rows of a screen, in any order.
    """
    rows = list(rows)
    known = {_key(row): row for row in rows if _is_sure(row)}
    found = []
    for row in rows:
        parts = _parts(row, known) if _is_sure(row) else []
        if not parts:
            continue
        others = [known[row.context, Space()], *parts]
        gained = (n for n in row.phenotypes if all(n not in o.phenotypes for o in others))
        lost = (
            n
            for n in others[0].phenotypes
            if n not in row.phenotypes and all(n in o.phenotypes for o in others)
        )
        held = row.perturbation.clamps
        ranges = {
            n: levels
            for n, levels in row.readouts.items()
            if n not in held and all(o.readouts.get(n) != levels for o in others)
        }
        synergy = Synergy(row.perturbation, row.context, tuple(gained), tuple(lost), ranges)
        if synergy.strength:
            found.append(synergy)
    found.sort(key=lambda s: -s.strength)
    return found


def essential_components(rows: Iterable[ScreenRow], phenotype: str) -> list[Essential]:
    """Return components without which no attractor has a phenotype that the wild type has.

    Only perturbations of one component count; in the order of the rows.
    """
    rows = list(rows)
    wild = {row.context for row in _having(rows, phenotype) if not row.perturbation}
    levels: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        if row.context not in wild or not _is_sure(row) or phenotype in row.phenotypes:
            continue
        if len(row.perturbation.clamps) == 1:
            ((name, (low, high)),) = row.perturbation.clamps.items()
            levels.setdefault((name, row.context), []).extend(range(low, high + 1))
    return [Essential(name, context, tuple(own)) for (name, context), own in levels.items()]


def synthetic_lethals(rows: Iterable[ScreenRow], phenotype: str) -> list[Synergy]:
    """Return perturbations that take a phenotype away which each of their parts leaves.

    With a phenotype for life these are the synthetic lethal ones. Smaller perturbations first, then
    in the order of the rows.
    """
    found = [s for s in synergies(rows) if phenotype in s.lost]
    return sorted(found, key=lambda s: len(s.perturbation.clamps))


def left_out(rows: Iterable[ScreenRow]) -> int:
    """Return how many rows took no part because they are not exact or could not be computed."""
    return sum(not _is_sure(row) for row in rows)


def _key(row: ScreenRow) -> _Key:
    return row.context, row.perturbation.clamps


def _is_sure(row: ScreenRow) -> bool:
    return row.status == "exact" and not row.perturbation.cuts


def _having(rows: Sequence[ScreenRow], phenotype: str) -> Iterator[ScreenRow]:
    return (row for row in rows if _is_sure(row) and phenotype in row.phenotypes)


def _parts(row: ScreenRow, known: Mapping[_Key, ScreenRow]) -> list[ScreenRow]:
    """Return the rows of a perturbation without one of its components; none if one is unknown."""
    clamps = row.perturbation.clamps
    if len(clamps) < 2 or (row.context, Space()) not in known:
        return []
    smaller = (Space(dict(part)) for part in combinations(clamps.items(), len(clamps) - 1))
    keys = [(row.context, space) for space in smaller]
    return [known[key] for key in keys] if all(key in known for key in keys) else []
