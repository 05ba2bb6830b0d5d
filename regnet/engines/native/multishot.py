"""Multi-shot: minimal trap spaces of the mutants that the native search gave up, by clingo.

One program, grounded once, holds the clauses; which variables are held is a choice that each mutant
makes by assumptions (multi-shot solving: Gebser, Kaminski, Kaufmann and Schaub 2019,
doi 10.1017/S1471068418000054). Every possible value needs a reason unless it is held, which cuts
the search without losing a minimal answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from regnet.deadline import Deadline, OutOfTime
from regnet.engines.native.clauses import Clauses, Words


class MultiShot:
    """The program of one network; ask it for one mutant after the other."""

    def __init__(self, clauses: Clauses) -> None:
        import clingo

        self.clauses = clauses
        control = clingo.Control(["--warn=none"])
        settings: Any = control.configuration
        settings.solve.enum_mode = "domRec"  # least answers only
        settings.solver[0].heuristic = "Domain"
        settings.solver[0].dom_mod = "5,0"
        size = clauses.size
        with control.backend() as program:
            can = [program.add_atom() for _ in range(2 * size)]
            held = [program.add_atom() for _ in range(size)]
            program.add_rule([*can, *held], choice=True)
            for zero, one in zip(can[::2], can[1::2], strict=True):
                program.add_rule([], [-zero, -one])
            for atom in range(2 * size):
                free = -held[atom // 2]
                reasons = []
                for clause in clauses.made[slice(*clauses.made_starts[atom : atom + 2])]:
                    body = clauses.body[slice(*clauses.starts[clause : clause + 2])]
                    reason = program.add_atom()
                    program.add_rule([reason], [can[a] for a in body])
                    program.add_rule([], [reason, -can[atom], free])
                    reasons.append(-reason)
                program.add_rule([], [can[atom], free, *reasons])
        self.control = control
        self.can, self.held = can, held

    def minimal_trap_spaces(
        self, atoms: Sequence[int], *, limit: int, deadline: Deadline
    ) -> Words | None:
        """Return the minimal trap spaces of the mutant that holds `atoms`.

        None if there are more than `limit`.

        Raises
        ------
        OutOfTime
            When the deadline has passed.
        """
        given = {atom // 2 for atom in atoms}
        assumed = [h if v in given else -h for v, h in enumerate(self.held)]
        assumed += [self.can[atom] for atom in atoms]
        assumed += [-self.can[atom ^ 1] for atom in atoms]
        settings: Any = self.control.configuration
        settings.solve.models = limit + 1
        found = []
        with self.control.solve(assumptions=assumed, yield_=True, async_=True) as solving:
            while True:
                solving.resume()
                while not solving.wait(0.1 if deadline.left() is None else deadline.left()):
                    if deadline.left() == 0:
                        solving.cancel()
                        raise OutOfTime
                model = solving.model()
                if model is None:
                    break
                holds = model.is_true
                found.append([holds(atom) for atom in self.can])
                if len(found) > limit:
                    solving.cancel()
                    return None
        return packed(np.array(found, bool).reshape(-1, len(self.can)))


def packed(possible: np.ndarray[Any, np.dtype[np.bool_]]) -> Words:
    """Return one row a space, as in `Packed`, from what each atom is."""
    words = (possible.shape[1] // 2 + 63) // 64
    halves = []
    for value in (0, 1):
        raw = np.packbits(possible[:, value::2], axis=1, bitorder="little")
        full = np.zeros((len(raw), 8 * words), np.uint8)
        full[:, : raw.shape[1]] = raw
        halves.append(full.view(np.uint64))
    return np.concatenate(halves, axis=1)
