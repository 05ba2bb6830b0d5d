"""What all tests share."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

# time limits belong to a quiet machine; no example is worth a flickering test
settings.register_profile("regnet", deadline=None, max_examples=25)
settings.register_profile("thorough", deadline=None, max_examples=1_000)
settings.load_profile("regnet")

os.environ["COLUMNS"] = "100"  # text for people is laid out for the terminal it is read on

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--run-slow", action="store_true", help="run the tests that take minutes")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes long; runs with --run-slow only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--run-slow", default=False):
        skip = pytest.mark.skip(reason="takes long; run with --run-slow")
        for item in items:
            if "slow" in item.keywords:
                item.add_marker(skip)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()  # some thousand tests live as long as the run; no collection need look at them


def pytest_sessionfinish() -> None:
    gc.unfreeze()


def find_shared(part: str) -> Path | None:
    """Return a folder of material that is not in the repository, or None where it is absent.

    It is looked for in the folder that REGNET_SHARED names, or else in ``shared`` beside the
    repository.
    """
    shared = Path(os.environ.get("REGNET_SHARED") or ROOT.parent / "shared")
    folder = shared / part
    return folder if folder.is_dir() else None


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real models and probe files that nobody here wrote; skips when absent."""
    folder = find_shared("corpus")
    if folder is None:
        pytest.skip("the corpus is not beside the repository")
    return folder


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder of two models that never change, which the engine is held against.

    They are earlier versions of the models that come with regnet; those are in ``models``.
    """
    return ROOT / "tests" / "models"
