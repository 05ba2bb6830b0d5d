"""Texts of answers to queries, for all output formats."""

from __future__ import annotations

from regnet.analysis.query import Answer
from regnet.analysis.query.question import stripped

_READABLE = 10**9


def answer_word(found: Answer) -> str:
    """Return ``holds``, ``does not hold`` or ``is not decided``."""
    return {True: "holds", False: "does not hold", None: "is not decided"}[found.holds]


def answer_words(found: Answer) -> tuple[str, ...]:
    """Return how an answer is known, with further remarks, as sentences."""
    sentences = [f"{found.argument[:1].upper()}{found.argument[1:]}."]
    if not found.origin.scenario.start and found.of != 1:
        sentences.append("The scenario has no start, so it was asked of every state.")
    if found.states is not None and found.of is not None and found.of > 1:
        sentences.append(f"It holds in {_share(found.states, found.of)}.")
    if found.fair:
        sentences.append(
            "Every fair run meets it: only runs that delay a possible move for ever do not."
        )
    elif found.fair is False:
        sentences.append("Fair runs may fail to meet it as well.")
    return tuple(sentences)


def path_words(found: Answer, label: str = "S") -> str:
    """Return the run and what it shows; its states are labelled S1, S2, .. by default."""
    if not found.path:
        return ""
    shown = _shown(found, label)
    steps = len(found.path) - 1
    run = f"A run of {_counted(steps, 'step')}"
    start = "the start" if found.of == 1 else "one of the states asked about"
    first = f"{label}1 is {start}"
    if found.loop == steps:
        return f"{run}; {first}, and in {label}{steps + 1} it stays for ever{shown}."
    if found.loop is not None:
        back = f"{label}{steps + 1} leads back to {label}{found.loop + 1}"
        return f"{run}; {first}, and {back}{shown}."
    if steps and found.origin.scenario.update == "most-permissive":
        reading = "A range is where a component in motion can be read"
        return f"{run}; {first}{shown}. {reading}."
    if steps:
        return f"{run}; {first}{shown}."
    return "The start:" if found.of == 1 else "One of the states asked about:"


def _shown(found: Answer, label: str) -> str:
    """Return what the last state of a path shows, or all states of an infinite one."""
    formula, wanted = stripped(found.formula)
    holds = found.holds is wanted
    if len(formula.args) != 1 or not found.path:
        return ""
    text = str(formula.args[0])
    match formula.op, holds:
        case ("EF", True):
            return f", and in {label}{len(found.path)} {text} holds"
        case ("AG", False):
            return f", and in {label}{len(found.path)} {text} fails"
        case ("EG", True):
            return f"; {text} holds all the time"
        case ("AF", False):
            return f"; {text} never holds"
    return ""


def _share(states: int, of: int) -> str:
    """Return a number of states out of a total, readable for numbers of up to 40 digits.

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
