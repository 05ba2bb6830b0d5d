"""Names that other tools can read, and the parts of a project that they cannot hold.

Shared by all writers, so that they rename components and report losses uniformly.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping

from regnet.errors import FormatError
from regnet.logic import Const, Expr, Not, Var, substitute
from regnet.network import Claim, Component, Rule
from regnet.project import Project, Remark

RESERVED = frozenset({"and", "or", "not", "xor", "true", "false", "random", "targets"})
"""Names with another meaning in the files of some tools: a rule of ``Targets`` is dropped
by AEON as a second header."""

_MEANING = re.compile(r"regnet:|targets?\s*[,;]", re.IGNORECASE)
"""Beginning of comments that are instructions to a reader."""

_STANDS_FOR = re.compile(r"(\S+) stands for (\".*\")\s*\Z")


def is_plain(name: str) -> bool:
    """Return whether a name is one that every tool reads: ASCII letters, digits, underscores."""
    return name.isascii() and name.isidentifier() and name.lower() not in RESERVED


def plain(name: str) -> str:
    """Return a name that every tool reads and that resembles this one.

    >>> plain("NFκB-1+")
    'NFkappaB_1_plus'
    """
    if is_plain(name):
        return name
    out = []
    for char in unicodedata.normalize("NFKD", name):
        if char.isascii():
            out.append("_plus" if char == "+" else char if char.isalnum() else "_")
        elif not unicodedata.combining(char):
            greek = re.match(r"GREEK \w+ LETTER (\w+)", unicodedata.name(char, ""))
            out.append(greek[1].lower() if greek else "_")
    made = "".join(out)
    return made if is_plain(made) else f"_{made}"


def unused(name: str, taken: Iterable[str]) -> str:
    """Return a name, with a number behind it if it is taken."""
    taken = taken if isinstance(taken, set | frozenset | dict) else set(taken)
    candidate, count = name, 1
    while candidate in taken:
        count += 1
        candidate = f"{name}_{count}"
    return candidate


def plain_names(names: Iterable[str], given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return a plain name for each name: its own where that is plain, else a similar new one.

    `given` are names that are settled already. The answer is the same whenever the names and
    their order are.
    """
    settled = dict(given or {})
    names = list(names)
    taken = set(settled.values())
    for name in names:
        if name not in settled and is_plain(name) and name not in taken:
            settled[name] = name
            taken.add(name)
    for name in names:
        if name not in settled:
            settled[name] = unused(plain(name), taken)
            taken.add(settled[name])
    return {name: settled[name] for name in names}


def stands_for(written: str, meant: str) -> str:
    """Return the instruction that lets a reader undo a renaming.

    >>> stands_for("IL_2", "IL-2")
    'IL_2 stands for "IL-2"'
    """
    quoted = json.dumps(meant, ensure_ascii=False)
    return f"{written} stands for {quoted}".replace("?>", "?\\u003e")  # which would end it


def read_stands_for(words: str) -> tuple[str, str] | None:
    """Return what `stands_for` wrote, or None if it is something else."""
    match = _STANDS_FOR.match(words)
    try:
        meant = json.loads(match[2]) if match else None
    except ValueError:
        return None
    if match and isinstance(meant, str) and meant and meant == meant.strip():
        return match[1], meant
    return None


def comment_lines(note: str) -> list[str]:
    r"""Return a note as comment lines of a file, so that it is read back unchanged.

    Whitespace around lines is stripped, and lines that could be instructions get a mark.

    >>> comment_lines("from  [3]\n regnet: A stands for B")
    ['# from  [3]', '# - regnet: A stands for B']
    """
    lines = (line.strip() for line in note.strip().splitlines())
    return [f"# {'- ' if _MEANING.match(line) else ''}{line}".rstrip() for line in lines]


