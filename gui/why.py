"""Why: which levels make a rule come out as it does, in as few words as will do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from regnet.logic import And, Const, Expr, Not, Or, Var, decide, fold, variables
from regnet.network import LogicalNetwork
from regnet.space import Range


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a component is heading for a level.

    Parameters
    ----------
    target
        The level it is heading for, or None if that depends on levels that change.
    words
        A sentence.
    causes
        Components whose levels decide it.
    """

    target: int | None
    words: str
    causes: tuple[str, ...] = ()


def explain(network: LogicalNetwork, name: str, levels: Mapping[str, Range]) -> Reason:
    """Return why a component is heading for its level when the others are at theirs."""
    rule = network[name].rule
    if rule is None:
        return Reason(None, f"{name} is an input: it keeps the level it is given.")
    final = 0
    causes: list[Var] = []
    against: list[tuple[int, list[Var]]] = []  # why earlier cases do not decide
    unsettled: dict[str, int] = {}  # what earlier cases would lead to, by what they hang on
    for condition, level in rule.cases:
        verdict = decide(condition, levels)
        if verdict is None:
            unsettled |= dict.fromkeys((v.name for v in _open(condition, levels)), level)
            continue
        deciding = _deciding(condition, levels, verdict)
        if verdict:
            final, causes = level, deciding
            break
        against.append((level, deciding))
    changing = tuple(name for name, level in unsettled.items() if level != final)
    if changing:
        return Reason(None, f"It depends on {', '.join(changing)}, which changes here.", changing)
    for level, deciding in against:
        if level != final:
            causes = [*causes, *(var for var in deciding if var not in causes)]
    names = tuple(dict.fromkeys(var.name for var in causes))
    return Reason(final, f"{name} goes to {final}: {_words(causes, levels)}.", names)


def _deciding(condition: Expr, levels: Mapping[str, Range], verdict: bool) -> list[Var]:
    """Return thresholds that alone make a condition hold or fail; few, but maybe not the fewest."""

    def visit(node: Expr, parts: list[list[Var] | None]) -> list[Var] | None:
        # For each node: the thresholds that decide it, or None where it is not decided.
        holds = decide(node, levels)
        if holds is None:
            return None
        match node:
            case Const():
                return []
            case Var():
                return [node]
            case Not():
                return parts[0]
            case And() | Or():
                needs_all = holds if isinstance(node, And) else not holds
                settled = [
                    part
                    for part, arg in zip(parts, node.args, strict=True)
                    if part is not None and decide(arg, levels) is holds
                ]
                if needs_all:
                    return [var for part in settled for var in part]
                return min(settled, key=len)
            case _:
                return None

    found: list[Var] | None = fold(condition, visit)
    return list(dict.fromkeys(found or []))


def _open(condition: Expr, levels: Mapping[str, Range]) -> list[Var]:
    """Return the thresholds of a condition that are neither reached nor missed."""
    return [var for var in variables(condition) if decide(var, levels) is None]


def _words(causes: list[Var], levels: Mapping[str, Range]) -> str:
    parts = []
    for var in causes:
        low, high = levels[var.name]
        now = str(low) if low == high else f"{low}–{high}"
        reached = low >= var.level
        side = f"at least {var.level}" if reached else f"below {var.level}"
        parts.append(f"{var.name} is {now}" + (f" ({side})" if now != "0" or var.level > 1 else ""))
    return ", ".join(parts) if parts else "its rule leaves no choice"
