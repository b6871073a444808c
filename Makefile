# One door for every chore; `make help` lists them. Needs python3 (3.11 or newer, with venv), make and git; nothing else.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run install ui test test-machine check check-ui bench clean

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --no-input --disable-pip-version-check
# Node from the machine, or else the one that PyPI carries, which `install_node` puts beside the environment's other programs.
UI_SOURCES := $(shell find inbox_web -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -name '*.py' 2>/dev/null)

help: ## say what can be done here
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

run: install ui ## set everything up and start the hub
	exec $(VENV)/bin/hub up

install: $(VENV)/.installed ## the environment in .venv, with bin/hub

$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "This needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Say PYTHON=python3.12 make …"; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || { echo "No environment could be made. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Installing the Python packages (a minute or two the first time) …"
	@$(PIP) install --quiet --editable '.[dev]'
	@touch $@

ui: ## build the inbox and the chat widget
	@echo later
