# Two commands: `make synth` and `make test`. Both set up what they need, once.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CDKTN := .venv-cdktn
CDKTN_READY := $(CDKTN)/.ready
CLI := node_modules/.package-lock.json
PIP := -m pip --disable-pip-version-check --quiet

.PHONY: setup synth test test-slow format plan review apply deploy bench lock clean help

synth: $(READY) ## every environment → cdktf.out, and one table (NOW=2026-01-31T06:00 fixes the clock)
	@$(BIN)/lakeflow synth $(ENV) $(if $(NOW),--now $(NOW))

setup: $(READY) ## only set up what every command needs

test: $(READY) $(CDKTN_READY) $(CLI) ## ruff, mypy --strict and pytest
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile -m "not slow" $(ARGS)

test-slow: $(READY) $(CDKTN_READY) $(CLI) ## pytest's other half: whole processes, and very many examples
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile -m slow $(ARGS)

format: $(READY) ## put the code into shape
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

plan: $(READY) ## ENV=dev: the plan, and cdktf.out/stacks/dev/plan.json
	@$(BIN)/python -m tools.terraform plan "$(ENV)" $(ARGS)

review: $(READY) ## ENV=prod: the plan as a review
	@$(BIN)/python -m tools.terraform review "$(ENV)" $(ARGS)

apply: $(READY) ## ENV=prod EXPECT=sha256:…: apply the plan that has this fingerprint, or nothing
	@$(BIN)/python -m tools.terraform apply "$(ENV)" $(if $(EXPECT),--expect "$(EXPECT)") $(ARGS)

deploy: $(READY) ## ENV=dev: cdktf deploy dev; with WORKSPACE=local to this machine, and run RUN=daily-sales there
	@$(BIN)/python -m tools.terraform deploy "$(ENV)" $(if $(WORKSPACE),--workspace "$(WORKSPACE)") $(if $(RUN),--run "$(RUN)") $(ARGS)

bench: $(READY) ## how long things take, as ratios
	@$(BIN)/python -m benchmarks

lock: ## the locked dependencies anew, from pyproject.toml (needs uv)
	@$(PYTHON) tools/lock.py

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 16

clean: ## everything that was set up or generated
	rm -rf $(VENV) $(CDKTN) node_modules cdktf.out

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("error: Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@echo "setting up $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python $(PIP) install --require-hashes -r requirements.lock
	@$(BIN)/python $(PIP) install --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q constructs_lib environments lakeflow stacks
	@touch $@

$(CDKTN_READY): requirements-cdktn.lock tools/provider-wheels.txt $(READY)
	@echo "setting up $(CDKTN) …"
	@$(PYTHON) -m venv $(CDKTN)
	@$(CDKTN)/bin/python $(PIP) install --require-hashes -r requirements-cdktn.lock
	@$(BIN)/python -m tools.provider_schema --download $(CDKTN)/wheels
	@touch $@

$(CLI): package-lock.json $(READY)
	@echo "setting up node_modules …"
	@$(BIN)/python -m tools.node npm ci --no-audit --no-fund --loglevel=error
	@touch $@
