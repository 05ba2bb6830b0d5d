"""Control words: what interventions say, in the words of all their forms."""

from __future__ import annotations

from regnet.analysis.control import SHOWS, Intervention, Interventions
from regnet.analysis.query.words import answer_word, answer_words, path_words
from regnet.logic import describe
from regnet.scenario import Perturbation

__all__ = [
    "answer_word", "answer_words", "change_words", "path_words", "proof_words", "size_of",
    "target_words",
]  # fmt: skip

_SHORT = {SHOWS[0]: "always", SHOWS[1]: "sometimes", SHOWS[2]: "never"}


def size_of(perturbation: Perturbation) -> int:
    """Return how many single interventions there are in a set."""
    return len(perturbation.clamps) + len(perturbation.cuts)


def target_words(found: Interventions) -> str:
    """Return what was wanted: the name of a phenotype with its condition, or the condition."""
    name, condition = found.target.name, describe(found.target.condition)
    return name if name == condition else f"{name} ({condition})"


def change_words(found: Interventions, one: Intervention) -> tuple[str, ...]:
    """Return which phenotypes come and go under a set, the target left out."""
    return tuple(
        f"{name}: {_SHORT[found.before[name]]} → {_SHORT[after]}"
        for name, after in one.phenotypes.items()
        if name in found.before and after != found.before[name] and name != found.target.name
    )


def proof_words(found: Interventions) -> str:
    """Return what was proved, and where it stopped."""
    choice = f"of {_counted(found.candidates, 'single intervention')}"
    if found.proved < 0:
        return f"nothing yet, {choice}"
    if found.proved == 0:
        proved = f"doing nothing was judged; larger sets {choice} were not all ruled out"
    elif not found.found:
        proved = f"no set of up to {found.proved} {choice} works"
    else:
        proved = (
            f"no other set of up to {found.proved} {choice} works, unless it contains one of these"
        )
    if found.complete or found.proved >= found.max_size:
        return proved
    judged = _counted(found.judged, "set")
    return f"{proved}; size {found.proved + 1} was stopped, {judged} judged one by one in all"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
