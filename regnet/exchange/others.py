"""Others: common files that are not models readable by regnet.

A file is recognised by its extension, or else by its beginning; the message says what it is and, if
possible, how to convert it to a readable model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from regnet.errors import FormatError, ParseError
from regnet.files import Source

_HEAD = 20_000
"""Characters in which a file shows what it is."""


@dataclass(frozen=True, slots=True)
class Other:
    """A kind of file that is not read.

    Parameters
    ----------
    title
        Its description, with an article.
    endings
        Extensions that no format of regnet has.
    begins
        A regular expression for its first lines; empty if the extension suffices.
    advice
        What helps.
    """

    title: str
    endings: tuple[str, ...] = ()
    begins: str = ""
    advice: str = ""


_BIOLQM = "export the model from the program it was made with, or with bioLQM, as SBML-qual"
_KINETIC = "it holds amounts and rates of reactions, not logical rules"
_MAP = "it is a map of a pathway, without rules; CaSQ turns CellDesigner maps into SBML-qual"
_DOCUMENT = "copy its rules into a text file: A = B AND NOT C, a line for each component"

OTHERS = (
    Other("a model of GNA", (".gna",), r"^\s*(?:state|input)-variable\s*:", _BIOLQM),
    Other("a Petri net of INA", (".ina", ".pnt"), r"\A\s*P\s+M\s+PRE\s*,\s*POST", _BIOLQM),
    Other("a Petri net (APNN)", (".apnn",), r"\\beginnet\s*\{", _BIOLQM),
    Other("a Petri net (PNML)", (".pnml",), r"<(?:\w+:)?pnml\b", _BIOLQM),
    Other(
        "a Process Hitting model (Pint)",
        (".ph",),
        r"^\s*process\s+\w+\s+\d+",
        "Pint writes it as an automata network (.an), which regnet reads if it is logical",
    ),
    Other(
        "a population of UPMaBoSS",
        (".upp",),
        "",
        "open its .bnd file; regnet does not compute dividing and dying populations",
    ),
    Other(
        "a table of measurements (MIDAS)",
        (".midas",),
        r"\A[^\n]*\bTR:[^\n]*\b(?:DA|DV):",
        "it holds no model; write what was measured as experiments into a .toml file",
    ),
    Other(
        "a workspace of R (BoolNet)",
        (".rda", ".rdata", ".rds"),
        r"\A(?:RD[AX]\d\n|\$interactions\b|Boolean network with \d+ genes)",
        'in R, saveNetwork(network, "model.bnet") writes what regnet reads',
    ),
    Other(
        "a probabilistic Boolean network",
        (".pbn",),
        r"^\s*\d+-BF Inputs\s*:|\AProbabilistic Boolean network\b",
        "regnet reads one rule for each component",
    ),
    Other("a simulation plan (SED-ML)", (".sedml",), r"<(?:\w+:)?sedML\b", "open its model file"),
    Other("a CellML model", (".cellml",), r"<model\b[^>]*cellml\.org", _KINETIC),
    Other("a BioNetGen model", (".bngl",), r"^\s*begin\s+(?:model|parameters)\b", _KINETIC),
    Other("a Kappa model", (".ka",), r"^%agent:", _KINETIC),
    Other("an Antimony model", (".ant",), "", "tellurium writes it as SBML"),
    Other("a BioPAX file", (".owl", ".biopax"), r"biopax-level\d", _MAP),
    Other("an SBGN map", (".sbgn",), r"<(?:\w+:)?sbgn\b", _MAP),
    Other("a map of KEGG (KGML)", (".kgml",), r"<pathway\b[^>]*\bkegg|KGML_v", _MAP),
    Other("a map of WikiPathways (GPML)", (".gpml",), r"<Pathway\b[^>]*GPML", _MAP),
    Other("a session of Cytoscape", (".cys",), "", "export the network as SIF"),
    Other("a NuSMV model", (".smv", ".nusmv"), r"^\s*MODULE\s+main\b", _BIOLQM),
    Other("a logic program", (".lp", ".asp"), ""),
    Other("a settings file of PhysiCell", (), r"<PhysiCell_settings\b", "open its .bnd file"),
    Other("a spreadsheet", (".xlsx", ".xls", ".ods"), "", _DOCUMENT),
    Other("a document", (".pdf", ".docx", ".doc", ".odt", ".rtf"), r"\A%PDF-", _DOCUMENT),
    Other("a notebook", (".ipynb",), r'"nbformat"\s*:', "save its model to a file, and open that"),
)
"""In the order in which their beginnings are matched."""


def refuse(source: Source, *, by_ending: bool = False) -> None:
    """Raise if a file is of a kind that is known and not read.

    Raises
    ------
    FormatError
        With what it is.
    """
    if by_ending:
        found = next((other for other in OTHERS if source.ending in other.endings), None)
    elif source.is_archive or source.is_compressed:
        return  # what is in it shows only when it is unpacked
    else:
        try:
            head = source.text[:_HEAD]
        except (ParseError, FormatError):
            head = source.data[:_HEAD].decode("latin-1")
        found = next(
            (o for o in OTHERS if o.begins and re.search(o.begins, head, re.MULTILINE)), None
        )
    if found is not None:
        advice = f"; {found.advice}" if found.advice else ""
        name = source.name or "this text"
        raise FormatError(f"{name}: this is {found.title}, which regnet does not read{advice}")
