"""The page on formats says what the code says."""

from __future__ import annotations

import runpy

from regnet.formats import FORMATS
from tests.conftest import ROOT


def test_that_the_page_on_formats_is_up_to_date() -> None:
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    made = runpy.run_path(str(ROOT / "tools" / "formats.py"))["text"]()
    assert page == made, "run python tools/formats.py"
    for name in FORMATS:
        assert f"(`{name}`)" in page
