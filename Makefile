# A fresh machine needs Python 3.11 or newer, git and make. `make run` opens the demo city on port 8000.
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
BIN := .venv/bin
WORKERS ?= 2

.PHONY: setup run test check seed docs pins clean
.DEFAULT_GOAL := run

setup: .venv/ready ; @$(BIN)/python -m config.mo && $(BIN)/python -m civic.matching.warm
run: setup ; @exec $(BIN)/civic serve --demo --host $(HOST) --port $(PORT)
test: setup .venv/dev ; @.ci/tools && $(BIN)/pytest -n $(WORKERS) --dist loadgroup --cov $(ARGS)
check: setup .venv/dev ; @.ci/tools && .ci/check
seed: setup ; @$(BIN)/civic seed --demo
docs: setup ; @$(BIN)/civic docs
pins: .venv/dev ; @for name in requirements requirements-dev; do CUSTOM_COMPILE_COMMAND="make pins" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file $$name.txt $$name.in; done
clean: ; @rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache artifacts

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Civic needs Python 3.11 or newer: make PYTHON=python3.12")'
	@$(PYTHON) -m venv .venv || { echo "Python lacks its venv module: apt-get install python3-venv"; exit 1; }

.venv/ready: requirements.txt pyproject.toml | .venv/bin/python
	@echo "Installing packages into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

.venv/dev: requirements-dev.txt .venv/ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
