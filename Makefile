# Two commands do everything on a fresh machine: `make app` and `make test`.
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: app test install browser lint format bench

app: install ## Set up and open the dashboard at http://localhost:8501
	$(BIN)/streamlit run app.py

test: install browser lint ## Set up and run every check; the browser has the machine to itself
	$(BIN)/pytest -n 2 --dist loadfile -m "not browser"
	$(BIN)/pytest -m browser

install: $(INSTALLED)

$(INSTALLED): requirements.txt pyproject.toml scripts/install.sh
	bash scripts/install.sh $(VENV)
	touch $@

browser: install ## A Chromium for the browser tests: one that is there, else installed
	bash scripts/browser.sh $(VENV)

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install ## Speed and quality of the models; minutes
	$(BIN)/python -m benchmarks.clera
	$(BIN)/python -m benchmarks.recovery
	$(BIN)/python -m benchmarks.recovery --sample bistable --velocity true
	$(BIN)/python -m benchmarks.clera_published
	$(BIN)/python -m benchmarks.vrnn
	$(BIN)/python -m benchmarks.vrnn_quality
	$(BIN)/python -m benchmarks.svae
	$(BIN)/python -m benchmarks.svae_quality
