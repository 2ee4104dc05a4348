# What one does with this house. `make demo` and `make test` need Python >= 3.11, make and git.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
YIFU := $(VENV)/bin/yifu
RUN_STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
HEADLESS ?=
TESTS ?= tests

.PHONY: demo test lint bench install install-dev lock licences browser clean

demo: $(RUN_STAMP)
	@$(YIFU) up $(if $(HEADLESS),--headless)

install: $(RUN_STAMP)

install-dev: $(DEV_STAMP)

test: $(DEV_STAMP) browser
	@$(PY) -m pytest $(TESTS)

lint: $(DEV_STAMP)
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(VENV)/bin/lint-imports
	@$(PY) -m mypy .
	@$(VENV)/bin/djlint --quiet --lint --check yifu/web/templates

bench: $(DEV_STAMP)
	@$(PY) -m bench

# Prints the licence of every installed part; fails on one that is not permissive.
licences: $(RUN_STAMP)
	@$(PY) tools/licences.py requirements.lock

# The locks name exact versions and hashes, and no index: that is the user's own configuration.
lock: $(DEV_STAMP)
	@$(VENV)/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	  --python-version 3.11 --custom-compile-command "make lock" \
	  pyproject.toml requirements-build.in --output-file requirements.lock
	@$(VENV)/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	  --python-version 3.11 --custom-compile-command "make lock" --extra dev \
	  --constraint requirements.lock \
	  pyproject.toml requirements-build.in --output-file requirements-dev.lock

# Browser tests drive the system's Chromium; without one they are reported as skipped.
browser:
	@tools/browser.sh

clean:
	rm -rf $(VENV) build dist *.egg-info

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "Python's venv module is needed (on Debian: apt install python3-venv)"; exit 1; }

$(RUN_STAMP): requirements.lock pyproject.toml | $(PY)
	@echo "Installing yifu into $(VENV) ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes \
	  -r requirements.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
	  --editable .
	@touch $@

$(DEV_STAMP): requirements-dev.lock $(RUN_STAMP)
	@echo "Installing the tools for tests and lint into $(VENV) ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes \
	  -r requirements-dev.lock
	@touch $@
