# Everything a developer runs. Each recipe sets up what it needs; a fresh machine needs git, make, python3-venv.

# The Python that the environments are made with.
PYTHON ?= python3
# Real input for the tests; those that need it are skipped where the folder doesn't exist.
OUTGROW_DATA ?= ../shared/data
# More arguments for pytest: make test ARGS="tests/test_plan.py -x"
ARGS ?=
# In how many processes tests run beside each other: auto is one for each core.
WORKERS ?= auto
# Parts of the torture: make torture ONLY="counting draining"; all of them take about half an hour.
ONLY ?=

SETUP := PYTHON=$(PYTHON) sh tools/setup.sh
BIN := .venv/bin
TEMPLATE := src/outgrow/render/template

.DEFAULT_GOAL := help
.PHONY: help demo test check format docs examples bench bench-app bench-databases score torture fresh app dev sa20 clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: app ## convert examples/blog into demo/, show what came of it, and serve it
	@$(BIN)/python tools/demo.py

test: dev sa20 ## run the tests; ARGS="tests/test_plan.py -x" narrows them
	@OUTGROW_DATA=$(abspath $(OUTGROW_DATA)) OUTGROW_APP_PYTHONS=$(CURDIR)/.venv/bin/python:$(CURDIR)/.venv-sa20/bin/python \
	    $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal -o tmp_path_retention_policy=failed $(ARGS)

check: dev ## style, types and the direction of imports, in less than a minute
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check . || { echo "to format it: make format" >&2; exit 1; }
	@cd $(TEMPLATE) && $(CURDIR)/$(BIN)/ruff check . && $(CURDIR)/$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: dev ## format the code, and put right what ruff can
	@$(BIN)/ruff check --fix --exit-zero --quiet . && $(BIN)/ruff format .
	@cd $(TEMPLATE) && $(CURDIR)/$(BIN)/ruff check --fix --exit-zero --quiet . && $(CURDIR)/$(BIN)/ruff format .

docs: dev ## write docs/cli.md anew from the commands, docs/module.md from its tests
	@$(BIN)/python tools/cli_page.py --write
	@$(BIN)/python tools/module_page.py --write

examples: dev ## generate examples/*/myapp anew from their plans
	@$(BIN)/python tools/examples.py

bench: dev ## time and memory against sqlite-utils, as ratios of one run
	@$(BIN)/pip install --quiet sqlite-utils
	@$(BIN)/python tools/bench.py

bench-app: dev ## requests per second of a generated app, beside Flask alone and json-server
	@$(BIN)/python tools/bench_app.py

bench-databases: dev ## a load against the servers' own bulk loaders, and clients of a cluster that loses a node
	@missed=0; $(BIN)/python tools/bench_databases.py || missed=1; \
	    PYTHONPATH=tools $(BIN)/python tools/bench_cluster.py || missed=1; exit $$missed

score: dev ## hold inference against stores and databases of known truth; ARGS="--only shop --misses" narrows it
	@OUTGROW_DATA=$(abspath $(OUTGROW_DATA)) $(BIN)/python tools/score.py $(ARGS)

torture: dev ## use a generated app hard, behind a real gunicorn; ONLY="counting draining" narrows it
	@PYTHONPATH=tools $(BIN)/python -m torture $(ONLY)

fresh: ## prove demo and test in an empty Debian 12 (needs root)
	@tools/fresh.sh

app: ## set up what the demo needs
	@$(SETUP) app

dev: ## set up what tests and checks need
	@$(SETUP) dev

sa20: ## set up SQLAlchemy 2.0 for the tests of generated apps
	@$(SETUP) sa20

clean: ## remove the environments and what the demo made
	@rm -rf .venv .venv-sa20 demo
