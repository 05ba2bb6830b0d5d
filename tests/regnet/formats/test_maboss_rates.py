"""MaBoSS in time: rates and starts as MaBoSS runs them, and as a master equation solves them.

The master equation is that of the tests, over the rules and rates of the project; MaBoSS reads the
files by itself. So a fault in how regnet reads or writes rates shows as a difference between them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from regnet.analysis.simulate import simulate
from regnet.errors import ParseError, RegnetError
from regnet.files import Source
from regnet.formats import load, save
from regnet.formats import read as read_file
from regnet.formats.maboss import read, write
from regnet.formats.toml import from_toml, to_toml
from regnet.logic import parse
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project
from regnet.rates import RateClass, RateLaw, RateSet, Timing
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space
from regnet.start import Distribution, Start, parse_start
from tests.conftest import find_shared
from tests.master import Master

RUNS = 20_000

TWO = (
    "node Sa { rate_up = 0; rate_down = 0; }\n"
    "node Tb { logic = Sa; rate_up = @logic ? 5 : 0; rate_down = @logic ? 0 : 5; }\n",
    "Sa.istate = 1; Tb.istate = 0; max_time = 0.2;",
)
FOUR_CYCLE = (
    "Node T { rate_up = 0.0; rate_down = ((NOT A) AND (NOT B)) ? $escape : 0.0 ; }\n"
    "Node A { rate_up = (T AND (NOT B)) ? $Au : 0.0; rate_down = B ? $Ad : 0.0; }\n"
    "Node B { rate_up = A ? $Au : 0.0; rate_down = A ? 0.0 : $Ad ; }\nC : 1 & 2\n",
    "$Au=1; $Ad=4; $escape=10; T.istate=1; A.istate=1; B.istate=1; C.istate=0; max_time = 3;",
)
COUPLED = (
    "node Low { logic = Sig; rate_up = @logic ? 1.0 : 0.0;"
    " rate_down = (NOT @logic AND NOT High) ? 1.0 : 0.0; }\n"
    "node High { logic = Sig; rate_up = (@logic AND Low) ? 1.0 : 0.0;"
    " rate_down = @logic ? 0.0 : 1.0; }\n"
    "node Sig { logic = NOT High; rate_up = @logic ? 1.0 : 0.0; rate_down = @logic ? 0.0 : 1.0; }",
    "Low.istate = 0; High.istate = 0; Sig.istate = 1; max_time = 2;",
)
ONE_SIDED = (
    "node A { logic = !B; rate_up = 3; }\nnode B { logic = A; rate_down = A ? 0.5 : 2; }\n",
    "[A, B].istate = 1 [0, 0], 3 [1, 1]; max_time = 0.7;",
)
LAWS = (
    "node A { rate_up = exp(B + C) / 4; rate_down = log(1 + 3 * B, 2) + (C == 1) * 0.5; }\n"
    "node B { rate_up = A * 0.2 + C * 1.5 + 0.1; rate_down = @half; half = A ? 1 / 2 : 2; }\n"
    'node C { description = "a \\"b\\"\nc"; logic = A XOR B;'
    " rate_up = @logic * 2; rate_down = NOT @logic * 3 + 0.1; }\n",
    "[A].istate = 0.3 [0], 0.7 [1]; B.istate = 1; C.istate = 0; max_time = 0.9;",
)
FILES = {"two": TWO, "four cycle": FOUR_CYCLE, "coupled": COUPLED, "one-sided": ONE_SIDED,
         "laws": LAWS}  # fmt: skip


def project_of(nodes: str, settings: str) -> Project:
    return read(
        Source("m.bnd", nodes.encode(), lambda n: settings.encode() if n == "m.cfg" else None)
    ).project


def solved(project: Project, scenario: Scenario, end: float) -> dict[tuple[int, ...], float]:
    """Return the probability of each state at a time, by looking at every state."""
    network = project.network
    rates = project.rate_set(scenario.rates).rates

    def speed(name: str, rises: bool, levels: Mapping[str, int]) -> float:
        rate = rates.of(name)[0 if rises else 1]
        return rate.value(levels) if isinstance(rate, RateLaw) else rate

    master = Master(network, Perturbation(), speed, until=end)
    first = np.array([begins(scenario.start, network, state) for state in master.states])
    (after,) = master.weights(first, [end])
    return {state: float(p) for state, p in zip(master.states, after, strict=True)}


def begins(start: Space, network: LogicalNetwork, state: tuple[int, ...]) -> float:
    """Return how likely a start is."""
    levels = dict(zip(network.names, state, strict=True))
    chance = 1.0
    drawn = set()
    for group in start.drawn if isinstance(start, Start) else ():
        drawn |= set(group.components)
        chance *= dict(group.rows).get(tuple(levels[n] for n in group.components), 0.0)
    for component in network.components:
        if component.name not in drawn:
            low, high = start.get(component.name, (0, component.top))
            chance *= (low <= levels[component.name] <= high) / (high - low + 1)
    return chance


def run_by_maboss(nodes: str, settings: str, seed: int = 1) -> dict[frozenset[str], float]:
    """Return the probability of each set of nodes that are on at the end, from random runs."""
    cmaboss = pytest.importorskip("cmaboss")
    simulation = cmaboss.MaBoSSSim(
        network_str=nodes,
        config_str=f"{settings}\nsample_count = {RUNS}; seed_pseudorandom = {seed};\n",
    )
    ((values, _, names),) = [simulation.run(only_last_state=True).get_last_probtraj()]
    return {
        frozenset() if name == "<nil>" else frozenset(name.split(" -- ")): float(value)
        for name, value in zip(names, values[0], strict=True)
    }


def agree(
    exact: dict[frozenset[str], float], runs: dict[frozenset[str], float], within: float = 5
) -> bool:
    """Return whether shares of runs are what they should be, within some standard errors."""
    return all(
        abs(exact.get(key, 0.0) - runs.get(key, 0.0))
        <= within * math.sqrt(max(exact.get(key, 0.0), 1e-4) / RUNS)
        for key in {*exact, *runs}
    )


def on(names: tuple[str, ...], states: dict[tuple[int, ...], float]) -> dict[frozenset[str], float]:
    return {
        frozenset(n for n, at in zip(names, state, strict=True) if at): p
        for state, p in states.items()
    }


@pytest.mark.parametrize("name", FILES)
def test_that_a_file_runs_as_maboss_runs_it(name: str) -> None:
    nodes, settings = FILES[name]
    project = project_of(nodes, settings)
    (scenario,) = project.scenarios
    end = project.rate_set().timing.end
    assert end is not None
    exact = solved(project, scenario, end)
    assert agree(on(project.network.names, exact), run_by_maboss(nodes, settings))
    answer = simulate(
        project.network, scenario, rates=project.rate_set().rates, until=end, points=1
    )
    assert answer.origin.guarantee == "exact"
    for k, component in enumerate(project.network.names):
        share = sum(p for state, p in exact.items() if state[k])
        assert answer[component].levels[1].values[-1] == pytest.approx(share, abs=1e-8)


def test_that_published_numbers_come_out() -> None:
    exact = solved(project_of(*TWO), Scenario(start=Space({"Sa": 1, "Tb": 0})), 0.2)
    assert exact[1, 1] == pytest.approx(1 - math.exp(-1))
    toy = project_of(*FOUR_CYCLE)
    assert str(toy.rate_set().rates) == "T at 10, A B at 1 up and 4 down, others at 1"
    ends = solved(toy, toy.scenarios[0], 5)
    assert sum(p for state, p in ends.items() if state[:3] == (0, 0, 0)) > 0.99


def test_that_a_node_goes_where_its_rates_drive_it() -> None:
    network = project_of(*COUPLED).network
    assert str(network["High"].rule.reaches(1)) == "!High & Sig & Low | High & Sig"  # type: ignore[union-attr]
    assert network.target("Low", {"Low": 1, "High": 1, "Sig": 0}) == 1
    assert network.target("High", {"Low": 0, "High": 0, "Sig": 1}) == 0


MUTABLE = (
    "Node Sig { logic = (Sig); rate_up = 0; rate_down = 0; }\n"
    "Node Tgt { logic = (Sig); rate_up = $Low_Tgt ? 0 : ($High_Tgt ? 1E308/$nb_mutable :"
    " (@logic ? $u_Tgt : 0)); rate_down = $High_Tgt ? 0 : ($Low_Tgt ? 1E308/$nb_mutable :"
    " (@logic ? 0 : $d_Tgt)); }\n"
    "Node Eff { logic = (Tgt); }\n"
)
VALUES = "$u_Tgt = 2; $d_Tgt = 1; $nb_mutable = 1; Sig.istate = 1;\n"


@pytest.mark.parametrize(
    ("low", "high", "rule"), [(0, 0, "Sig"), (1, 0, "0"), (0, 1, "1")], ids=["wild", "off", "on"]
)
def test_that_a_mutant_of_pymaboss_stays_one(low: int, high: int, rule: str) -> None:
    settings = f"{VALUES}$Low_Tgt = {low}; $High_Tgt = {high};"
    project = project_of(MUTABLE, settings)
    found = project.network["Tgt"].rule
    assert found is not None
    for sig in (0, 1):
        expected = Rule.of(rule).target({"Sig": sig})
        assert {found.target({"Sig": sig, "Tgt": t, "Eff": 0}) for t in (0, 1)} == {expected}


def test_that_settings_are_chosen_and_several_become_scenarios(tmp_path: Path) -> None:
    (tmp_path / "m.bnd").write_text(MUTABLE)
    for name, low in (("wt", 0), ("off", 1), ("fast", 0)):
        text = f"{VALUES}$Low_Tgt = {low}; $High_Tgt = 0; max_time = {5 + low};"
        text += "$u_Tgt = 9;" if name == "fast" else ""
        (tmp_path / f"{name}.cfg").write_text(text)
    (remark, *_) = read_file(tmp_path / "m.bnd").remarks
    assert remark.severity == "warning"
    assert "not used: fast.cfg, off.cfg, wt.cfg; choose with --settings" in remark.message
    one = load(tmp_path / "off.cfg")
    assert one.network.target("Tgt", {"Sig": 1, "Tgt": 1, "Eff": 0}) == 0
    reading = read_file(
        tmp_path / "m.bnd", settings=["wt.cfg", str(tmp_path / "off.cfg"), "fast.cfg"]
    )
    project = reading.project
    assert [s.name for s in project.scenarios] == ["wt", "off", "fast"]
    assert [s.rates for s in project.scenarios] == ["wt", "off", "fast"]
    assert [project.rate_set(n).timing.end for n in ("wt", "off", "fast")] == [5, 6, 5]
    assert [project.rate_set(n).rates.of("Tgt")[0] for n in ("wt", "fast")] == [2, 9]
    assert [v.name for v in project.variants] == ["off"]
    assert any("see the variant off: Tgt" in r.message for r in reading.remarks)
    off = project.as_variant("off").network
    assert off.target("Tgt", {"Sig": 1, "Tgt": 1, "Eff": 0}) == 0
    assert from_toml(to_toml(project)) == project


def test_that_settings_find_the_only_nodes_that_they_fit(tmp_path: Path) -> None:
    (tmp_path / "m.bnd").write_text(TWO[0])
    (tmp_path / "other.bnd").write_text("node X { }\n")
    (tmp_path / "day1.cfg").write_text(TWO[1])
    reading = read_file(tmp_path / "day1.cfg")
    assert reading.project.network.names == ("Sa", "Tb")
    assert reading.remarks[0].message == "the nodes are those of m.bnd, the only ones that it fits"
    (tmp_path / "n.bnd").write_text(TWO[0])
    with pytest.raises(
        RegnetError, match=r"several there fit \(m.bnd, n.bnd\).*--settings day1.cfg"
    ):
        read_file(tmp_path / "day1.cfg")
    (tmp_path / "x.bnd").write_text(TWO[0])
    (tmp_path / "x.bnd.cfg").write_text("Tb.istate = 1;")
    for name in ("x.bnd", "x.bnd.cfg"):
        assert load(tmp_path / name).scenarios[0].start == Space({"Tb": 1})


@pytest.mark.parametrize(
    ("nodes", "words"),
    [
        ("node A { rate_up = 1 - 2 * B; }\nnode B {}", "line 1.*rate_up of A is -1 where B"),
        ("node A { rate_up = 1 / B; }\nnode B {}", "rate_up of A is inf where !B"),
        ("node A { rate_down = log(0 - 1); }", "rate_down of A is nan"),
        ("node A { rate_up = sin(1); }", "column 20: there is no function sin"),
        ("node A { rate_up = log(1, 2, 3); }", "log takes 1 to 2 arguments, not 3"),
    ],
)
def test_that_a_rate_that_is_none_is_refused_by_name(nodes: str, words: str) -> None:
    with pytest.raises(ParseError, match=words):
        project_of(nodes, "")


def test_that_rates_that_can_never_be_taken_are_no_fault() -> None:
    text = "node A { rate_up = $on ? 1 / $none : 2; rate_down = A ? 1 : 0 - 1; }"
    project = project_of(text, "$on = 0; $none = 0;")
    assert project.rate_set().rates.of("A") == (2, 1)


def test_that_cells_are_counted_as_one_and_that_is_told() -> None:
    text = (
        "node A { rate_up = B ? #cell(B)/#cell(1) : 0.0; rate_down = 0.0; }\nnode B { logic = A; }"
    )
    reading = read(Source("m.pbnd", text.encode()))
    assert str(reading.project.network["A"].rule.reaches(1)) == "!A & B | A"  # type: ignore[union-attr]
    assert any("one cell is followed here" in r.message for r in reading.remarks)


def test_that_what_is_not_followed_is_told() -> None:
    settings = TWO[1] + "discrete_time = 1; Sa.schedule = 20:0.1; Sa.istate = 0; sample_count = 5;"
    reading = read(Source("m.bnd", TWO[0].encode(), lambda n: settings.encode()))
    told = " / ".join(r.message for r in reading.remarks if r.severity == "warning")
    assert "asks for discrete time" in told
    assert "flips that are scheduled are kept, but no analysis follows them: Sa" in told
    assert "sets the start of these twice; the last counts: Sa" in told
    assert reading.project.rate_set().timing == Timing(0.2, 5, None, (), is_discrete=True)


def random_project(seed: int) -> Project:
    """Return a project with levels, rates that depend on the state, and a drawn start."""
    chance = random.Random(seed)
    tops = {"A": 2, "B": 1, "C": chance.choice([1, 2])}
    atoms = [f"{n}:{k}" for n, top in tops.items() for k in range(1, top + 1)]

    def condition() -> str:
        a, b = chance.sample(atoms, 2)
        return f"{chance.choice(['', '!'])}{a} {chance.choice('&|')} {chance.choice(['', '!'])}{b}"

    def rate() -> float | RateLaw:
        if chance.random() < 0.5:
            return chance.choice([0.5, 1.0, 3.0])
        return RateLaw(((parse(condition()), 2.5), (parse(condition()), 0.25), (parse("1"), 1.5)))

    network = LogicalNetwork(
        tuple(
            Component(n, Rule.parse({k: condition() for k in range(1, top + 1)}), top)
            for n, top in tops.items()
        )
    )
    classes = tuple(RateClass((n,), rate(), rate()) for n in tops if chance.random() < 0.8)
    rates = RateSet("r", classes, 1.25, timing=Timing(end=0.8, readouts=("A", "C")))
    joint = Distribution(("A", "B"), (((0, 0), 0.2), ((1, 1), 0.5), ((2, 0), 0.3)))
    start = Start({}, [joint] if seed % 2 else [])
    return Project(network, scenarios=(Scenario("s", start=start),), rate_sets=(rates,))


@pytest.mark.parametrize("seed", range(6))
def test_that_what_is_written_runs_in_maboss_as_it_should(seed: int) -> None:
    project = random_project(seed)
    if not project.scenarios[0].start:
        project = replace(project, scenarios=())  # levels start jointly all the same
    written = write(project)
    settings = str(written.beside[".cfg"])
    assert "max_time = 0.8;" in settings
    assert isinstance(written.content, str)
    visible = "\n".join(line for line in settings.splitlines() if "is_internal" not in line)
    runs = run_by_maboss(written.content, visible)
    scenario = project.scenarios[0] if project.scenarios else Scenario()
    exact: dict[frozenset[str], float] = {}
    for state, p in solved(project, scenario, 0.8).items():
        names = set()
        for component, level in zip(project.network.components, state, strict=True):
            for k in range(1, level + 1):
                names.add(component.name if component.top == 1 else f"{component.name}_{k}")
        exact[frozenset(names)] = p
    assert agree(exact, runs)
    again = project_of(written.content, settings)
    assert again.rate_set().timing.readouts == tuple(n for n in again.network.names if n[0] in "AC")
    other = solved(again, again.scenarios[0], 0.8)
    assert on(again.network.names, other) == pytest.approx(
        {**dict.fromkeys(on(again.network.names, other), 0.0), **exact}
    )


def test_that_changed_rates_and_starts_are_written(tmp_path: Path) -> None:
    settings = "// mine\n$u = 2;\n$d = 1; // both\nA.istate = 0;\nmax_time = 5;\n"
    nodes = (
        "node A { logic = B; rate_up = @logic ? $u : 0; rate_down = @logic ? 0 : $d; }\n"
        "node B { logic = A; rate_up = @logic ? $u : 0; rate_down = @logic ? 0 : $d; }\n"
    )
    project = project_of(nodes, settings)
    faster = RateSet(
        "m", (RateClass(("A",), 7.0, 1.0), RateClass(("B",), 2.0, 1.0)), timing=Timing(end=8)
    )
    start = parse_start("A&B=0&0:0.25|1&1:0.75")
    changed = replace(
        project, rate_sets=(faster,), scenarios=(Scenario("initial state", start=start),)
    )
    save(changed, tmp_path / "n.bnd")
    text = (tmp_path / "n.cfg").read_text()
    assert text.startswith("// mine\n$u = 2;\n$d = 1; // both\nmax_time = 8;\n")
    again = load(tmp_path / "n.bnd")
    assert again.scenarios[0].start == start
    assert again.rate_set().rates.of("A") == (7, 1)
    assert again.rate_set().rates.of("B") == (2, 1)
    assert again.rate_set().timing.end == 8


def test_that_what_maboss_cannot_hold_of_rates_is_told() -> None:
    project = project_of(*TWO)
    days = RateSet("days", (RateClass(("Tb",), 5, 5, kind="paper", refs=("R",)),), unit="day")
    remarks = write(replace(project, rate_sets=(days, RateSet("slow")))).remarks
    told = " / ".join(r.message for r in remarks)
    assert "MaBoSS settings hold one set of rates; not slow" in told
    assert "MaBoSS does not hold the unit of time (day), where rates come from" in told


CORPUS = find_shared("corpus/formats/maboss")


@pytest.mark.skipif(CORPUS is None, reason="no corpus")
def test_that_files_from_the_wild_go_to_a_model_file_and_back() -> None:
    assert CORPUS is not None
    count = 0
    for path in sorted(CORPUS.glob("*.*bnd")):
        if "error" in path.name:
            continue  # it is meant to be wrong
        project = load(path)
        assert from_toml(to_toml(project)) == project
        kept = tuple(k for k in project.kept if k.what == "population")
        written = write(replace(project, kept=kept))
        assert isinstance(written.content, str)
        again = project_of(written.content, str(written.beside[".cfg"]))
        for component in project.network.components:
            if component.rule is not None:
                name = component.name
                assert again.rate_set().rates.of(name) == project.rate_set().rates.of(name)
        before, after = (p.scenarios[0].start if p.scenarios else Space() for p in (project, again))
        assert after == before
        assert again.rate_set().timing == project.rate_set().timing
        count += 1
    assert count > 10
