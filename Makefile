# Two commands for a fresh machine with Python 3.11 or newer, make and a C compiler:
#   make demo   make the environment and answer one case
#   make test   make the environment and run everything that CI runs
.DEFAULT_GOAL := help
.PHONY: help demo test lint types unit matrix coverage mutation bench bench-check bench-cohort bench-serve fuzz stress \
	docs pictures sbom archive lock clean

# Interpreters of pyenv that its shims do not reach stand behind those on the PATH.
empty :=
space := $(empty) $(empty)
pyenv := $(wildcard $(or $(PYENV_ROOT),$(HOME)/.pyenv)/versions/3.1[1-9]*/bin)
export PATH := $(PATH)$(if $(pyenv),:$(subst $(space),:,$(strip $(pyenv))))

# durable-rules loads on 3.11 and 3.12, so these come first.
runs = $(shell for name in python3.12 python3.11 python3 python3.13 python3.14; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$name; break; fi; done)
PYTHON ?= $(runs)
BIN := .venv/bin

help:
	@sed -n '2,3s/^#   //p' Makefile
	@echo 'make bench  measure speed (not part of the tests); make bench-check  whether it is as bounded'
	@echo 'make fuzz   throw made inputs at every entrance, for SECONDS=900 (a short run is part of the tests)'

.venv/created:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	@touch $@

.venv/core: .venv/created pyproject.toml requirements-dev.lock
	$(BIN)/python -m pip install --quiet --constraint requirements-dev.lock --editable . || { echo \
		'If durable-rules could not be built: it needs a C compiler. See "No compiler" in docs/engine.md.'; exit 1; }
	@touch $@

.venv/dev: .venv/core
	$(BIN)/python -m pip install --quiet --constraint requirements-dev.lock --editable '.[dev]'
	@touch $@

demo: .venv/core
	$(BIN)/recommender recommend profiles/nrf2-active-sorafenib.json

test: lint types unit matrix

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev
	$(BIN)/mypy

unit: .venv/dev
	$(BIN)/pytest -q

# What an interpreter can change, against the wheel, on every other interpreter that is found: `unit` has tried this one.
matrix: .venv/dev
	TOX_SKIP_ENV=$$($(BIN)/python -c 'import sys; print("py%d%d" % sys.version_info[:2])') $(BIN)/tox run

# Lines and branches of the program that the tests reach, those of the processes that they start included.
coverage: .venv/dev
	rm -f .coverage*
	$(BIN)/coverage run -m pytest -q
	$(BIN)/coverage combine --quiet
	-$(BIN)/coverage report
	$(BIN)/coverage json --quiet -o - | $(BIN)/python bench/reached.py

# Faults put into the evaluator and the ranking, one at a time: which of them no test notices.
mutation: .venv/mutation
	EXAMPLES=15 CI=1 $(BIN)/mutmut run
	$(BIN)/mutmut results

.venv/mutation: .venv/dev
	$(BIN)/python -m pip install --quiet --constraint requirements-dev.lock --editable '.[mutation]'
	@touch $@

# The pages that are made from the rules, the checks, the schemas and the command line.
docs: .venv/core
	rm -rf docs/rules docs/lint docs/schemas docs/cli.md docs/profile-reference.md docs/result-reference.md
	PYTHONPATH=docs $(BIN)/python -m generate

# What a plain install consists of, as CycloneDX JSON.
sbom: .venv/dev
	BIN=$(BIN) .ci/sbom dist

# A release keeps some results and its rules for ever: tests/data/archive/README.md.
archive: .venv/dev
	$(BIN)/python tests/archive.py

# The pictures of the README.
pictures: .venv/dev
	PYTHONPATH=tests $(BIN)/python docs/pictures/make.py

# Everything on docs/performance.md; bench-check only the bounds, some with shorter runs.
bench: .venv/bench
	$(BIN)/python bench/run.py --write docs/performance.md

bench-check: .venv/bench
	$(BIN)/python bench/run.py --check

bench-cohort: .venv/bench
	$(BIN)/python bench/cohort.py

bench-serve: .venv/bench
	$(BIN)/python bench/pages.py
	$(BIN)/python bench/serve.py

# SEED= and ENTRANCE= try one input again, with INPUTS=1.
fuzz: .venv/dev
	PYTHONPATH=tests $(BIN)/python -m fuzzing $(if $(SECONDS),--seconds $(SECONDS)) $(if $(SEED),--seed $(SEED)) \
		$(if $(ENTRANCE),--entrance $(ENTRANCE)) $(if $(INPUTS),--inputs $(INPUTS))

stress: .venv/dev
	$(BIN)/python bench/stress.py

.venv/bench: .venv/dev
	$(BIN)/python -m pip install --quiet --constraint requirements-dev.lock --editable '.[bench]'
	@touch $@

lock: .venv/dev
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --no-header --no-annotate --no-emit-index-url \
		--python-version 3.11 --extra dev --extra bench --extra mutation pyproject.toml --output-file requirements-dev.lock --upgrade

clean:
	rm -rf .venv .tox dist build mutants .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis
