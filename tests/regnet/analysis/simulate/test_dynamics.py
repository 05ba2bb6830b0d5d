"""How a model runs in time unless told otherwise, on every surface."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from regnet.analysis.dose.pulses import find_pulse_response
from regnet.analysis.simulate import dynamics_of, simulate
from regnet.cli import main
from regnet.errors import UnknownNameError
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project
from regnet.rates import RateClass, Rates, RateSet, Timing
from regnet.records.codec import decode, encode
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space
from regnet.start import Distribution, Start

NETWORK = LogicalNetwork((Component("S"), Component("T", Rule.of("S"))), name="two")
START = Scenario("on", start=Space({"S": 1, "T": 0}))
DAYS = RateSet(
    "days", (RateClass(("T",), 5, 5),), unit="day", timing=Timing(1.0, 77, 3, readouts=("T",))
)
HOURS = RateSet("hours", (RateClass(("T",), 0.2, 0.2),))
MODEL = Project(NETWORK, scenarios=(START,), rate_sets=(DAYS, HOURS))


def test_that_a_model_runs_at_its_own_rates_from_its_only_start():
    found = dynamics_of(MODEL)
    assert found.scenario.start == START.start
    assert found.rates == DAYS.rates
    assert (found.until, found.runs, found.seed, found.readouts) == (1.0, 77, 3, ("T",))
    answer = simulate(NETWORK, **found.options(), until=found.until, points=5)
    assert answer["T"].mean.values[1] == pytest.approx(1 - math.exp(-1))
    assert answer.basis == found.basis
    assert "rates of the model (days, per day)" in answer.origin.why
    assert "starts from the model's only start 'on'" in answer.origin.why
    assert "assumed" not in answer.origin.why


def test_that_what_is_told_counts_more_than_the_model():
    assert dynamics_of(MODEL, rates="hours").rates == HOURS.rates
    assert dynamics_of(MODEL, Scenario(rates="hours")).rates == HOURS.rates
    over = dynamics_of(MODEL, own=Rates().with_rate(3, "S"), until=2, runs=9, seed=1)
    assert over.rates.of("S") == (3, 3)
    assert over.rates.of("T") == (5, 5)
    assert (over.until, over.runs, over.seed) == (2, 9, 1)
    assert over.basis[0] == "rates of the model (days, per day), but S at 3"
    uniform = dynamics_of(MODEL, rates="uniform")
    assert uniform.rates.is_uniform
    assert uniform.until == 20  # an end in days is none in other units
    assert uniform.basis[0] == "rates all at 1, not those of the model"
    named = Scenario("anywhere")
    assert dynamics_of(MODEL, named).scenario == named
    begun = Scenario(start=Space({"S": 0}))
    assert dynamics_of(MODEL, begun).scenario == begun
    with pytest.raises(UnknownNameError, match="weeks"):
        dynamics_of(MODEL, rates="weeks")


def test_that_no_start_is_chosen_where_there_are_several():
    several = Project(NETWORK, scenarios=(START, Scenario("off", start=Space({"S": 0}))))
    assert not dynamics_of(several).scenario.start
    treated = Scenario("treated", perturbation=Perturbation(Space({"T": 0})), start=START.start)
    assert not dynamics_of(Project(NETWORK, scenarios=(treated,))).scenario.start


def test_that_a_model_without_rates_says_that_they_are_assumed():
    assert dynamics_of(Project(NETWORK)).basis == ()
    assert "assumed: rates all at 1" in simulate(NETWORK, until=1, points=1).origin.why


def test_that_doses_in_time_use_the_same():
    found = dynamics_of(MODEL)
    answer = find_pulse_response(
        NETWORK, **found.options(), dose="S", level=0, amounts=[0, 0.5], until=1, readouts=["T"]
    )
    assert answer.basis == found.basis
    off = math.exp(-2.5)
    values = [1 - math.exp(-5), 1 - math.exp(-5 * 0.5)]
    assert [e.value for e in answer.curves[0].values] == pytest.approx(values)
    assert off == pytest.approx(1 - values[1])


def test_that_a_drawn_start_is_asked_again_as_it_was():
    start = Start({"S": 1}, [Distribution(("T",), (((0,), 0.25), ((1,), 0.75)))])
    scenario = Scenario(start=start)
    assert decode(json.loads(json.dumps(encode(scenario, "simulate"))), "simulate") == scenario


MABOSS = """
node Sa { rate_up = 0; rate_down = 0; }
node Tb { logic = Sa; rate_up = @logic ? 5 : 0; rate_down = @logic ? 0 : 5; }
"""


def test_that_the_command_line_runs_a_model_of_maboss_as_maboss_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "two.bnd").write_text(MABOSS)
    (tmp_path / "two.cfg").write_text("Sa.istate = 1; Tb.istate = 0; max_time = 1;")
    command = ["simulate", str(tmp_path / "two.bnd"), "--points", "5", "--format", "json"]
    assert main(command) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["times"][-1] == 1
    (course,) = (c for c in answer["courses"] if c["component"] == "Tb")
    assert course["mean"]["values"][1] == pytest.approx(1 - math.exp(-1))
    assert len(answer["basis"]) == 3
    assert main([*command, "--rates", "uniform", "--until", "1"]) == 0
    course = json.loads(capsys.readouterr().out)["courses"][1]
    assert course["mean"]["values"][1] == pytest.approx(1 - math.exp(-0.2))
