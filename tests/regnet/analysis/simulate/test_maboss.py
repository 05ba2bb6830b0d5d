"""Models of MaBoSS in time: against their own master equation, and against MaBoSS itself."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.linalg import expm

from regnet.analysis.simulate import Courses, dynamics_of, simulate
from regnet.formats import load

Levels = dict[str, int]

CYCLE = """
node A { rate_up = (C AND NOT B) ? $Au : 0; rate_down = B ? $Ad : 0; }
node B { rate_up = A ? $Au : 0.0; rate_down = A ? 0 : $Ad; }
node C { rate_up = 0.0; rate_down = ((NOT A) AND (NOT B)) ? $escape : 0; }
"""
CYCLE_SETTINGS = """
A.istate = 1; B.istate = 0; C.istate = TRUE;
$Au = 1; $Ad = 4; $escape = 10; max_time = 5; time_tick = 0.5;
"""

GATES = """
node S { logic = S; rate_up = 0; rate_down = 0; }
node E { rate_up = 0.3; rate_down = S ? 2 : 0.1; }
node X { logic = S; rate_up = @logic ? (E ? 5 : 0.5) : 0; rate_down = (NOT @logic) ? 1 + E : 0; }
node Y { logic = X AND NOT E; rate_up = @logic ? 2 : 0; rate_down = @logic ? 0 : (X ? 0.2 : 3); }
"""
GATES_SETTINGS = """
[S, X].istate = 0.5 [1, 0], 0.3 [0, 1], 0.2 [1, 1];
[E].istate = 0.75 [0], 0.25 [1];
Y.istate = 0;
max_time = 3; time_tick = 0.5;
"""


def cycle_moves(s: Levels) -> dict[str, float]:
    """Return the rate at which each node of the cycle flips, read off the text by hand."""
    a, b, c = s["A"], s["B"], s["C"]
    return {
        "A": (4 if b else 0) if a else (1 if c and not b else 0),
        "B": (0 if a else 4) if b else (1 if a else 0),
        "C": (10 if not a and not b else 0) if c else 0,
    }


def gates_moves(s: Levels) -> dict[str, float]:
    """Return the rate at which each node of the gates flips, read off the text by hand."""
    on, gate, x, y = s["S"], s["E"], s["X"], s["Y"]
    wanted = x and not gate
    return {
        "S": 0,
        "E": (2 if on else 0.1) if gate else 0.3,
        "X": (0 if on else 1 + gate) if x else ((5 if gate else 0.5) if on else 0),
        "Y": (0 if wanted else (0.2 if x else 3)) if y else (2 if wanted else 0),
    }


def gates_start(s: Levels) -> float:
    pairs = {(1, 0): 0.5, (0, 1): 0.3, (1, 1): 0.2}
    return pairs.get((s["S"], s["X"]), 0) * (0.25 if s["E"] else 0.75) * (1 - s["Y"])


def cycle_start(s: Levels) -> float:
    return float(s == {"A": 1, "B": 0, "C": 1})


def answers(
    names: str, moves: Callable[[Levels], Any], start: Callable[[Levels], float], times: Any
) -> np.ndarray[Any, Any]:
    """Return how likely each node is on, ``[time, node]``, from all states of the model."""
    states = list(product((0, 1), repeat=len(names)))
    matrix = np.zeros((len(states), len(states)))
    for i, state in enumerate(states):
        for node, rate in moves(dict(zip(names, state, strict=True))).items():
            flipped = tuple(v ^ (name == node) for name, v in zip(names, state, strict=True))
            matrix[i, states.index(flipped)] += rate
            matrix[i, i] -= rate
    begin = np.array([start(dict(zip(names, state, strict=True))) for state in states])
    return np.array([begin @ expm(matrix * t) for t in times]) @ np.array(states)


@pytest.mark.parametrize("method", ["exact", "gillespie"])
@pytest.mark.parametrize(
    ("text", "cfg", "names", "moves", "start"),
    [
        (CYCLE, CYCLE_SETTINGS, "ABC", cycle_moves, cycle_start),
        (GATES, GATES_SETTINGS, "SEXY", gates_moves, gates_start),
    ],
    ids=["cycle", "gates"],
)
def test_that_files_of_maboss_follow_their_own_master_equation(
    text: str, cfg: str, names: str, moves: Any, start: Any, method: str, tmp_path: Path
):
    (tmp_path / "m.bnd").write_text(text)
    (tmp_path / "m.cfg").write_text(cfg)
    project = load(tmp_path / "m.bnd")
    dynamics = dynamics_of(project, runs=20_000)
    answer = simulate(
        project.network, **dynamics.options(), until=dynamics.until, points=10, method=method
    )
    truth = answers(names, moves, start, answer.times)
    assert max(truth[-1]) > 0.001
    error = 1e-9 if method == "exact" else 0.016
    for i, name in enumerate(names):
        assert answer[name].mean.values == pytest.approx(truth[:, i], abs=error)


def test_that_the_published_cycle_is_off_at_the_end(tmp_path: Path):
    (tmp_path / "m.bnd").write_text(CYCLE)
    (tmp_path / "m.cfg").write_text(CYCLE_SETTINGS)
    project = load(tmp_path / "m.bnd")
    dynamics = dynamics_of(project)
    answer = simulate(project.network, **dynamics.options(), until=dynamics.until, points=1)
    off = next(e for e in answer.ends if not any(high for _, high in e.space.values()))
    assert 0.9 < off.probability.value < 1


# --- against MaBoSS ---

MODELS = (
    "BRAF_Model", "Cohen", "ToyMod4FP", "basic-network", "chaouiya_maboss", "confused_parser",
    "epithelial_cell", "metastasis",
)  # fmt: skip
FILES = (
    *((f"{name}.bnd", f"{name}.cfg") for name in MODELS),
    ("regulatorygraph_rateTr.bnd", "wildtype_rateTr.cfg"),
)
"""Those of the corpus that fit into the 64 nodes of cmaboss."""

WINDOWS, FINE = 20, 10
RUNS = 1_500


def windows(answer: Courses) -> np.ndarray[Any, Any]:
    """Return the averages over the windows of time that MaBoSS averages over."""
    points = np.array([course.mean.values for course in answer.readouts]).T
    middles = (points[1:] + points[:-1]) / 2
    return middles.reshape(WINDOWS, FINE, -1).mean(axis=1)


@pytest.mark.parametrize("files", FILES, ids=lambda files: files[1])
def test_that_a_model_of_maboss_has_the_numbers_of_maboss(
    files: tuple[str, str], corpus: Path, tmp_path: Path
):
    """Its rates, starts and end as they are in its files, for both programs."""
    cmaboss = pytest.importorskip("cmaboss")
    bnd, settings = (corpus / "formats" / "maboss" / file for file in files)
    if not bnd.exists():
        pytest.skip("no such model")
    project = load(settings)
    dynamics = dynamics_of(project, runs=10 * RUNS)
    cfg = tmp_path / "all.cfg"
    cfg.write_text(
        settings.read_text() + f"\nsample_count = {RUNS}; max_time = {dynamics.until};"
        f"\ntime_tick = {dynamics.until / WINDOWS}; discrete_time = 0; thread_count = 1;"
        "\nuse_physrandgen = FALSE; use_mtrandgen = TRUE; statdist_traj_count = 0;"
        "\nseed_pseudorandom = 1000003;"
    )
    result = cmaboss.MaBoSSSim(network=str(bnd), config=str(cfg)).run()
    values, _, names, _ = result.get_nodes_probtraj()
    answer = simulate(
        project.network, **dynamics.options(), until=dynamics.until, points=WINDOWS * FINE,
        readouts=names,
    )  # fmt: skip
    order = [course.name for course in answer.readouts]
    ours = windows(answer)[: len(values)]
    theirs = values[:WINDOWS, [names.index(one) for one in order]]
    error = np.sqrt(ours * (1 - ours) * (1 / RUNS + 1 / (10 * RUNS)) + 1 / RUNS**2)
    off = np.abs(theirs - ours) / error
    assert off.max() < 4.5, order[int(off.max(axis=0).argmax())]
