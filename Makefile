# make demo   the main job on the model that ships: base package only, no torch
# make test   the whole test suite
# Both make their own environment; nothing else needs to be installed but Python >= 3.11.
PYTHON ?= python3
DEMO := .venv-demo
DEV := .venv
ARTICLE ?= data/samples/article.txt
TABLE ?= data/samples/statements.csv

.PHONY: demo test check wheel clean

demo: $(DEMO)/.ready
	@mkdir -p build/demo
	@$(DEMO)/bin/quotestance article $(ARTICLE) -o build/demo/article.jsonl
	$(DEMO)/bin/quotestance article $(ARTICLE) --html build/demo/article.html
	$(DEMO)/bin/quotestance predict $(TABLE) -o build/demo/statements.csv
	@$(DEMO)/bin/python -m quotestance.show build/demo/statements.csv
	@echo "Written to build/demo: article.jsonl, article.html (open it in a browser), statements.csv"
	@echo "Your own article: make demo ARTICLE=path/to/article.txt"

test: $(DEV)/.ready
	$(DEV)/bin/ruff check .
	$(DEV)/bin/mypy
	$(DEV)/bin/pytest

check: $(DEV)/.ready
	$(DEV)/bin/python -m training.check_data

wheel: $(DEV)/.ready
	rm -rf build/wheel
	$(DEV)/bin/python -m build --wheel --outdir build/wheel

$(DEMO)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(DEMO)
	$(DEMO)/bin/python -m pip install --quiet --no-compile --disable-pip-version-check -c constraints.txt -e .
	@# The installers themselves are not needed any more; what stays is the base package.
	$(DEMO)/bin/python -m pip uninstall --quiet --yes setuptools pip
	@touch $@

# torch first, by itself: its CPU build must be in place before anything else asks for torch.
$(DEV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(DEV)
	$(DEV)/bin/python -m pip install --quiet --no-compile --disable-pip-version-check torch==2.13.0
	$(DEV)/bin/python -m pip install --quiet --no-compile --disable-pip-version-check -c constraints.txt -e ".[train,dev,html,ray]"
	@touch $@

clean:
	rm -rf $(DEMO) $(DEV) build
