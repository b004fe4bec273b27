.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow check lint type security golden bench fmt clean

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
READY := $(VENV)/.ready
# pytest-terraform stops the whole run where Terraform is absent; our own tests say so one by one
PYTEST := $(BIN)/python -m pytest $(if $(shell command -v terraform),,-p no:terraform)
# two at a time, a file each, since what a file prepares is prepared once; in order, so that no long file of few tests comes last
TWICE := -n 2 --dist loadfile --no-loadscope-reorder

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; do printf '  %-10s %s\n' "$$name" "$$text"; done

setup: $(READY) ## Make .venv from the lock file

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "scaffold needs Python 3.11 or newer; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY) ## Set up, then write the example landing zone and add an account to it
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh examples/demo.sh

test: $(READY) ## Set up, then run every test (but those that only wait)
	$(PYTEST) -m "not slow" $(TWICE) $(ARGS)

test-slow: $(READY) ## Run the tests that mostly wait
	$(PYTEST) -m slow $(ARGS)

lint: $(READY) ## Style, and the import contracts
	$(BIN)/ruff check generator tests
	$(BIN)/ruff format --check generator tests
	$(BIN)/lint-imports

type: $(READY) ## Types
	$(BIN)/mypy

check: lint type test ## All of it, as CI runs it

security: $(READY) ## Plan every kind of root module, and run checkov over the plans
	$(PYTHON) -m venv $(VENV)-security
	$(VENV)-security/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/security/requirements.lock
	$(PYTEST) tests/security --checkov $(CURDIR)/$(VENV)-security/bin/checkov $(ARGS)

golden: $(READY) ## Rewrite the golden files from what the program does now
	$(PYTEST) -m "not slow" tests/golden tests/cli --update-golden $(ARGS)

bench: $(READY) ## Measure speed, as ratios within one run
	$(PYTEST) tests/benchmarks -q --benchmarks $(ARGS)

fmt: $(READY) ## Format the Python code
	$(BIN)/ruff format generator tests
	$(BIN)/ruff check --fix generator tests

clean: ## Remove what the targets made
	rm -rf $(VENV) $(VENV)-security build dist .pytest_cache .mypy_cache .ruff_cache
