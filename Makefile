# A fresh clone needs only Python >= 3.11, pip, venv and make.

.PHONY: demo test test-local check docs

demo: .venv/.demo      ## a real model lives through the gym; ends in a table
	.venv/bin/privgym demo

test: .venv/.dev       ## every test
	.venv/bin/python -m pytest

test-local: .venv-local/.local  ## those of the models of the extra `local` (torch: 1 GB and more)
	.venv-local/bin/python -m pytest tests/test_local.py

check: .venv/.dev      ## lint, types, the plan
	scripts/check

docs: .venv/.dev       ## the pages, in build/docs
	scripts/docs

.venv/.demo: pyproject.toml constraints.txt
	scripts/setup llamacpp
	@touch $@

.venv/.dev: pyproject.toml constraints.txt
	scripts/setup dev,docs,llamacpp
	@touch $@

.venv-local/.local: pyproject.toml constraints.txt
	scripts/setup dev,llamacpp,local .venv-local
	@touch $@
