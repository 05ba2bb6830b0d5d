"""Texts about interventions, for all output formats."""

from __future__ import annotations

from collections.abc import Sequence

from regnet.analysis.control import SHOWS, Intervention, Interventions
from regnet.analysis.query.answer_text import answer_word, answer_words, path_words
from regnet.logic import describe
from regnet.scenario import Perturbation

__all__ = [
    "answer_word", "answer_words", "change_words", "path_words", "proof_words", "scope_words",
    "size_of", "target_words",
]  # fmt: skip

_SHORT = {SHOWS[0]: "always", SHOWS[1]: "sometimes", SHOWS[2]: "never"}


def size_of(perturbation: Perturbation) -> int:
    """Return the number of single interventions in a set."""
    return len(perturbation.clamps) + len(perturbation.cuts)


def target_words(found: Interventions) -> str:
    """Return the target: the name of a phenotype with its condition, or the condition."""
    name, condition = found.target.name, describe(found.target.condition)
    return name if name == condition else f"{name} ({condition})"


def change_words(found: Interventions, one: Intervention) -> tuple[str, ...]:
    """Return the phenotypes gained and lost under a set, except the target."""
    return tuple(
        f"{name}: {_SHORT[found.before[name]]} → {_SHORT[after]}"
        for name, after in one.phenotypes.items()
        if name in found.before and after != found.before[name] and name != found.target.name
    )


def proof_words(found: Interventions) -> str:
    """Return what was proved, and where the search stopped."""
    choice = f"of {_counted(found.candidates, 'single intervention')}"
    if found.proved < 0:
        return f"nothing yet, {choice}"
    if found.proved == 0:
        proved = f"the empty set was tested; larger sets {choice} were not all ruled out"
    elif not found.found:
        proved = f"no set of up to {found.proved} {choice} works"
    else:
        proved = (
            f"no other set of up to {found.proved} {choice} works, unless it contains one of these"
        )
    if found.complete or found.proved >= found.max_size:
        return proved
    judged = _counted(found.judged, "set")
    return f"{proved}; size {found.proved + 1} was stopped, {judged} tested one by one in all"


def scope_words(found: Interventions) -> str:
    """Return for how long a set is held, and which components were excluded."""
    held = "Each set is held permanently; whether it may be withdrawn was not examined."
    choice = found.choice
    if choice.allow:
        names = f"{_some(choice.allow)}" + f" without {_some(choice.forbid)}" * bool(choice.forbid)
        return f"{held} Chosen from: {names}."
    if not found.left_out:
        return held
    return (
        f"{held} Not held: {_some(found.left_out)}, which the target names, the scenario holds or "
        "you forbade; allow them by name."
    )


def _some(names: Sequence[str]) -> str:
    """Return up to eight names, and how many more there are."""
    rest = len(names) - 8
    return ", ".join(names[:8]) + (f" and {rest:,} more" if rest > 0 else "")


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
