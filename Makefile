# One door for every chore; `make help` lists them. Needs python3 (3.11 or newer, with venv), make and git; nothing else.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run install ui test check check-ui faults bench test-machine node-here clean

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --no-input --disable-pip-version-check
BUILD_WEB := $(PY) inbox_web/build_web.py
# Node as build_web.py finds it: the machine's, or else PyPI's in the environment.
NODE = $$($(BUILD_WEB) --node)

help: ## say what can be done here
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

run: install ui ## set everything up and start the hub
	@exec $(VENV)/bin/hub up

install: $(VENV)/.installed ## the environment in .venv, with bin/hub

$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "This needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version). Another one: make PYTHON=python3.12 …"; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "No environment could be made. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Installing the Python packages (a minute or two the first time) …"
	@$(PIP) install --quiet --use-pep517 --editable '.[dev]'
	@touch $@

ui: install ## build the inbox and the chat widget (only what changed)
	@! $(BUILD_WEB) --stale || { $(BUILD_WEB) --node >/dev/null || $(MAKE) --no-print-directory $(VENV)/.node; }
	@$(BUILD_WEB)

$(VENV)/.node: inbox_web/build_web.py
	@echo "No Node on this machine: taking it from PyPI into $(VENV) …"
	@$(PIP) install --quiet "$$($(PY) -c 'import sys; sys.path.insert(0, "inbox_web"); import build_web; print(build_web.NODE_FROM_PYPI)')"
	@touch $@

node-here: install
	@$(BUILD_WEB) --node >/dev/null || $(MAKE) --no-print-directory $(VENV)/.node
	@$(BUILD_WEB) --packages

test: install ui node-here test-machine ## everything a fresh machine needs to test, then every test
	failed=0; $(PY) -m pytest -n 2 --dist loadfile --ignore tests/web --ignore tests/faults || failed=$$?; \
	$(PY) -m pytest tests/web tests/faults || failed=$$?; exit $$failed
	node="$(NODE)"; cd inbox_web && "$$node" node_modules/vitest/vitest.mjs run

test-machine: ## Chromium and fonts for the browser tests, Dovecot and Postfix for the mail tests
	@tests/install_browser.sh
	@tests/install_mail.sh

check: install node-here ## ruff, mypy strict, tsc
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	node="$(NODE)"; cd inbox_web && "$$node" node_modules/typescript/bin/tsc --noEmit

check-ui: install ui test-machine ## axe on every page in every theme, size and language
	HUB_TEST_AXE=all $(PY) -m pytest tests/web -m axe_all

faults: install ui ## kill -9 on every process, five rounds of 5,000 messages; HUB_FAULTS_SEED=7 repeats a run
	HUB_FAULTS=full $(PY) -m pytest tests/faults -s

bench: install ui ## measure; ONLY=ingest runs one
	$(PY) -m tests.bench $(ONLY)

clean: ## remove what was built, keep the data
	rm -rf $(VENV) inbox_web/dist inbox_web/node_modules .mypy_cache .pytest_cache .ruff_cache
