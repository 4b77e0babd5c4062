# make run    the chat, in production mode, on one port
# make dev    the same with hot reload
# make worker one more worker process (needs VINK_REDIS_URL)
# make wheel  one file to install elsewhere, with the built pages inside
# make check  what is checked without another process
# make test   everything that is checked
# make coverage  the same tests, and which lines none of them ran
# make format · make messages · make lock · make help

PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
SPREAD := --dist loadscope --no-loadscope-reorder
LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
	--no-annotate --no-strip-extras --quiet

.DEFAULT_GOAL := help
.PHONY: help run dev worker wheel check test coverage ready ready-for-tests format messages lock

help:
	@sed -n 's/^# //p;/^$$/q' Makefile

run: ready
	@exec $(BIN)/python -m vink_chat

dev: ready
	@exec $(BIN)/python -m vink_chat dev

worker: ready
	@exec $(BIN)/python -m vink_chat worker

wheel: ready
	@$(BIN)/python -m vink_chat build
	@$(BIN)/python -m hatchling build --target wheel

# The virtual environment, made once, and the requirements, installed when their text has changed.
ready:
	@PYTHON="$(PYTHON)" sh bin/ready requirements.txt

ready-for-tests: ready
	@PYTHON="$(PYTHON)" sh bin/ready requirements-dev.txt

# Dozens of processes start in the tests: without compiled files each of them would compile all its imports anew.
check test coverage: export PYTHONDONTWRITEBYTECODE =

# Everything that needs no other process: for each save. The steps run side by side, the longest first, and each says
# what it has to say in one piece (where this make can do that).
STEPS := inside types browser-code contracts form
check: ready-for-tests
	@+$(MAKE) --no-print-directory -j 3 $(if $(filter output-sync,$(.FEATURES)),-O) $(STEPS)

.PHONY: $(STEPS)
inside:
	$(BIN)/pytest -n 2 $(SPREAD) -m inside

types:
	$(BIN)/pyright

browser-code:
	$(BIN)/python -m tests.browser_code

contracts:
	$(BIN)/lint-imports
	$(BIN)/deptry .

form:
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/codespell vink_chat tests bench docs alembic bin *.md Makefile

# And the rest: browsers, database servers, the program in processes of its own. `make test ARGS="-k handover"` narrows it.
test: check
	$(BIN)/python -m tests.chromium
	$(BIN)/pytest -n 3 $(SPREAD) -m "not inside" $(ARGS)

# Which lines of the program no test runs. Tracing makes tests of processor time fail: their failures do not stop the report.
coverage: export COVERAGE_PROCESS_START = $(CURDIR)/pyproject.toml
coverage: export COVERAGE_FILE = $(CURDIR)/.coverage
coverage: ready-for-tests
	rm -f .coverage .coverage.*
	$(BIN)/python -m tests.chromium
	-$(BIN)/pytest -n 3 $(SPREAD) $(ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

format: ready-for-tests
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

# Adds the sentences that the English catalogue does not know yet, with an empty translation to fill in.
messages: ready-for-tests
	$(BIN)/python -m tests.house.catalogue

# requirements.txt pins what we use ourselves; the lock adds all that comes with it, with hashes.
lock: ready-for-tests
	$(BIN)/uv pip compile requirements.txt $(LOCK) -o requirements.lock
	@# Python 3.11's own pip takes the extra in uv's spelling for another one than justext asks for, and stops.
	sed -i.bak 's/^lxml\[html-clean\]/lxml[html_clean]/' requirements.lock && rm requirements.lock.bak
	grep '^uv==' requirements-dev.txt | $(BIN)/uv pip compile - $(LOCK) -o bin/uv.txt
