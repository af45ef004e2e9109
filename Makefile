# Every target does all its own set-up.  make demo: hear it.  make test: check everything.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Kernels are compiled in parallel by as many workers as there are cores.
WORKERS ?= $(shell nproc 2>/dev/null || echo 2)

PYTEST := $(BIN)/python -m pytest --durations=10

.PHONY: demo test soak check warm style types imports generated bench docs truth listen web page face wheel wheels clean help
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

check: style types imports generated face  ## lint, types, import contracts, generated docs, the page's files

style: $(VENV)/.developing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.developing
	$(BIN)/mypy

imports: $(VENV)/.developing
	$(BIN)/lint-imports

generated: $(VENV)/.developing
	$(BIN)/python docs/build.py --check

face:  ## types, lint and format of the page's files: by npm, which nothing else needs
	@if command -v npm > /dev/null; then $(MAKE) --no-print-directory node_modules/.installed && npm run --silent check; \
	elif [ -n "$$CI" ]; then echo "make face: npm is not installed; apt-get install npm brings it" >&2; exit 1; \
	else echo "make face: the page's files are not checked: npm is not installed"; fi

node_modules/.installed: package.json
	npm install --silent --no-progress
	@touch $@

warm: $(VENV)/.developing
	$(BIN)/synth warm

test: $(VENV)/.developing  ## everything in check, then every test; those that play in real time two at a time, each beside its own JACK
	@$(MAKE) --no-print-directory --jobs=$(WORKERS) --output-sync=target check warm
	@$(BIN)/python -m synth.page.build || [ -z "$$CI" ]  # where nothing links it, tests of it are skipped; not in CI
	$(PYTEST) -n $$(($(WORKERS) + 1)) --dist loadgroup -m "not live and not soak"  # many wait for real time
	$(PYTEST) -n 2 --dist loadgroup -m "live and not soak"

soak: $(VENV)/.developing  ## the long forms of tests: storms of millions of messages, hours of sound; ends with what each of them took
	@$(MAKE) --no-print-directory warm
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m soak -rA --durations=0

bench: $(VENV)/.developing  ## speed and accuracy, as ratios against peers and baselines
	@for bench in benchmarks/bench_*.py; do echo "== $$bench"; $(BIN)/python $$bench || exit 1; done

docs: $(VENV)/.developing  ## write the generated pages and draw every picture
	$(BIN)/python docs/build.py
	@for picture in docs/pictures/*.py; do $(BIN)/python $$picture || exit 1; done

truth: $(VENV)/.developing  ## measure every trigger and preset beside real recordings: a table, and docs/truth.md
	$(BIN)/python docs/truth.py

web: $(VENV)/.developing  ## compile the kernels to WebAssembly, for the page
	$(BIN)/python -m synth.page.build

page: web  ## write the page as static files, for any web host, to out/page
	$(BIN)/synth page --export out/page

wheel: web  ## a wheel in dist/ with the kernels compiled, so that whoever installs it waits for no compiler
	rm -rf build/kernels dist synth/rt/compiled
	SYNTH_CACHE_DIR=build/kernels $$($(BIN)/python .ci/prebuilt.py target) $(BIN)/synth warm
	$(BIN)/python .ci/prebuilt.py fill build/kernels
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .
	@ls -l dist

wheels: $(VENV)/.developing  ## check that every dependency has wheels on CPython 3.11 to 3.14
	$(BIN)/python .ci/wheels.py

listen: $(VENV)/.installed  ## render ten seconds of every preset to out/
	@mkdir -p out
	@for preset in $$($(BIN)/synth list presets --json | $(BIN)/python -c 'import json,sys; print(*[p["name"] for p in json.load(sys.stdin)])'); do \
	  $(BIN)/synth render $$preset -o out/$$preset.wav --seconds 10 || exit 1; done

clean:  ## delete what the other targets made
	rm -rf $(VENV) node_modules out build dist synth/rt/compiled .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