def signs(rule: Rule) -> dict[str, str]:
    """Return regulator -> how it acts, as the rule is written: + - or ± (both).

    This looks at the text only: ``A | !A`` says ± of A, though A has no effect there.

    >>> signs(Rule.of("A & !B"))
    {'A': '+', 'B': '-'}
    """
    found: dict[str, set[bool]] = {}
    levels = [level for _, level in rule.cases]
    falling = levels == sorted(levels, reverse=True)
    for condition, _ in rule.cases:
        stack: list[tuple[Expr, bool]] = [(condition, True)]
        seen: set[tuple[int, bool]] = set()
        while stack:
            node, positive = stack.pop()
            if (id(node), positive) in seen:
                continue
            seen.add((id(node), positive))
            if isinstance(node, Var):
                found.setdefault(node.name, set()).update({positive} if falling else {True, False})
            else:
                below = positive ^ isinstance(node, Not)
                stack.extend((part, below) for part in reversed(node.args))
    words = {True: "+", False: "-"}
    return {n: "±" if len(both) > 1 else words[next(iter(both))] for n, both in found.items()}


def falling_cases(rule: Rule) -> list[tuple[Expr, int]]:
    """Return a rule as conditions of falling levels, of which the highest that holds counts.

    No condition is false, and at most the last is true, which then gives the lowest level.

    >>> [(str(condition), level) for condition, level in falling_cases(Rule.constant(2))]
    [('1', 2)]
    """
    cases = rule.cases
    levels = [level for _, level in cases]
    if 0 in levels or levels != sorted(set(levels), reverse=True):
        cases = tuple((rule.reaches(level), level) for level in range(max(levels), 0, -1))
    found: list[tuple[Expr, int]] = []
    for condition, level in cases:
        folded = substitute(condition, lambda var: var)
        if not (isinstance(folded, Const) and not folded.value):
            found.append((folded, level))
        if isinstance(folded, Const) and folded.value:
            break
    return found


def left_out(project: Project, *held: str) -> list[str]:
    """Return what a project has, in words, apart from what is `held`.

    `held` are keys: title, note, source, licence, references, claims, compartments, grounds,
    meanings, notes, scenarios, phenotypes, experiments, comparisons, variants, layout, rates.
    """
    components = project.network.components
    cited: tuple[Component | Claim, ...] = (*components, *project.network.claims)
    parts = {
        "title": ("the title", project.title),
        "note": ("the note on the model", project.note),
        "source": ("the source", project.source),
        "licence": ("the licence", project.licence),
        "references": ("references", project.references or any(c.refs for c in cited)),
        "claims": ("claims", project.network.claims),
        "compartments": ("compartments", any(c.compartment for c in components)),
        "grounds": ("kinds and confidences", any(c.kind or c.confidence for c in cited)),
        "meanings": ("meanings of levels", any(c.meanings for c in components)),
        "notes": ("notes on components", any(c.note for c in components)),
        "scenarios": ("scenarios", project.scenarios),
        "phenotypes": ("phenotypes", project.phenotypes),
        "experiments": ("experiments", project.experiments),
        "comparisons": ("comparisons", project.comparisons),
        "variants": ("variants", project.variants),
        "layout": ("the layout", project.layout),
        "rates": ("rates", project.rate_sets),
    }
    return [words for key, (words, there) in parts.items() if there and key not in held]


def leaving_out(kind: str, project: Project, *held: str) -> list[Remark]:
    """Return the warning on what a file of some kind does not hold, if there is any."""
    gone = left_out(project, *held)
    return [Remark("warning", f"{kind} does not hold {', '.join(gone)}")] if gone else []


def told_as_inputs(components: Iterable[Component]) -> list[Remark]:
    """Return the remark on components that keep their level by a rule, like inputs.

    Most formats write both in the same way, and they are read back as inputs.
    """
    own = [
        c.name
        for c in components
        if c.rule and all(c.rule.reaches(k) == Var(c.name, k) for k in range(1, c.top + 1))
    ]
    words = "components that keep their level by a rule are written as inputs, which do so too"
    return [Remark("info", f"{words}: {some(own)}")] if own else []


def some(names: Iterable[str]) -> str:
    """Return up to eight names, and how many more there are."""
    names = list(names)
    shown = ", ".join(names[:8])
    return shown if len(names) <= 8 else f"{shown} and {len(names) - 8} more"


def check_known(project: Project, title: str) -> None:
    """Raise if a rule of the project is not known.

    Raises
    ------
    FormatError
        With the components.
    """
    if project.unknown:
        raise FormatError(
            f"the functions of {some(project.unknown)} are not known, and {title} cannot hold that"
        )
