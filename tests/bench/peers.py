"""Other programs that answer the same questions, and workers that run them one at a time.

Each program works in a process of its own, because some hold the interpreter's lock, some take all
memory and some crash. What counts is CPU time with the model build and without imports, for regnet
as for the others, processes that they start themselves included.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

MANY = 100_000
MEMORY = 12 << 30


def regnet() -> dict[str, Callable[[str], int]]:
    import clingo  # noqa: F401  (imports are not timed)

    from regnet.analysis.attractors import find_attractors
    from regnet.analysis.trap_spaces import Spaces, find_fixed_points, find_trap_spaces
    from regnet.engines import asp, bdd  # noqa: F401
    from regnet.formats import load
    from regnet.jobs import warm_up
    from regnet.scenario import Scenario

    warm_up()

    def number(found: Spaces) -> int:
        return len(found.spaces) if found.complete else -1

    def attractors(path: str) -> int:
        found = find_attractors(load(path).network, limit=MANY)
        return found.count if found.complete else -1

    def by_inputs(path: str) -> int:
        total = find_attractors(load(path).network, limit=1, timeout=1_000).total
        return -1 if total is None else total

    def synchronous(path: str) -> int:
        scenario = Scenario(update="synchronous")
        found = find_attractors(load(path).network, scenario, limit=MANY)
        return found.count if found.complete else -1

    def first(path: str) -> int:
        found = find_trap_spaces(load(path).network, limit=1).spaces
        return sum(1 for space in found if space.fixed)  # looked at, not just found

    return {
        "fixed points": lambda path: number(find_fixed_points(load(path).network, limit=MANY)),
        "minimal trap spaces": lambda path: number(
            find_trap_spaces(load(path).network, limit=MANY)
        ),
        "attractors": attractors,
        "synchronous attractors": synchronous,
        "attractors by inputs": by_inputs,
        "first": first,
        "read": lambda path: len(load(path).network),
        "1,000 minimal trap spaces": lambda path: len(
            find_trap_spaces(load(path).network, limit=1_000).spaces
        ),
        "20,000 fixed points": lambda path: len(
            find_fixed_points(load(path).network, limit=20_000).spaces
        ),
        "20,000 minimal trap spaces": lambda path: len(
            find_trap_spaces(load(path).network, limit=20_000).spaces
        ),
    }


def mpbn() -> dict[str, Callable[[str], int]]:
    import mpbn

    def count(found: Any) -> int:
        return sum(1 for _ in found)

    return {
        "fixed points": lambda path: count(mpbn.load(path).fixedpoints()),
        "minimal trap spaces": lambda path: count(mpbn.load(path).attractors()),
        "first": lambda path: count(itertools.islice(mpbn.load(path).attractors(limit=1), 1)),
        "read": lambda path: len(mpbn.load(path)),
        "1,000 minimal trap spaces": lambda path: count(
            itertools.islice(mpbn.load(path).attractors(limit=1_000), 1_000)
        ),
    }


def biodivine_aeon() -> dict[str, Callable[[str], int]]:
    import biodivine_aeon as aeon

    def graph(path: str) -> Any:
        return aeon.AsynchronousGraph(aeon.BooleanNetwork.from_file(path).infer_valid_graph())

    def fixed_points(path: str) -> int:
        return int(aeon.FixedPoints.symbolic(graph(path)).vertices().cardinality())

    def trap_spaces(path: str) -> int:
        network = aeon.BooleanNetwork.from_file(path).infer_valid_graph()
        context = aeon.SymbolicSpaceContext(network)
        own = aeon.AsynchronousGraph(network, context)
        return int(aeon.TrapSpaces.minimal_symbolic(context, own).spaces().cardinality())

    def attractors(path: str) -> int:
        return len(aeon.Attractors.attractors(graph(path)))

    def by_inputs(path: str) -> int:
        network = aeon.BooleanNetwork.from_file(path).infer_valid_graph()
        inlined = network.inline_inputs(infer_inputs=True, repair_graph=True)
        found = aeon.Attractors.attractors(aeon.AsynchronousGraph(inlined))
        # inputs without effect are gone; each doubles the number
        names = set(inlined.variable_names()) | set(inlined.explicit_parameter_names())
        gone = len(set(network.variable_names()) - names)
        return sum(int(each.colors().cardinality()) for each in found) << gone

    return {
        "fixed points": fixed_points,
        "minimal trap spaces": trap_spaces,
        "attractors": attractors,
        "attractors by inputs": by_inputs,
    }


def biobalm() -> dict[str, Callable[[str], int]]:
    from biobalm import SuccessionDiagram

    def trap_spaces(path: str) -> int:
        diagram = SuccessionDiagram.from_file(path)
        diagram.expand_minimal_spaces()
        return len(diagram.minimal_trap_spaces())

    def attractors(path: str) -> int:
        diagram = SuccessionDiagram.from_file(path)
        diagram.build()
        return sum(len(seeds) for seeds in diagram.expanded_attractor_seeds().values())

    return {
        "minimal trap spaces": trap_spaces,
        "attractors": attractors,
        "attractors by inputs": attractors,
    }


def pyboolnet() -> dict[str, Callable[[str], int]]:
    import logging

    logging.disable(logging.CRITICAL)
    from pyboolnet import trap_spaces
    from pyboolnet.file_exchange import bnet2primes

    return {
        "fixed points": lambda path: len(
            trap_spaces.compute_steady_states(bnet2primes(path), max_output=MANY)
        ),
        "minimal trap spaces": lambda path: len(
            trap_spaces.compute_trap_spaces(bnet2primes(path), "min", max_output=MANY)
        ),
    }


BOOLNET = """
suppressMessages(library(BoolNet))
cat("ready\\n", file = stderr())
lines <- file("stdin", "r")
while (length(path <- readLines(lines, n = 1)) > 0) {
  found <- tryCatch(
    length(getAttractors(loadNetwork(path), method = "sat.exhaustive")$attractors),
    error = function(e) -1
  )
  cat(found, "\\n", file = stderr())
}
"""
"""What R does for each path it is given; it answers on its standard error, as BoolNet talks on the
other."""


def boolnet() -> dict[str, Callable[[str], int]]:
    process = subprocess.Popen(
        ["Rscript", "-e", BOOLNET],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    assert process.stdin is not None
    assert process.stderr is not None
    paths, answers = process.stdin, process.stderr
    while answers.readline().strip() != "ready":
        assert process.poll() is None, "R has no package BoolNet"

    def synchronous(path: str) -> int:
        paths.write(f"{path}\n")
        while line := answers.readline():
            with contextlib.suppress(ValueError):
                return int(line)
        raise SystemExit("R has crashed")  # and with it this worker: the next begins anew

    return {"synchronous attractors": synchronous}


PROGRAMS: dict[str, Callable[[], dict[str, Callable[[str], int]]]] = {
    f.__name__: f for f in (regnet, mpbn, biodivine_aeon, biobalm, pyboolnet, boolnet)
}
QUESTIONS = {
    "fixed points": ("regnet", "mpbn", "biodivine_aeon", "pyboolnet"),
    "minimal trap spaces": ("regnet", "mpbn", "biodivine_aeon", "biobalm", "pyboolnet"),
    "attractors": ("regnet", "biodivine_aeon", "biobalm"),
    "synchronous attractors": ("regnet", "boolnet"),
}
"""Question -> the programs that answer it; attractors are the asynchronous ones where nothing else
is said."""

BY_INPUTS = "attractors by inputs"
"""How many attractors there are with inputs free, each input combination counted."""


@dataclass(frozen=True)
class Answer:
    """How many were found, or None with a reason, and the CPU seconds that it took."""

    count: int | None
    seconds: float
    why: str = ""


class Worker:
    """A process that runs one program; a new one is started when it had to be stopped."""

    def __init__(self, program: str) -> None:
        self.program = program
        self.process: Any = None

    def ask(self, question: str, path: Path, limit: float) -> Answer:
        """Return the answer, stopped after `limit` seconds of CPU time."""
        if self.process is None:
            context = multiprocessing.get_context("spawn")
            self.pipe, end = context.Pipe()
            self.process = context.Process(target=_serve, args=(self.program, end))
            self.process.start()
            end.close()
            self.pipe.recv()
        before = _below(self.process.pid)
        used = _cpu(self.process.pid) + before
        begin = time.monotonic()
        self.pipe.send((question, str(path)))
        try:
            while not self.pipe.poll(0.05):
                spent = _cpu(self.process.pid) + _below(self.process.pid) - used
                if spent > limit or time.monotonic() - begin > 10 * limit:
                    self.stop()
                    return Answer(None, spent, "out of time")
            count, seconds, why = self.pipe.recv()
        except (EOFError, ConnectionError):
            self.stop()
            return Answer(None, limit, "crashed")
        seconds += max(0.0, _below(self.process.pid) - before)
        if why or count < 0 or seconds > limit:
            return Answer(None, seconds, why or "out of time")
        return Answer(count, seconds)

    def stop(self) -> None:
        """End the process and all that it started."""
        if self.process is None:
            return
        for pid in [*_descendants(self.process.pid), self.process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.join()
        self.pipe.close()
        self.process = None


def _serve(program: str, pipe: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # some talk while they work
    os.dup2(nowhere, 2)
    functions = PROGRAMS[program]()
    pipe.send("ready")
    while True:
        try:
            question, path = pipe.recv()
        except EOFError:
            return
        before = _own()
        count, why = -1, ""
        try:
            count = functions[question](path)
        except Exception as error:  # noqa: BLE001 (whatever a program raises is its answer)
            why = f"{type(error).__name__}: {error}"
        pipe.send((count, _own() - before, why))


def _own() -> float:
    """Return the CPU seconds of this process and of its children that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _cpu(pid: int) -> float:
    """Return the CPU seconds of a process and of its children that have ended."""
    fields = _stat(pid)
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _descendants(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdecimal() and (fields := _stat(int(entry))):
            parents.setdefault(int(fields[1]), []).append(int(entry))
    found, todo = [], [pid]
    while todo:
        below = parents.get(todo.pop(), [])
        found += below
        todo += below
    return found


def _below(pid: int) -> float:
    """Return the CPU seconds of the processes that a process has started and that still live."""
    return sum(_cpu(child) for child in _descendants(pid))
