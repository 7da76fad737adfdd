# Reprise: `make demo` runs a site, `make test` runs every test, `make check` reads the code.
# Needs Python >= 3.11 and make. uv is used when it is there and fetched into .uv-boot when it is not.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

UV_VERSION ?= 0.13.9
export UV_PYTHON_DOWNLOADS := never
export UV_PYTHON_PREFERENCE := only-system
export PIP_ROOT_USER_ACTION := ignore

VENV ?= .venv
BOOT := .uv-boot
PY := $(VENV)/bin/python
# The first interpreter that starts and is new enough (a pyenv shim can be on PATH and not start).
NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, $(1)))
find_python = $(shell for p in $(2); do "$$p" -c '$(call NEW_ENOUGH,$(1))' >/dev/null 2>&1 && { command -v "$$p"; break; }; done)
PYENV_VERSIONS := $(wildcard $(or $(PYENV_ROOT),$(HOME)/.pyenv)/versions/*/bin/python3)
PYTHON ?= $(call find_python,11,python3 python3.13 python3.12 python3.11 python3.14 $(PYENV_VERSIONS))
UV := $(shell uv --version >/dev/null 2>&1 && command -v uv || echo $(CURDIR)/$(BOOT)/bin/uv)

.PHONY: help
help:
	@echo "make demo       a running site on http://127.0.0.1:8000 (PORT=... moves it)"
	@echo "make test       every test; what this machine cannot run is named at the end"
	@echo "make check      lint, types, templates, imports, migrations, deployment, API schema"
	@echo "make bench      measurements"
	@echo "make test-deps  install what the tests want from the system: Chromium, RabbitMQ"
	@echo "make lane-django61  the quick tests on Django 6.1"
	@echo "make messages   bring locale/*/django.po and .mo in step with the code"
	@echo "make lock       renew requirements/*.txt from pyproject.toml"
	@echo "make clean      remove the environments and caches; var/ (the demo's data) stays"

# --- The environment ---------------------------------------------------------------------------------

$(CURDIR)/$(BOOT)/bin/uv:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install python3 (Debian 12 and 13 have one)" >&2; exit 1; }
	@rm -rf $(BOOT); \
	{ "$(PYTHON)" -m venv $(BOOT) >/dev/null 2>&1 && $(BOOT)/bin/pip -q --disable-pip-version-check install uv==$(UV_VERSION); } \
	|| { rm -rf $(BOOT); "$(PYTHON)" -m pip -q --disable-pip-version-check install --target $(BOOT) uv==$(UV_VERSION); } \
	|| { rm -rf $(BOOT); echo "uv could not be installed. Either install it, or: sudo apt-get install -y python3-venv" >&2; exit 1; }

# Made once; its stamps remember which locks are installed in it.
$(PY): | $(UV)
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install python3 (Debian 12 and 13 have one)" >&2; exit 1; }
	@"$(UV)" venv --quiet --python "$(PYTHON)" $(VENV)

$(VENV)/.base: requirements/base.txt | $(PY)
	@echo "Installing what Reprise needs to run ..."
	@"$(UV)" pip install --quiet --python $(PY) --require-hashes -r requirements/base.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(PY)
	@echo "Installing what the tests need ..."
	@"$(UV)" pip install --quiet --python $(PY) --require-hashes -r requirements/dev.txt
	@touch $@ $(VENV)/.base

.PHONY: env lock messages clean
env: $(VENV)/.dev

COMPILE = "$(UV)" pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml
lock: | $(UV)
	$(COMPILE) -o requirements/base.txt
	$(COMPILE) --group dev -c requirements/base.txt -o requirements/dev.txt

messages: $(VENV)/.dev
	@DJANGO_SETTINGS_MODULE=config.settings_test $(PY) -m tests.messages

clean:
	rm -rf .venv .venv-* .uv-boot .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +

# --- Running -----------------------------------------------------------------------------------------

.PHONY: demo bench
demo: $(VENV)/.base
	@exec $(PY) manage.py demo

bench: $(VENV)/.dev
	@exec $(PY) -m benchmarks

# --- Tests -------------------------------------------------------------------------------------------

.PHONY: test test-quick test-deps lane-django61
test: $(VENV)/.dev
	@exec $(PY) -m tests.lanes

test-quick: $(VENV)/.dev
	@exec $(PY) -m tests.lanes quick

SUDO := $(shell [ "$$(id -u)" = 0 ] || { sudo -n true 2>/dev/null && echo sudo; })
test-deps:
	@missing=""; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v rabbitmq-server >/dev/null || [ -x /usr/sbin/rabbitmq-server ] || missing="$$missing rabbitmq-server"; \
	if [ -z "$$missing" ]; then echo "Chromium and RabbitMQ are installed."; \
	elif command -v apt-get >/dev/null && { [ "$$(id -u)" = 0 ] || [ -n "$(SUDO)" ]; }; then \
		$(SUDO) apt-get update -q && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -q -y --no-install-recommends $$missing; \
	else echo "Not installed, and there is no right to do so; the tests that want them are skipped. As root:"; \
		echo "  apt-get install$$missing"; fi

LANE61 := .venv-django61
LANE61_PYTHON ?= $(call find_python,12,python3.13 python3.12 python3.14 python3 $(PYENV_VERSIONS))
$(LANE61)/.dev: requirements/dev.txt | $(UV)
	@"$(UV)" venv --quiet --allow-existing --python "$(LANE61_PYTHON)" $(LANE61)
	@"$(UV)" pip install --quiet --python $(LANE61)/bin/python --require-hashes -r requirements/dev.txt
	@"$(UV)" pip install --quiet --python $(LANE61)/bin/python 'django>=6.1,<6.2'
	@touch $@

lane-django61:
	@if [ -z "$(LANE61_PYTHON)" ]; then \
		echo "SKIPPED: Django 6.1 needs Python 3.12 or newer, and none was found (on PATH or of pyenv)."; exit 0; \
	fi; \
	$(MAKE) $(LANE61)/.dev; \
	$(LANE61)/bin/python -c 'import sys, django; print("Python", sys.version.split()[0], "Django", django.__version__)'; \
	exec $(LANE61)/bin/python -m tests.lanes quick

# --- Reading the code --------------------------------------------------------------------------------

APPS := accounts clips reposts orders feeds config
PRODUCTION := env -u DEBUG -u DEMO ENV_FILE=/dev/null VAR_DIR=$(VENV)/check-deploy ALLOWED_HOSTS=reprise.example \
	SECRET_KEY=for-the-check-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ CACHE_URL=redis://cache.example/0

.PHONY: check check-lint check-types check-templates check-imports check-migrations check-deploy check-schema check-locks check-messages
CHECKS := check-lint check-types check-templates check-imports check-migrations check-deploy check-schema check-locks check-messages
# All of them, even after a failure: one run shows everything.
check: $(VENV)/.dev
	@failed=""; for c in $(CHECKS); do \
		if $(MAKE) $$c; then echo "ok      $$c"; else echo "FAILED  $$c"; failed="$$failed $$c"; fi; \
	done; \
	if [ -n "$$failed" ]; then echo "make check:$$failed failed" >&2; exit 1; fi; echo "make check: all passed"

check-lint: $(VENV)/.dev
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/ruff format --quiet --diff . || { echo "run: ruff format" >&2; exit 1; }
	@$(PY) -m compileall -q $(APPS) tests benchmarks manage.py

check-types: $(VENV)/.dev
	@$(VENV)/bin/mypy --no-error-summary

check-templates: $(VENV)/.dev
	@git ls-files -z --cached --others --exclude-standard '*.html' | xargs -0 -r $(VENV)/bin/djade --target-version 5.2 --check

check-imports: $(VENV)/.dev
	@$(VENV)/bin/lint-imports --no-cache >$(VENV)/imports.log || { cat $(VENV)/imports.log; exit 1; }

check-migrations: $(VENV)/.dev
	@DJANGO_SETTINGS_MODULE=config.settings_test $(PY) manage.py makemigrations --check --dry-run

check-deploy: $(VENV)/.dev
	@$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

check-schema: $(VENV)/.dev
	@DJANGO_SETTINGS_MODULE=config.settings_test $(PY) manage.py spectacular --validate --fail-on-warn --file /dev/null

check-messages: $(VENV)/.dev
	@DJANGO_SETTINGS_MODULE=config.settings_test $(PY) -m tests.messages --check

check-locks: $(VENV)/.dev
	@$(PY) -m tests.locks
