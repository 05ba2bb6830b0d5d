"""How the documentation is built: the pages of this folder, and a reference from the docstrings.

`make docs` writes build/docs. The reference lists what `regnet` offers under its own name, a page
for each module that offers something; nothing about it is kept by hand.
"""

from __future__ import annotations

import re
from pathlib import Path

import regnet

HERE = Path(__file__).parent
PAGES = {
    "start": "README.md",
    "models": "models/README.md",
    "architecture": "ARCHITECTURE.md",
    "contributing": "CONTRIBUTING.md",
    "window": "gui/README.md",
    "changelog": "CHANGELOG.md",
    "glossary": "regnet/templates/glossary.md",
}
"""Page -> the file beside the code that it shows."""

project = "regnet"
author = "the regnet developers"
release = version = regnet.__version__
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.intersphinx",
    "sphinx.ext.viewcode",
]
intersphinx_mapping: dict[str, tuple[str, None]] = {}
exclude_patterns: list[str] = []
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
suppress_warnings = ["myst.xref_missing", "ref.python"]
napoleon_google_docstring = False
napoleon_use_rtype = False
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_class_signature = "separated"
default_role = "literal"
html_theme = "furo"
html_title = f"regnet {release}"
html_static_path: list[str] = []


def _page(home: str, names: tuple[str, ...]) -> str:
    title = f"regnet.{home}"
    lines = [title, "=" * len(title), "", f".. automodule:: {title}", "   :no-members:", ""]
    for name in sorted(names, key=str.casefold):
        value = getattr(regnet, name)
        kind = "class" if isinstance(value, type) else "function" if callable(value) else "data"
        lines += [f".. auto{kind}:: {title}.{name}"]
        lines += ["   :members:", ""] if kind == "class" else [""]
    return "\n".join(lines)


def _write_reference() -> None:
    folder = HERE / "reference"
    folder.mkdir(exist_ok=True)
    pages = {home.replace(".", "_"): _page(home, names) for home, names in regnet._HOMES.items()}
    index = ["Reference", "=========", "", ".. toctree::", "   :maxdepth: 1", ""]
    index += [f"   {name}" for name in sorted(pages)]
    for name, text in {**pages, "index": "\n".join(index) + "\n"}.items():
        (folder / f"{name}.rst").write_text(text, encoding="utf-8")


def _write_pages() -> None:
    """Copy the pages that stand beside the code, with their links turned to where they are now."""
    folder = HERE / "pages"
    folder.mkdir(exist_ok=True)
    for name, source in PAGES.items():
        text = (HERE.parent / source).read_text("utf-8")
        text = re.sub(r"\]\((?:\.\./)?docs/", "](../", text)
        for other, path in PAGES.items():
            text = re.sub(rf"\]\((?:\.\./)?{re.escape(path)}", f"]({other}.md", text)
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


def setup(app: object) -> None:
    """Write what is not kept by hand before the pages are read."""
    _write_reference()
    _write_pages()
