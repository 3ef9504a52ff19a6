# make up: everything on a fresh machine. make test: what CI runs. Nothing needs an activated
# environment, and nothing is written outside of this folder but Debian's packages, by root.

SHELL := /bin/sh
.DEFAULT_GOAL := up
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
# Else each of the hundreds of programs that the tests start compiles the product for itself.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/*.po))
UV := $(VENV)/lock/bin/uv pip compile --quiet --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --no-header
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: up check check-unit check-types check-format check-imports check-templates \
    check-vendored test bench soak lock vendor translations

up: $(STAMP) $(CATALOGUES)
	@exec $(BIN)/orchestrator up $(ARGS)

# Two at a time, and to the end, so that one call shows all there is to mend.
check: $(DEV_STAMP) $(CATALOGUES)
	@$(MAKE) --jobs=2 --keep-going --output-sync=target \
	    check-unit check-types check-format check-imports check-templates check-vendored

# By file, so that what a file's tests share is made once.
check-unit:
	$(BIN)/pytest tests/unit --numprocesses=2 --dist=loadfile

check-types:
	$(BIN)/mypy

check-format:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

check-imports:
	$(BIN)/lint-imports

check-templates:
	$(BIN)/djlint --quiet --check --lint templates

check-vendored:
	$(BIN)/python tools/vendor.py --check

# Two files of tests at a time: most of them wait for programs that they have started.
test: $(DEV_STAMP) $(CATALOGUES)
	@sh .ci/packages
	@$(MAKE) check
	$(BIN)/pytest --ignore=tests/unit --numprocesses=2 --dist=loadfile

bench: $(DEV_STAMP) $(CATALOGUES)
	$(BIN)/python -m tests.benchmarks

# About a quarter of an hour for each database. make soak ARGS="--runs 2000 --seed 7"
soak: $(DEV_STAMP) $(CATALOGUES)
	$(BIN)/python -m tests.soak --database sqlite $(ARGS)
	$(BIN)/python -m tests.soak --database postgresql $(ARGS)

lock: $(VENV)/lock/bin/uv
	$(UV) --output-file requirements.lock pyproject.toml
	$(UV) --output-file requirements-dev.lock --constraint requirements.lock --extra dev \
	    pyproject.toml

$(VENV)/lock/bin/uv: | $(BIN)/python
	@$(BIN)/python -m venv $(VENV)/lock
	@$(VENV)/lock/bin/python -m pip --quiet install uv

translations: $(STAMP)
	$(BIN)/python tools/translations.py

vendor: $(STAMP)
	$(BIN)/python tools/vendor.py

$(BIN)/python:
	@sh .ci/venv $(VENV)

# The stamps are older than the locks when a lock has changed, and missing in a new environment.
$(STAMP): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what the lock names; this takes about half a minute."
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(DEV_STAMP): requirements-dev.lock $(STAMP)
	@echo "Installing the tools for tests."
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@

%.mo: %.po | $(STAMP)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
