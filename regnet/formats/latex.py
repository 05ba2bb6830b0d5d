"""LaTeX, written only: a document with the rules and the sources of a model as tables.

It needs nothing beyond booktabs and longtable, and compiles with pdflatex as with lualatex; the
tables can be copied into a paper.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from regnet.logic import Signs, Var, unparse
from regnet.network import Component
from regnet.project import Project, Remark

_HEAD = r"""\documentclass{article}
\usepackage[a4paper,margin=2cm]{geometry}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{booktabs,longtable}
\begin{document}
"""
_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}",
    "[": "{[}", "*": "{*}", "`": r"\textasciigrave{}", "±": r"$\pm$",
    "→": r"$\rightarrow$", "⊣": r"$\dashv$", "≥": r"$\geq$", "≤": r"$\leq$", "–": r"\textendash{}",
    "—": r"\textemdash{}", "‘": "`", "’": "'", "“": "``", "”": "''", "×": r"$\times$",
    "µ": r"$\mu$", "…": r"\ldots{}", "·": r"$\cdot$",
}  # fmt: skip
_SIGNS = Signs(r"$\lnot$", r" $\land$ ", r" $\lor$ ", "$0$", "$1$")
_GREEK = re.compile(r"GREEK (SMALL|CAPITAL) LETTER (\w+)")
_GREEK_NAMES = {
    "ALPHA", "BETA", "GAMMA", "DELTA", "EPSILON", "ZETA", "ETA", "THETA", "IOTA", "KAPPA", "MU",
    "NU", "XI", "OMICRON", "PI", "RHO", "SIGMA", "TAU", "UPSILON", "PHI", "CHI", "PSI", "OMEGA",
}  # fmt: skip
_AS_LATIN = {
    "ALPHA": "A", "BETA": "B", "EPSILON": "E", "ZETA": "Z", "ETA": "H", "IOTA": "I", "KAPPA": "K",
    "MU": "M", "NU": "N", "OMICRON": "O", "RHO": "P", "TAU": "T", "CHI": "X",
}  # fmt: skip


def write(project: Project, before: str = "") -> tuple[str, tuple[Remark, ...]]:
    """Return a LaTeX document of a project, and a remark on what it leaves out."""
    network = project.network
    title = escape(project.title or network.name or "Model")
    lines = [_HEAD + rf"\section*{{{title}}}"]
    lines += [escape(part) + "\n" for part in project.note.split("\n\n") if part.strip()]
    lines += _table("llp{0.62\\linewidth}", "Component & Levels & Rule", _rules(project))
    if any(c.note for c in network.components):
        notes = (rf"{escape(c.name)} & {escape(c.note)}" for c in network.components if c.note)
        lines += _table("lp{0.75\\linewidth}", "Component & Note", notes)
    if project.references:
        sources = (
            rf"{escape(r.key)} & {escape(f'{r.text} doi {r.doi}' if r.doi else r.text)}"
            for r in project.references
        )
        lines += _table("lp{0.75\\linewidth}", "Key & Source", sources)
    lines.append(r"\end{document}")
    remark = Remark("warning", "a LaTeX file is for reading: regnet does not read it back")
    return "\n".join(lines) + "\n", (remark,)


def escape(text: str) -> str:
    """Return a text as LaTeX prints it; what its fonts lack becomes its code point."""
    words = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(map(_letter, words)).replace("--", "-{}-")


def _letter(char: str) -> str:
    if char in _SPECIAL:
        return _SPECIAL[char]
    if char.isascii():
        return char if char.isprintable() else ""
    greek = _GREEK.match(unicodedata.name(char, ""))
    if greek and greek[2] in {"FINAL", "LAMDA"}:
        greek = None
        return r"$\lambda$" if char == "λ" else r"$\Lambda$" if char == "Λ" else r"$\varsigma$"
    if greek and greek[2] in _GREEK_NAMES and " WITH " not in unicodedata.name(char):
        small, name = greek[1] == "SMALL", greek[2]
        if name == "OMICRON" and small:
            return "$o$"
        if not small and name in _AS_LATIN:
            return rf"$\mathrm{{{_AS_LATIN[name]}}}$"
        return rf"$\{name.lower() if small else name.capitalize()}$"
    if "\u00c0" <= char <= "\u017e" and char not in "×÷ŉ":  # letters that the T1 fonts have
        return char
    return rf"\texttt{{U+{ord(char):04X}}}"


def _table(columns: str, head: str, rows: Iterator[str]) -> list[str]:
    return [
        rf"\begin{{longtable}}{{@{{}}{columns}@{{}}}}",
        r"\toprule",
        rf"{head} \\",
        r"\midrule",
        r"\endhead",
        *(rf"{row} \\" for row in rows),
        r"\bottomrule",
        r"\end{longtable}",
        "",
    ]


def _rules(project: Project) -> Iterator[str]:
    for c in project.network.components:
        yield rf"{escape(c.name)} & 0--{c.top} & {_rule(c)}"


def _rule(component: Component) -> str:
    if component.rule is None:
        return r"\emph{input}"
    cases = [
        (level, unparse(condition, atom=_atom, signs=_SIGNS))
        for condition, level in component.rule.cases
    ]
    if component.top == 1 and len(cases) == 1 and cases[0][0] == 1:
        return cases[0][1]
    return r" \newline ".join(f"{level}: {text}" for level, text in cases)


def _atom(var: Var) -> str:
    name = escape(var.name)
    return name if var.level == 1 else rf"{name}$_{{\geq {var.level}}}$"
