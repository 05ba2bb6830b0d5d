"""LaTeX: rules as tables, with every character escaped."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from regnet.evidence import Reference
from regnet.formats.latex import escape, write
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project

HOSTILE = r"\input{/etc/passwd} $x_1^2$ 50% & #1 ~ <b> |{}| [a] *b NFκB Ω é 漢 --"


def project() -> Project:
    rule = Rule.parse({2: "A & !B", 1: "A | B"})
    components = (
        Component("A", note=HOSTILE),
        Component("B", Rule.of("!A & (A | C:2)")),
        Component("C", rule, top=2),
        Component("[x", Rule.constant(1)),
        Component("*y", Rule.constant(0)),
    )
    refs = (Reference("k_1", HOSTILE, doi="10.1/a_b"),)
    return Project(LogicalNetwork(components), HOSTILE, note="One.\n\nTwo.", references=refs)


def test_that_rules_are_written_as_formulas() -> None:
    text, (remark,) = write(project())
    assert r"B & 0--1 & $\lnot$A $\land$ (A $\lor$ C$_{\geq 2}$) \\" in text
    assert r"C & 0--2 & 2: A $\land$ $\lnot$B \newline 1: A $\lor$ B \\" in text
    assert r"A & 0--1 & \emph{input} \\" in text
    assert r"k\_1 & " in text
    assert "regnet does not read it back" in remark.message


def test_that_no_character_means_anything_to_latex() -> None:
    assert escape(r"\a_b{c}$&#%~^") == (
        r"\textbackslash{}a\_b\{c\}\$\&\#\%\textasciitilde{}\textasciicircum{}"
    )
    assert escape("NFκB Ω Α") == r"NF$\kappa$B $\Omega$ $\mathrm{A}$"
    assert escape("λςά\u03fb") == r"$\lambda$$\varsigma$\texttt{U+03AC}\texttt{U+03FB}"
    assert escape("漢 a\nb\x07") == r"\texttt{U+6F22} a b"
    assert escape("[x]*") == "{[}x]{*}"


def test_that_braces_and_tables_are_balanced() -> None:
    text, _ = write(project())
    bare = re.sub(r"\\[{}]", "", text)
    assert bare.count("{") == bare.count("}")
    for name in ("document", "longtable"):
        assert text.count(rf"\begin{{{name}}}") == text.count(rf"\end{{{name}}}")
    rows = [line for line in text.splitlines() if line.endswith(r"\\")]
    assert all(len(re.findall(r"(?<!\\)&", row)) in (1, 2) for row in rows)


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_that_the_document_compiles(tmp_path: Path) -> None:
    (tmp_path / "m.tex").write_text(write(project())[0])
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "m.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-1000:]
