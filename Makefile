# One command for each task; `make` alone lists them. Everything that is installed goes into .venv.

CONFIG ?= config
VENV   := .venv
PY     := $(VENV)/bin/python
PIP     = PIP_ROOT_USER_ACTION=ignore $(PY) -m pip --quiet --disable-pip-version-check --no-input
# A stamp newer than the lock that it stands for: a second run has nothing to do.
RUNTIME := $(VENV)/.runtime.stamp
DEV     := $(VENV)/.dev.stamp
INSTALL  = $(PIP) install --no-deps --no-build-isolation --editable .
PYTEST   = $(PY) -m pytest --quiet --numprocesses auto --maxprocesses 4 --dist worksteal --durations 20
# What takes long runs in .ci/run: SLOW=1 adds it here.
QUICK    = $(if $(SLOW),,-m "not slow")
# Every branch of these is covered. The rest of the core has the floor that pyproject.toml names.
COVERED  = monitor/core/folding/*,monitor/core/changes/*,monitor/core/alerting/*,monitor/core/polling/*
LOCK     = $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
           --no-header --no-annotate $(if $(UPGRADE),--upgrade)

# Training has an environment of its own: torch is large, and nothing else needs it.
SHEETS  ?= training/articles
WEIGHTS ?= training/weights
WORK    ?= training/work
TRAINER  = PYTHONPATH=. .venv-training/bin/python
TRAINING = .venv-training/.stamp
TRAIN    = --encoder $(WORK)/e5-small-q4.bin --tokenizer $(WORK)/tokenizer.json --sheets $(SHEETS) --work $(WORK) $(ARGS)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run demo test browser lint format lock clean venv train

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUNTIME) ## Start the service on the folder CONFIG (config/ unless told); Ctrl-C stops it
	@exec $(VENV)/bin/monitor run --config $(CONFIG)

demo: $(RUNTIME) ## Play the chronicle through the real service, in minutes, and watch the alerts arrive
	@exec $(VENV)/bin/monitor demo --config $(CONFIG)

# Coverage doubles the time of what it measures. So it measures the core alone, by the tests of the core, which try the
# same examples each time.
test: $(DEV) browser ## Run the tests, without the slow ones unless SLOW=1. ARGS, if given, go to one pytest without coverage
ifdef ARGS
	@$(PYTEST) $(ARGS)
else
	@failed=0; \
	HYPOTHESIS_PROFILE=$${HYPOTHESIS_PROFILE:-fixed} $(PYTEST) $(QUICK) --cov --cov-report= tests/core || failed=1; \
	$(VENV)/bin/coverage report || failed=1; \
	$(VENV)/bin/coverage report --include '$(COVERED)' --fail-under 100 || failed=1; \
	$(PYTEST) $(QUICK) --ignore tests/core || failed=1; \
	exit $$failed
endif

lint: $(DEV) ## Check style, types and the direction of imports
	@failed=0; \
	$(VENV)/bin/ruff check --quiet . || failed=1; \
	$(VENV)/bin/ruff format --quiet --check --diff . || failed=1; \
	$(VENV)/bin/mypy || failed=1; \
	$(VENV)/bin/lint-imports --no-logo || failed=1; \
	exit $$failed

format: $(DEV) ## Put the code into its one format
	@$(VENV)/bin/ruff check --quiet --fix-only .
	@$(VENV)/bin/ruff format --quiet .

lock: $(PY) ## Write requirements/*.txt anew from pyproject.toml; UPGRADE=1 takes the newest releases
	@$(PIP) install uv
	@$(LOCK) pyproject.toml --extra postgres --extra calendar --extra oidc --output-file requirements/runtime.txt
	@$(LOCK) pyproject.toml --all-extras --group dev --constraint requirements/runtime.txt \
	  --output-file requirements/dev.txt
	@$(PY) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], "editables", sep="\n")' \
	  | $(LOCK) - --constraint requirements/dev.txt --output-file requirements/build.txt

train: $(TRAINING) ## Train the reader on SHEETS, a folder of labelled articles, into WEIGHTS; goes on where it stopped
	@$(TRAINER) -m training.fetch $(WORK)
	@$(TRAINER) -m training.train $(TRAIN)
	@$(TRAINER) -m training.export $(TRAIN) --out $(WEIGHTS)
	@$(TRAINER) -m training.evaluate --sheets $(SHEETS) --weights $(WEIGHTS) --part tuning --tune

words: $(DEV) ## Bring what messages say, as it stands in the code, into the catalogues that translators edit
	@pot=$$(mktemp) && trap 'rm -f "$$pot"' EXIT; \
	$(VENV)/bin/pybabel --quiet extract --mapping-file pyproject.toml --no-default-keywords \
	  --keyword say:1 --keyword say_in:1c,2 --keyword count:1,2 --keyword mark:1c,2 \
	  --add-location never --sort-output --project milestone-monitor --output "$$pot" monitor/contracts monitor/core monitor/web; \
	for catalogue in monitor/wording/locale/*.po; do \
	  $(VENV)/bin/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --no-wrap --ignore-pot-creation-date \
	    --input-file "$$pot" --output-file "$$catalogue" --locale "$$(basename "$$catalogue" .po)"; \
	done

clean: ## Remove everything that the other commands made, but no data
	@rm -rf $(VENV) dist .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

venv: $(DEV) ## Set up .venv for development
	@echo "$(VENV) is ready: . $(VENV)/bin/activate"

# ------------------------------------------------------------------------------------------------------------ set-up

# The tests of the pages use the chromium that is there. Else root gets that of Debian, everybody else Playwright's (in
# the home directory, once). Without either these tests fail and say what to do.
browser: $(DEV)
	@[ "$$MONITOR_BROWSER" ] || command -v chromium >/dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  echo "Installing Chromium for the tests of the pages (once)…" >&2 && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends \
	    chromium fonts-noto-core fonts-noto-cjk >/dev/null; \
	} || $(PY) -m playwright install chromium || true

$(RUNTIME): requirements/build.txt requirements/runtime.txt pyproject.toml | $(PY)
	@echo "Installing the monitor into $(VENV) (once, about a minute)…" >&2
	@$(PIP) install --require-hashes -r requirements/build.txt -r requirements/runtime.txt
	@$(INSTALL)
	@touch $@

# The development set contains the runtime set, so one installation serves both.
$(DEV): requirements/build.txt requirements/dev.txt pyproject.toml | $(PY)
	@echo "Installing the monitor and its development tools into $(VENV) (once, about a minute)…" >&2
	@$(PIP) install --require-hashes -r requirements/build.txt -r requirements/dev.txt
	@$(INSTALL)
	@touch $(RUNTIME) $@

$(TRAINING): requirements/build.txt requirements/runtime.txt training/requirements.txt | $(PY)
	@echo "Installing what training needs into .venv-training (once, some minutes)…" >&2
	@$(PY) -m venv --clear .venv-training
	@.venv-training/bin/python -m pip install --quiet --require-hashes -r requirements/runtime.txt
	@.venv-training/bin/python -m pip install --quiet -r training/requirements.txt
	@touch $@

# Each candidate is run, for a name on the PATH may be a shim with nothing behind it.
$(PY):
	@old=; bare=; \
	for python in $(or $(PYTHON),python3.13 python3.12 python3.11 python3); do \
	  "$$python" -c '' 2>/dev/null || continue; \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { old=$$python; continue; }; \
	  "$$python" -c 'import ensurepip, venv' 2>/dev/null || { bare=$$python; continue; }; \
	  exec "$$python" -m venv --clear $(VENV); \
	done; \
	if [ "$$bare" ]; then \
	  echo "$$bare cannot make virtual environments: install its venv module (Debian, Ubuntu: apt install python3-venv)."; \
	elif [ "$$old" ]; then \
	  echo "Python 3.11 or newer is needed; $$old is $$("$$old" -c 'import platform; print(platform.python_version())')."; \
	else \
	  echo "Python 3.11 or newer is needed; none was found. If it has another name: make $(or $(MAKECMDGOALS),venv) PYTHON=/path/to/python"; \
	fi >&2; \
	exit 1
