# Every target does all its own set-up.  make demo: hear it.  make test: check everything.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Kernels are compiled in parallel by as many workers as there are cores.
WORKERS ?= $(shell nproc 2>/dev/null || echo 2)

.PHONY: demo test check bench docs truth listen wheels clean help
.DEFAULT_GOAL := help

help:  ## say what there is
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.developing: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.installed

demo: $(VENV)/.installed  ## render half a minute of triggers moving round your head to out/demo.wav
	@mkdir -p out
	$(BIN)/synth render demo -o out/demo.wav --seconds 40
	@echo "Put on headphones and play out/demo.wav, for example with: ffplay -nodisp -autoexit out/demo.wav  (or any player)"

check: $(VENV)/.developing  ## lint, types, import contracts, generated docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/build.py --check

test: check  ## everything in check, then every test
	$(BIN)/synth warm
	$(BIN)/python -m pytest -n $(WORKERS) -m "not live"
	$(BIN)/python -m pytest -m live

bench: $(VENV)/.developing  ## speed and accuracy, as ratios against peers and baselines
	@for bench in benchmarks/bench_*.py; do echo "== $$bench"; $(BIN)/python $$bench || exit 1; done

docs: $(VENV)/.developing  ## write the generated pages: presets, and one for each trigger with its spectrogram
	$(BIN)/python docs/build.py
	$(BIN)/python docs/overview.py
	$(BIN)/python docs/live.py
	$(BIN)/python docs/stall.py

truth: $(VENV)/.developing  ## measure every trigger and preset beside real recordings: a table, and docs/truth.md
	$(BIN)/python docs/truth.py

wheels: $(VENV)/.developing  ## check that every dependency has wheels on CPython 3.11 to 3.14
	$(BIN)/python .ci/wheels.py

listen: $(VENV)/.installed  ## render ten seconds of every preset to out/
	@mkdir -p out
	@for preset in $$($(BIN)/synth list presets --json | $(BIN)/python -c 'import json,sys; print(*[p["name"] for p in json.load(sys.stdin)])'); do \
	  $(BIN)/synth render $$preset -o out/$$preset.wav --seconds 10 || exit 1; done

clean:  ## delete what the other targets made
	rm -rf $(VENV) out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
