"""Plan: the definition of a large screen, with numbered rows that can be computed individually.

Rows are numbered context by context: the wild type, the single perturbations, the cuts, then the
combinations, the smaller first. A plan does not list its rows, so it may have any number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from regnet.analysis import Asked
from regnet.analysis.screen.combinations import Combinations, Perturbations, Single
from regnet.errors import NetworkError
from regnet.evidence import Phenotype
from regnet.logic import unparse
from regnet.network import LogicalNetwork
from regnet.scenario import Cut, Perturbation, Scenario
from regnet.space import Space

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WILD = Perturbation()


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows of one context and one order that are computed together: `begin` to before `end`.

    `number` is its index among all chunks of the plan.
    """

    number: int
    context: int
    begin: int
    end: int

    def __len__(self) -> int:
        return self.end - self.begin


PERMISSIVE = 2
"""Version of the rows of most-permissive screens: in 1, trap spaces with the same oscillating
variables wrongly shared the ranges of readouts."""


@dataclass(frozen=True)
class Plan:
    """The perturbations, contexts and readouts of a large screen.

    Parameters
    ----------
    network
        The network, unperturbed.
    contexts
        Scenarios; if a perturbation and a context hold the same component, the perturbation takes
        precedence.
    singles
        Components, each at one level; those of one component are adjacent.
    cuts
        Edges that are cut, each alone.
    order
        Maximum number of singles held together; 0 for none.
    phenotypes, readouts
        The phenotypes and readouts.
    timeout
        Time limit in seconds for one row that has to be computed alone; None for no limit.
    only_phenotypes
        Whether attractors need not be counted: then only components upstream of phenotypes and
        readouts are used, and a phenotype counts 1 if some attractor has it.

    Raises
    ------
    RegnetError
        If something does not fit the network.
    """

    network: LogicalNetwork
    contexts: tuple[Scenario, ...]
    singles: tuple[Single, ...]
    cuts: tuple[Cut, ...] = ()
    order: int = 1
    phenotypes: tuple[Phenotype, ...] = ()
    readouts: tuple[str, ...] = ()
    timeout: float | None = None
    only_phenotypes: bool = False

    @property
    def asked(self) -> Asked | None:
        """The equivalent call of `regnet.screen`; None if attractors are not counted."""
        if self.only_phenotypes:
            return None
        tried = Perturbations(self.singles, self.cuts, self.order)
        usual = tuple(
            (c.name, level)
            for c in self.network.components
            if not c.is_input
            for level in range(c.top + 1)
        )
        options: dict[str, Any] = {
            "contexts": self.contexts,
            "perturbations": None if tried == Perturbations(usual) else tried,
            "phenotypes": self.phenotypes,
            "readouts": self.readouts,
            "each": self.timeout,
        }
        return Asked("screen", {name: value for name, value in options.items() if value})

    @classmethod
    def of(
        cls,
        network: LogicalNetwork,
        contexts: Sequence[Scenario] = (),
        *,
        targets: Iterable[str] | None = None,
        order: int = 1,
        phenotypes: Iterable[Phenotype] = (),
        readouts: Iterable[str] = (),
        timeout: float | None = None,
        only_phenotypes: bool = False,
    ) -> Plan:
        """Return the plan that holds each target at each of its levels.

        Parameters as for the plan; `targets` are by default all components that are not inputs, and
        the context the wild type.

        Examples
        --------
        >>> from regnet.network import Component, Rule
        >>> toggle = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("!A"))))
        >>> plan = Plan.of(toggle, order=2)
        >>> [str(plan.perturbation(i)) for i in range(plan.width)][4:]
        ['B=1', 'A=0 B=0', 'A=0 B=1', 'A=1 B=0', 'A=1 B=1']
        """
        names = [c.name for c in network.components if not c.is_input]
        wanted = dict.fromkeys(names if targets is None else targets)
        for name in wanted:
            network[name]
        return cls(
            network,
            tuple(contexts) or (Scenario("wild type"),),
            tuple(
                (c.name, level)
                for c in network.components
                if c.name in wanted
                for level in range(c.top + 1)
            ),
            order=order,
            phenotypes=tuple(phenotypes),
            readouts=tuple(readouts),
            timeout=timeout,
            only_phenotypes=only_phenotypes,
        )

    def __post_init__(self) -> None:
        if len({c.name for c in self.contexts}) < len(self.contexts):
            raise NetworkError("two contexts have the same name")
        for context in self.contexts:
            context.check(self.network)
        for phenotype in self.phenotypes:
            self.network.check(phenotype.condition)
        for name in self.readouts:
            self.network[name]

    @property
    def alone(self) -> int:
        """Number of rows of a context without combinations, which come first."""
        return 1 + (len(self.singles) if self.order else 0) + len(self.cuts)

    @cached_property
    def width(self) -> int:
        """Number of rows of each context, including the wild type."""
        return self.alone + sum(self.together(k).count for k in range(2, self.order + 1))

    @property
    def count(self) -> int:
        """Number of rows."""
        return self.width * len(self.contexts)

    def together(self, order: int) -> Combinations:
        """Return the combinations of `order` singles."""
        return self._together[order]

    @cached_property
    def _together(self) -> dict[int, Combinations]:
        return {k: Combinations(self.singles, k) for k in range(2, self.order + 1)}

    def blocks(self) -> Iterator[tuple[int, int, int]]:
        """Yield order, first row and row after the last of each block of a context."""
        yield 1, 0, self.alone
        begin = self.alone
        for order in range(2, self.order + 1):
            end = begin + self.together(order).count
            yield order, begin, end
            begin = end

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Yield all rows in chunks of at most this size, in order."""
        number = 0
        for context in range(len(self.contexts)):
            for _, first, last in self.blocks():
                for begin in range(first, last, size):
                    yield Chunk(number, context, begin, min(begin + size, last))
                    number += 1

    def parts(self, begin: int, end: int) -> NDArray[np.int32]:
        """Return the parts of rows of one context and block, as numbers of singles.

        Shape ``(rows, order)``, at least one column; -1 for none; cuts are numbered after the
        singles.
        """
        import numpy as np

        order, first = next((k, a) for k, a, b in self.blocks() if a <= begin and end <= b)
        out = np.full((end - begin, max(self.order, 1)), -1, np.int32)
        if order > 1:
            out[:, :order] = self.together(order).rows(begin - first, end - first)
        else:
            skipped = 0 if self.order else len(self.singles)
            out[:, 0] = np.arange(begin - 1, end - 1) + skipped
            out[:, 0][out[:, 0] < skipped] = -1
        return out

    def number(self, clamps: Space) -> int | None:
        """Return the number, in its context, of the row of a perturbation; None if none."""
        import numpy as np

        held = sorted(self._number.get((n, low), -1) for n, (low, _) in clamps.items())
        if len(held) > self.order or any(low != high for low, high in clamps.values()):
            return None
        if held[:1] == [-1]:
            return None
        if len(held) < 2:
            return 1 + held[0] if held else 0
        first = next(begin for order, begin, _ in self.blocks() if order == len(held))
        found = self.together(len(held)).numbers(np.array([held], np.int32))
        return first + int(found[0])

    @cached_property
    def _number(self) -> dict[Single, int]:
        return {single: i for i, single in enumerate(self.singles)}

    def perturbation(self, row: int) -> Perturbation:
        """Return the perturbation of a row, by its number in its context."""
        return self.perturbation_of(self.parts(row, row + 1)[0].tolist())

    def perturbation_of(self, parts: Iterable[int]) -> Perturbation:
        """Return the perturbation with these parts, numbered as in `parts`."""
        held: dict[str, int] = {}
        cuts = set()
        for part in parts:
            if part >= len(self.singles):
                cuts.add(self.cuts[part - len(self.singles)])
            elif part >= 0:
                name, level = self.singles[part]
                held[name] = level
        return Perturbation(Space(held), frozenset(cuts))

    @property
    def is_permissive(self) -> bool:
        """Whether some context has most-permissive updates."""
        return any(context.update == "most-permissive" for context in self.contexts)

    @cached_property
    def digest(self) -> str:
        """A digest that differs between plans whose rows could differ.

        It covers the rules, the contexts and the question; also the names of contexts and the order
        of single perturbations, by which rows are named and numbered.
        """
        asked = (
            self.network.digest,
            [(c.name, str(c.perturbation), str(c.start), c.update) for c in self.contexts],
            self.singles,
            [str(cut) for cut in self.cuts],
            self.order,
            [(p.name, unparse(p.condition), p.kind) for p in self.phenotypes],
            self.readouts,
            self.timeout,
            self.only_phenotypes,
            *([PERMISSIVE] if self.is_permissive else []),
        )
        return hashlib.sha256(repr(asked).encode()).hexdigest()
