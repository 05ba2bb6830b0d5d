# Thin: each target is a line or two. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help run test quick check zoo fuzz monkey bench docs lock clean
BIN := .venv/bin
READY := .venv/.ready
MODEL := models/lif_lifr.toml
REPORT := reports/lif_lifr
QUICK := regnet tests/test_architecture.py tests/models tests/test_models.py tests/test_readme.py \
	tests/regnet/test_*.py tests/regnet/cli tests/regnet/engines/test_agreement.py \
	tests/regnet/analysis/test_against_brute_force.py tests/regnet/formats/test_formats.py

help:  ## show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

run: $(READY)  ## set regnet up, analyse the liver model, write its report (and open the app)
	@$(BIN)/regnet report $(MODEL) -o $(REPORT)
	@sh tools/open-app.sh $(MODEL)

test: $(READY)  ## set regnet up and run all tests
	@$(BIN)/python -m pytest -q -n auto

quick: $(READY)  ## the tests that matter most, in less than 40 seconds
	@$(BIN)/python -m pytest -q -n auto $(QUICK)

check: $(READY) test  ## style, types, import contracts and tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

zoo: $(READY)  ## check what published models are said to do, and print a table
	@$(BIN)/python tools/zoo.py

fuzz: $(READY)  ## read 100,000 mutated files of every format
	@$(BIN)/python tools/fuzz.py

monkey: $(READY)  ## do 20,000 random actions in the window, with five models
	@$(BIN)/python -m tests.gui.monkey

bench: $(READY) .venv/.ready-bench  ## time regnet against its peers
	@$(BIN)/python -m pytest -q -s --benchmark-enable tests/bench

docs: $(READY) .venv/.ready-docs  ## build the documentation into build/docs
	@$(BIN)/sphinx-build -q -W -b html docs build/docs

lock: $(READY)  ## pin the newest allowed version of every package (needs uv)
	@sh tools/lock.sh

clean:  ## remove what was set up and built (not your reports)
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(READY): requirements.txt pyproject.toml tools/set-up.sh
	@sh tools/set-up.sh requirements.txt
	@touch $@

.venv/.ready-bench: $(READY) requirements-bench.txt
	@sh tools/set-up.sh requirements-bench.txt
	@touch $@

.venv/.ready-docs: $(READY) requirements-docs.txt
	@sh tools/set-up.sh requirements-docs.txt
	@touch $@
