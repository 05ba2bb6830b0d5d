"""Screens on a cluster: a real scheduler and real workers, some of which do not last."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from regnet.errors import JobError
from regnet.screens import cluster, open_screen, run_screen
from regnet.screens import run as running
from tests.conftest import ROOT
from tests.regnet.screens.test_screens import plan_of, sorted_table


class Cluster:
    """A Dask scheduler and its workers, each a program of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.programs: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start("dask_scheduler", "--port", "0", ROOT)
        deadline = time.monotonic() + 60
        while not self.file.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        self.address = json.loads(self.file.read_text())["address"]

    def worker(self, path: Path = ROOT) -> subprocess.Popen[bytes]:
        """Start a worker that finds regnet in a folder."""
        return self._start("dask_worker", "--nthreads", "1", "--no-nanny", path)

    def _start(self, program: str, *options: str | Path) -> subprocess.Popen[bytes]:
        *rest, path = map(str, options)
        here = ["--scheduler-file", str(self.file), "--no-dashboard"]
        self.programs.append(
            subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{program}", *rest, *here],
                env={**os.environ, "PYTHONPATH": path},
                cwd=self.folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        return self.programs[-1]

    def close(self) -> None:
        """End everything."""
        for program in self.programs:
            program.kill()
            program.wait()


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    (tmp_path / "dask").mkdir()
    made = Cluster(tmp_path / "dask")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_size", lambda plan, each: 40)


@pytest.mark.parametrize("address", ["nonsense", "tcp://10.0.0.5", "", "tcp://a b:1"])
def test_that_what_is_no_address_is_told(address):
    with pytest.raises(JobError, match="is no address of a scheduler"):
        cluster.cluster_map(address)


def test_that_a_cluster_out_of_reach_is_told(tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "_PATIENCE", 0.3)
    with pytest.raises(JobError, match="cannot be reached"):
        run_screen(plan_of(1), tmp_path, cluster="tcp://127.0.0.1:9")


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_that_a_cluster_that_loses_a_worker_ends_with_the_same_table(tmp_path, dask):
    whole = run_screen(plan_of(), tmp_path / "whole", workers=1)
    workers = [dask.worker(), dask.worker()]
    killed = []

    def kill(fraction: float | None, words: str) -> None:
        if fraction and not killed:
            workers[0].send_signal(signal.SIGKILL)
            killed.append(fraction)

    found = run_screen(plan_of(), tmp_path / "screen", cluster=dask.address, progress=kill)
    assert killed
    assert killed[0] < 1
    assert found.complete
    assert sorted_table(found.path) == sorted_table(whole.path)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_that_a_cluster_that_goes_away_is_told_and_what_it_did_is_kept(tmp_path, dask):
    whole = run_screen(plan_of(), tmp_path / "whole", workers=1)
    dask.worker()
    folder = tmp_path / "screen"

    def end(fraction: float | None, words: str) -> None:
        if fraction:
            dask.scheduler.send_signal(signal.SIGKILL)
            dask.scheduler.wait()

    with pytest.raises(JobError, match="is gone"):
        run_screen(plan_of(), folder, cluster=dask.address, progress=end)
    there = open_screen(folder)
    assert 0 < there.count < whole.count
    assert run_screen(plan_of(), folder, resume=True, workers=1).complete
    assert sorted_table(folder) == sorted_table(whole.path)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_that_workers_with_another_version_are_told(tmp_path, dask):
    other = tmp_path / "other"
    (other / "regnet").mkdir(parents=True)
    (other / "regnet" / "__init__.py").write_text("")
    (other / "regnet" / "version.py").write_text('VERSION = "0.0.1"\n')
    for name in ("errors", "screens/__init__", "screens/cluster"):
        target = other / "regnet" / f"{name}.py"
        target.parent.mkdir(exist_ok=True)
        target.write_text(
            "" if name.endswith("__init__") else (ROOT / f"regnet/{name}.py").read_text()
        )
    dask.worker(other)
    with pytest.raises(JobError, match=r"need regnet .*, as it is here, and answer: 0\.0\.1$"):
        run_screen(plan_of(1), tmp_path / "screen", cluster=dask.address)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_that_a_screen_on_a_cluster_ends_after_the_time_it_is_given(tmp_path, dask):
    dask.worker()

    def wait(fraction: float | None, words: str) -> None:
        time.sleep(0.5)

    found = run_screen(
        plan_of(), tmp_path / "screen", cluster=dask.address, stop_after=8.0, progress=wait
    )
    assert not found.complete
    assert "rows are there" in found.missing
