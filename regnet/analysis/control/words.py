"""Control words: what interventions and answers to queries say, in the words of all their forms."""

from __future__ import annotations

from regnet.analysis.control import SHOWS, Intervention, Interventions
from regnet.analysis.query import Answer
from regnet.logic import describe
from regnet.scenario import Perturbation

_READABLE = 10**9
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
            f"no other set of up to {found.proved} {choice} works, but what contains one of these"
        )
    if found.complete or found.proved >= found.max_size:
        return proved
    judged = _counted(found.judged, "set")
    return f"{proved}; size {found.proved + 1} was stopped, {judged} judged one by one in all"


def answer_word(found: Answer) -> str:
    """Return ``holds``, ``does not hold`` or ``is not decided``."""
    return {True: "holds", False: "does not hold", None: "is not decided"}[found.holds]


def answer_words(found: Answer) -> tuple[str, ...]:
    """Return how an answer is known, and what else there is to say, as sentences."""
    sentences = [f"{found.argument[:1].upper()}{found.argument[1:]}."]
    if not found.origin.scenario.start and found.of != 1:
        sentences.append("The scenario has no start, so it was asked of every state.")
    if found.states is not None and found.of is not None and found.of > 1:
        sentences.append(f"It holds in {_share(found.states, found.of)}.")
    if found.fair:
        sentences.append(
            "Every fair run meets it: only one that puts a possible move off for ever does not."
        )
    elif found.fair is False:
        sentences.append("Nor is every fair run sure to meet it.")
    return tuple(sentences)


def path_words(found: Answer, label: str = "S") -> str:
    """Return what the states of the path are; they are called S1, S2, .. or otherwise."""
    if not found.path:
        return ""
    steps = len(found.path) - 1
    run = f"A run of {_counted(steps, 'step')}"
    start = "the start" if found.of == 1 else "one of the states asked about"
    first = f"{label}1 is {start}"
    if found.loop == steps:
        return f"{run}; {first}, and in {label}{steps + 1} it stays for ever."
    if found.loop is not None:
        return f"{run}; {first}, and {label}{steps + 1} leads back to {label}{found.loop + 1}."
    if steps:
        return f"{run}; {first}."
    return "The start:" if found.of == 1 else "One of the states asked about:"


def _share(states: int, of: int) -> str:
    """Return how many of many states, as people read numbers with up to 40 digits.

    >>> _share(3, 4), _share(0, 8), _share(2**61, 2**61), _share(2**61 - 1, 2**61)
    ('3 of 4 states', 'none of 8 states', 'all 2.31e+18 states', 'all but 1 of 2.31e+18 states')
    """
    if states == of:
        return f"all {_large(of)} states"
    if not states:
        return f"none of {_large(of)} states"
    if of < _READABLE:
        return f"{states:,} of {of:,} states"
    if _large(states) == _large(of):
        return f"all but {_large(of - states)} of {_large(of)} states"
    percent = f" ({100 * states // of} %)" if 100 * states >= of else ""
    return f"{_large(states)} of {_large(of)} states{percent}"


def _large(number: int) -> str:
    return f"{number:,}" if number < _READABLE else f"{number:.2e}"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
