# A fresh clone needs only Python >= 3.11, pip, venv and make.

.PHONY: demo test check docs

demo: .venv/.demo      ## a real model lives through the gym; ends in a table
	.venv/bin/privgym demo

test: .venv/.dev       ## every test
	.venv/bin/python -m pytest

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
