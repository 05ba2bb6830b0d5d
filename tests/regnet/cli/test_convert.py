"""``regnet convert``: what is written can be checked, and nothing is lost in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from regnet.cli import main

MODEL = "A, B & !C\nB, A | IL-2\nC, C\nIL-2, IL-2\n"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "m.bnet"
    path.write_text(MODEL)
    return path


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


@pytest.mark.parametrize("ending", ["aeon", "txt", "rules", "json", "cnet", "tt", "primes"])
def test_that_what_was_written_is_read_again_and_compared(
    model: Path, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    target = model.with_suffix(f".{ending}")
    assert main(["convert", str(model), str(target), "--check"]) == 0
    assert f"{target}: read again; 4 of 4 functions are equal" in said(capsys)


def test_that_a_model_that_comes_with_regnet_goes_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["convert", "lif_lifr", "out.bnet"]) == 0
    assert (tmp_path / "out.bnet").read_text().startswith("# ")


def test_that_levels_are_compared_as_the_variables_they_were_written_as(
    tmp_path: Path, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "m.bnet"
    assert main(["convert", str(models / "lif_lifr.toml"), str(target), "--check"]) == 0
    assert "read again as Boolean variables; 14 of 14 functions are equal" in said(capsys)


def test_that_a_difference_is_found_and_shown(
    model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from regnet.formats import aeon

    faulty = aeon.write
    monkeypatch.setattr(
        aeon, "write", lambda *a: (faulty(*a)[0].replace("$A: B & !C", "$A: B | C"), ())
    )
    target = model.with_suffix(".aeon")
    assert main(["convert", str(model), str(target), "--check"]) == 1
    assert "the function of A differs where C>=1" in said(capsys)


def test_that_what_regnet_does_not_read_cannot_be_checked(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = model.with_suffix(".sif")
    assert main(["convert", str(model), str(target), "--check"]) == 2
    assert "cannot be checked; .sif files hold no rules" in said(capsys)
    assert not target.exists()


def test_that_strict_writes_nothing_where_something_is_doubtful(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = model.with_suffix(".aeon")
    assert main(["convert", str(model), str(target), "--strict"]) == 2
    assert "other tools may not read these names: IL-2" in said(capsys)
    assert not target.exists()


def test_that_unknown_functions_go_from_aeon_to_aeon_and_nowhere_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "m.aeon", tmp_path / "n.aeon"
    source.write_text("A -> B\n$B: f(A)\n")
    assert main(["convert", str(source), str(target), "--check"]) == 0
    assert target.read_text() == source.read_text()
    said(capsys)
    assert main(["convert", str(source), str(tmp_path / "n.bnet")]) == 2
    assert "the function of B uses f, which is unknown" in said(capsys)
    assert main(["attractors", str(source)]) == 2
    assert "line 2" in said(capsys)


def test_that_options_reach_the_reader(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model.write_text("A, B\nA, !B\n")
    target = model.with_suffix(".aeon")
    option = ["--option", "on_duplicate=last"]
    assert main(["convert", str(model), str(target), *option]) == 0
    assert "$A: !B" in target.read_text()
    assert main(["convert", str(model), str(target), "--option", "plus=or"]) == 2
    assert "there is no option of bnet 'plus'" in said(capsys)
    assert main(["convert", str(model), str(target), "--option", "plus"]) == 2
    assert "write NAME=VALUE" in said(capsys)


def test_that_options_may_stand_anywhere(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = model.with_suffix(".sbml")
    assert main(["convert", str(model), "--check", str(target)]) == 0
    assert target.exists()
    assert "4 of 4 functions are equal" in said(capsys)
    assert main(["convert", "--to", "aeon", str(model), "--check", str(model.with_suffix("")), "x"])
    assert "unrecognized arguments: x" in said(capsys)
    assert main(["convert", str(model)]) == 2
    assert "name one file to write to" in said(capsys)
    assert main(["convert", str(model), "a.bnet", "-o", "b.bnet"]) == 2


def test_that_a_model_is_written_to_standard_output(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["convert", str(model), "-", "--to", "aeon", "--check"]) == 0
    shown = capsys.readouterr()
    assert "$A: B & !C" in shown.out
    assert "standard output: read again; 4 of 4 functions are equal" in shown.err
    assert not Path("-").exists()


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ([], "- is standard output, which has no ending; say --to FORMAT"),
        (["--to", "zginml"], "zginml files are no text"),
        (["--to", "maboss"], "maboss is written to several files (.bnd, .cfg)"),
    ],
)
def test_that_what_cannot_go_to_standard_output_is_said(
    model: Path, to: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["convert", str(model), "-", *to]) == 2
    assert why in said(capsys)


def test_that_a_check_asks_what_the_other_program_reads(
    tmp_path: Path,
    models: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = tmp_path / "m.ginml"
    assert main(["convert", str(models / "lif_lifr.toml"), str(target), "--check"]) == 0
    assert "to GINsim all functions mean the same" in said(capsys)
    from regnet.exchange.portable import falling_cases
    from regnet.formats.ginml import writer

    monkeypatch.setattr(writer, "exclusive_cases", falling_cases)  # as other programs misread it
    assert main(["convert", str(models / "lif_lifr.toml"), str(target), "--check"]) == 1
    words = said(capsys)
    assert "14 of 14 functions are equal" in words
    assert "GINsim takes LIF to 0 instead of 2" in words
