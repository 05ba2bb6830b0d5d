"""Methods cite what a report has, and references are BibTeX that can be read."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regnet import examples
from regnet.analysis import Asked
from regnet.evidence import Reference
from regnet.questions import QUESTIONS, ask
from regnet.report import build_report
from regnet.report.citations import CITATIONS, cited, to_bibtex
from regnet.report.document import words_of
from regnet.report.sections.methods import method_words
from tests.regnet.test_questions import NETWORK, PROJECT, USUAL


@pytest.mark.parametrize("name", QUESTIONS)
def test_that_every_question_says_how_it_is_answered(name: str) -> None:
    words = QUESTIONS[name].part("report.sections", "METHODS")[name]
    assert words.endswith(".")
    keys = re.findall(r"\(([^()]* \d{4})\)", words)
    assert sorted(keys) == sorted(reference.key for reference in cited(words))


def test_that_every_citation_is_used_and_has_a_doi() -> None:
    every = " ".join(
        QUESTIONS[name].part("report.sections", "METHODS")[name] for name in QUESTIONS
    ) + " ".join(method_words(NETWORK, [_answer("attractors", update) for update in _UPDATES]))
    assert cited(every) == CITATIONS
    assert all(reference.doi for reference in CITATIONS)


_UPDATES = ("asynchronous", "synchronous", "most-permissive")


def _answer(name: str, update: str = "asynchronous") -> object:
    found = ask(Asked(name, USUAL.get(name, {})), PROJECT)
    scenario = replace(found.origin.scenario, update=update)
    return replace(found, origin=replace(found.origin, scenario=scenario))


def test_that_methods_tell_of_what_was_asked_and_of_nothing_else() -> None:
    report = build_report(PROJECT, further=[_answer("simulate")])
    (methods,) = (section for section in report.sections if section.key == "methods")
    words = words_of(methods)
    assert "continuous-time Markov chain" in words
    assert "interventions" not in words.lower()
    assert "synchronous update all" not in words
    assert "Gillespie, DT" in report.files["references.bib"]


def test_that_the_sources_of_a_model_are_all_in_the_bibliography() -> None:
    project = examples.load("lif_lifr")
    text = to_bibtex(project.references)
    for reference in project.references:
        assert f"{{{reference.key},\n" in text
        assert reference.doi in text
    assert "author = {Kubota, Y and Hirashima, M and Kishi, K" in text


@given(st.text(max_size=60))
def test_that_any_text_is_one_entry_with_balanced_braces(text: str) -> None:
    entry = to_bibtex([Reference("K1", text, fact=text)]).partition("@misc{regnet")[0]
    bare = entry.replace("\\{", "").replace("\\}", "")
    assert bare.count("{") == bare.count("}")
    assert entry.count("@") == 1 + text.count("@")
