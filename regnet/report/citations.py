"""Citations: what the methods of a report cite, and references as BibTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable

from regnet.evidence import Reference
from regnet.version import CITATION

CITATIONS = (
    Reference(
        "Thomas et al. 1995",
        "Thomas R, Thieffry D, Kaufman M: Dynamical behaviour of biological regulatory networks: "
        "I. Biological role of feedback loops and practical use of the concept of the "
        "loop-characteristic state. Bull Math Biol 1995;57:247-276",
        "10.1007/BF02460618",
    ),
    Reference(
        "Didier et al. 2011",
        "Didier G, Remy E, Chaouiya C: Mapping multivalued onto Boolean dynamics. "
        "J Theor Biol 2011;270:177-184",
        "10.1016/j.jtbi.2010.09.017",
    ),
    Reference(
        "Klarner et al. 2015",
        "Klarner H, Bockmayr A, Siebert H: Computing maximal and minimal trap spaces of Boolean "
        "networks. Nat Comput 2015;14:535-544",
        "10.1007/s11047-015-9520-7",
    ),
    Reference(
        "Paulevé et al. 2020",
        "Paulevé L, Kolčák J, Chatain T, Haar S: Reconciling qualitative, abstract, and scalable "
        "modeling of biological networks. Nat Commun 2020;11:4256",
        "10.1038/s41467-020-18112-5",
    ),
    Reference(
        "Stoll et al. 2012",
        "Stoll G, Viara E, Barillot E, Calzone L: Continuous time Boolean modeling for biological "
        "signaling: application of Gillespie algorithm. BMC Syst Biol 2012;6:116",
        "10.1186/1752-0509-6-116",
    ),
    Reference(
        "Gillespie 1977",
        "Gillespie DT: Exact stochastic simulation of coupled chemical reactions. "
        "J Phys Chem 1977;81:2340-2361",
        "10.1021/j100540a008",
    ),
    Reference(
        "Jensen 1953",
        "Jensen A: Markoff chains as an aid in the study of Markoff processes. "
        "Scand Actuar J 1953;1953:87-91",
        "10.1080/03461238.1953.10419459",
    ),
    Reference(
        "Wilson 1927",
        "Wilson EB: Probable inference, the law of succession, and statistical inference. "
        "J Am Stat Assoc 1927;22:209-212",
        "10.1080/01621459.1927.10502953",
    ),
    Reference(
        "Clopper and Pearson 1934",
        "Clopper CJ, Pearson ES: The use of confidence or fiducial limits illustrated in the case "
        "of the binomial. Biometrika 1934;26:404-413",
        "10.1093/biomet/26.4.404",
    ),
    Reference(
        "Clarke and Emerson 1982",
        "Clarke EM, Emerson EA: Design and synthesis of synchronization skeletons using branching "
        "time temporal logic. Lect Notes Comput Sci 1982;131:52-71",
        "10.1007/BFb0025774",
    ),
)
"""What sentences about methods may cite, by the key that stands in the text."""

_PARTS = re.compile(
    r"(?P<author>[^:]+?)(?<!preprint): (?P<title>.+)\. (?P<journal>[^.;:]+?) (?P<year>\d{4})"
    r"(?:;(?P<volume>[^:;]+)(?::(?P<pages>[\w-]+))?)?\.?"
)
_NAME = re.compile(r"([\w'’-]+(?: [\w'’-]+)*?) ([A-ZÀ-Ž]{1,4})")
_SPECIAL = re.compile(r"([&%$#_{}])")


def cited(text: str) -> tuple[Reference, ...]:
    """Return what a text cites.

    >>> [reference.doi for reference in cited("As chains (Stoll et al. 2012).")]
    ['10.1186/1752-0509-6-116']
    """
    return tuple(reference for reference in CITATIONS if reference.key in text)


def to_bibtex(references: Iterable[Reference]) -> str:
    r"""Return references as BibTeX, and regnet itself.

    A text that reads like "Authors: Title. Journal 2010;1:2-3" becomes an article with its parts;
    any other stands whole in a note, so that nothing is guessed.

    >>> text = "Li P, Ma Q et al.: LIF & light. Nature 2022;14:1-9"
    >>> print(to_bibtex([Reference("A1", text)]).partition("@misc")[0].strip())
    @article{A1,
      author = {Li, P and Ma, Q and others},
      title = {{LIF \& light}},
      journal = {Nature},
      year = {2022},
      volume = {14},
      pages = {1--9}
    }
    """
    entries = [_entry(reference) for reference in references]
    return "\n".join((*entries, _entry(Reference("regnet", CITATION))))


def _entry(reference: Reference) -> str:
    found = _PARTS.fullmatch(" ".join(reference.text.split()))
    authors = _authors(found["author"]) if found else ""
    fields = {"note": reference.text}
    if found and authors:
        fields = {
            "author": authors,
            "title": f"{{{found['title']}}}",
            **{name: found[name] or "" for name in ("journal", "year", "volume")},
            "pages": (found["pages"] or "").replace("-", "--"),
        }
    fields |= {"doi": reference.doi, "pmid": reference.pmid, "url": reference.url}
    kind = "article" if "author" in fields else "misc"
    key = re.sub(r"[^A-Za-z0-9:.+-]", "", reference.key) or "reference"
    lines = [
        f"  {name} = {{{value if name in ('doi', 'url') else _plain(value, name)}}}"
        for name, value in fields.items()
        if value
    ]
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _authors(text: str) -> str:
    """Return names as BibTeX has them; nothing where one does not read like a name."""
    others = text.endswith((" et al.", " et al"))
    names = re.split(r", ", re.sub(r",? et al\.?$", "", text))
    parts = [_NAME.fullmatch(name.strip()) for name in names]
    if not all(parts):
        return ""
    told = [f"{part[1]}, {part[2]}" for part in parts if part]
    return " and ".join([*told, *(["others"] if others else [])])


def _plain(text: str, name: str) -> str:
    """Return text in which nothing is a command; the braces of a title stay."""
    inner = " ".join(text.replace("\\", " ").split())
    if name == "title":
        return "{" + _SPECIAL.sub(r"\\\1", inner[1:-1]) + "}"
    return _SPECIAL.sub(r"\\\1", inner)
