"""Identifiers and links go from format to format."""

from __future__ import annotations

import re

import libsbml

from regnet.exchange.annotations import Annotation, annotations_of
from regnet.formats import FORMATS, Source, Written
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project

LINKS = ("https://identifiers.org/uniprot:P15018", "pubmed:3472243")


def source(written: Written) -> Source:
    content = written.content
    return Source("m", content.encode() if isinstance(content, str) else content)


def linked() -> Project:
    """Return a model of GINsim of which one node has links."""
    network = LogicalNetwork((Component("LIF", note="a cytokine"), Component("B", Rule.of("LIF"))))
    text = str(FORMATS["ginml"].write(Project(network)).content)
    listed = "".join(f'<link xlink:href="{link}"/>' for link in LINKS)
    text = text.replace("<annotation>", f"<annotation><linklist>{listed}</linklist>", 1)
    return FORMATS["ginml"].read(Source("m", text.encode())).project


def test_that_links_of_ginsim_become_rdf_that_libsbml_reads() -> None:
    written = FORMATS["sbml"].write(linked())
    model = libsbml.readSBMLFromString(str(written.content)).getModel()
    species = model.getPlugin("qual").getQualitativeSpecies("LIF")
    (term,) = [species.getCVTerm(i) for i in range(species.getNumCVTerms())]
    assert term.getBiologicalQualifierType() == libsbml.BQB_IS_DESCRIBED_BY
    assert [term.getResourceURI(i) for i in range(term.getNumResources())] == [
        LINKS[0],
        "https://identifiers.org/pubmed:3472243",
    ]
    assert any("apart from identifiers and links" in r.message for r in written.remarks)


def test_that_they_come_back_and_the_second_writing_is_the_first() -> None:
    sbml = FORMATS["sbml"].write(linked())
    project = FORMATS["sbml"].read(source(sbml)).project
    assert FORMATS["sbml"].write(project).content == sbml.content
    for format in ("ginml", "zginml"):
        written = FORMATS[format].write(project)
        again = FORMATS[format].read(source(written)).project
        assert FORMATS[format].write(again).content == written.content
        assert annotations_of(again, but="sbml")["LIF"] == [
            Annotation("LIF", "isDescribedBy", uri)
            for uri in (LINKS[0], "https://identifiers.org/pubmed:3472243")
        ]
        assert again.network["LIF"].note == "a cytokine"


def test_that_what_is_kept_in_a_model_file_travels_too() -> None:
    text = str(FORMATS["toml"].write(linked()).content)
    project = FORMATS["toml"].read(Source("m", text.encode())).project
    assert "uniprot:P15018" in str(FORMATS["sbml"].write(project).content)


def test_that_a_new_note_leaves_the_links_of_a_node() -> None:
    project = linked()
    lif = project.network["LIF"]
    changed = project.network.with_component(Component("LIF", lif.rule, note="changed"))
    text = str(FORMATS["ginml"].write(Project(changed, kept=project.kept)).content)
    assert re.findall(r'xlink:href="([^"]*)"', text) == list(LINKS)
    assert "<comment>changed</comment>" in text


def test_that_older_identifiers_become_addresses() -> None:
    written = str(FORMATS["sbml"].write(linked()).content)
    older = written.replace("https://identifiers.org/uniprot:P15018", "urn:miriam:uniprot:P15018")
    older = older.replace("isDescribedBy", "is")
    project = FORMATS["sbml"].read(Source("m", older.encode())).project
    (first, _) = annotations_of(project, but="ginml")["LIF"]
    assert first == Annotation("LIF", "is", "https://identifiers.org/uniprot:P15018")
    assert "urn:miriam" in str(FORMATS["sbml"].write(project).content)  # as it stood
