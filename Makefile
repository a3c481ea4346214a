# One command for each thing one does here; `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# The locks are whole, so that nothing is left to resolve.
LOCKED := install --require-hashes --no-deps
# Many tests wait for processes, so that more of them run at once than there are processors.
AT_ONCE ?= -n $(shell $(PYTHON) -c 'import os; print(3 * (os.cpu_count() or 1))') --dist worksteal
STYLE := service/desk/static/govuk/govuk-frontend.min.css

# Some machines forbid Python to keep what it compiled: hundreds of processes here would each compile it.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install install-extras demo test test-fast test-slow coverage bench check lint pictures licences sbom audit fix \
	lock clean

help: ## list these commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

install: $(VENV)/installed $(STYLE) ## what `leavers serve` needs, in .venv

install-extras: install ## what NOTIFY_URLS, SENTRY_DSN and OTEL_EXPORTER_OTLP_ENDPOINT need, too
	$(PIP) $(LOCKED) -r requirements-extras.txt

demo: $(VENV)/installed-sandbox $(STYLE) ## see the main job done on made-up people; KEEP=1 leaves it running
	@$(BIN)/leavers demo $(if $(KEEP),--keep)

# One processor is enough for the types: they are checked while the tests run, and reported after them.
test: lint $(STYLE) ## every check and every test but the long series
	@mkdir -p build; $(BIN)/mypy > build/types.log 2>&1 & types=$$!; \
	$(BIN)/pytest $(AT_ONCE) -m "not slow"; tests=$$?; \
	wait $$types; types=$$?; cat build/types.log; exit $$((tests | types))

test-fast: $(VENV)/installed-dev ## the rules that are pure, and one story from end to end
	$(BIN)/pytest -n auto --dist worksteal tests/domain \
		tests/end_to_end/test_outcomes.py::test_a_leaver_gets_the_card_of_their_role

# Lines of processes that a test kills are not counted; those of all others are.
coverage: $(VENV)/installed-dev $(STYLE) ## the same tests, and how much of the code they reach
	rm -rf build/coverage && mkdir -p build/coverage
	$(BIN)/coverage run -m pytest $(AT_ONCE) -m "not slow"
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

test-slow: $(VENV)/installed-dev $(STYLE) ## the long series
	$(BIN)/pytest -m slow

bench: $(VENV)/installed-dev $(STYLE) ## throughput under the vendors' limits, answer times, memory, recovery
	@$(BIN)/python -m tests.bench

check: lint ## format, lint, import rules and types
	$(BIN)/mypy

lint: $(VENV)/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache

pictures: $(VENV)/installed-dev $(STYLE) ## the README's screenshots of the pages, retaken in Chromium
	$(BIN)/python -m tests.desk.pictures docs/images

licences: $(VENV)/installed-dev ## docs/dependencies.md, made from what is installed
	$(BIN)/python -m tests.docs.licences docs/dependencies.md

sbom: build/audit/installed build/plain/installed ## a bill of materials of what `leavers serve` needs: build/sbom.json
	build/audit/bin/cyclonedx-py environment build/plain --pyproject pyproject.toml \
		--output-reproducible --output-file build/sbom.json

# Strict: a package that could not be looked up is a failure, and no pass.
audit: build/audit/installed ## known vulnerabilities of the locked versions, as pypi.org knows them
	build/audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements-extras.txt

fix: $(VENV)/installed-dev ## fix what can be fixed automatically
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(VENV)/installed-dev ## update all dependencies to their newest versions
	$(BIN)/uv pip compile $(LOCK_OPTIONS) pyproject.toml --group build -o requirements.txt
	$(BIN)/uv pip compile $(LOCK_OPTIONS) pyproject.toml --group build --extra sandbox \
		-c requirements.txt -o requirements-sandbox.txt
	$(BIN)/uv pip compile $(LOCK_OPTIONS) pyproject.toml --group build $(EXTRAS) \
		-c requirements.txt -o requirements-extras.txt
	$(BIN)/uv pip compile $(LOCK_OPTIONS) pyproject.toml --group build --extra sandbox $(EXTRAS) \
		--group test --group check --group lock -c requirements-sandbox.txt -c requirements-extras.txt \
		-o requirements-dev.txt
	$(BIN)/uv pip compile $(LOCK_OPTIONS) --group pyproject.toml:audit -o requirements-audit.txt
	$(BIN)/uv pip compile $(LOCK_OPTIONS) --group pyproject.toml:assets -o requirements-assets.txt

# Hashes, and no host of any registry in the repository.
LOCK_OPTIONS := --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

EXTRAS := --extra notify --extra sentry --extra telemetry

clean: ## take away what these commands made
	rm -rf $(VENV) build *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache \
		node_modules $(dir $(STYLE))
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)

# The pages' style comes from npm; a machine without Node.js gets one as a Python package.
$(STYLE): package-lock.json service/desk/set_up_assets.py requirements-assets.txt | $(VENV)/installed
	@echo "Fetching the pages' style (some seconds) …"
	@command -v npm >/dev/null || $(PIP) $(LOCKED) -r requirements-assets.txt
	$(BIN)/python -m service.desk.set_up_assets

# Tools that look at the locks, apart from what they look at.
build/audit/installed: requirements-audit.txt | $(VENV)/bin/python
	$(BIN)/python -m venv build/audit
	build/audit/bin/python -m pip --disable-pip-version-check --quiet $(LOCKED) -r $<
	@touch $@

# Nothing but what `leavers serve` needs: the bill of materials lists it.
build/plain/installed: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m venv --clear --without-pip build/plain
	$(PIP) --python build/plain/bin/python $(LOCKED) -r requirements.txt
	$(PIP) --python build/plain/bin/python install --no-deps --no-build-isolation .
	@touch $@

# Each stamp stands for one set of packages, installed as locked.
$(VENV)/installed: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the service needs into $(VENV) (up to a minute) …"
	$(PIP) $(LOCKED) -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-sandbox: requirements-sandbox.txt $(VENV)/installed
	@echo "Installing what the demo needs: a PostgreSQL (up to a minute) …"
	$(PIP) $(LOCKED) -r requirements-sandbox.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	$(PIP) $(LOCKED) --no-compile -r requirements-dev.txt
	@touch $@ $(VENV)/installed-sandbox
