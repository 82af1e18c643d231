# A fresh clone needs only Python >= 3.11, pip, venv and make.

.PHONY: demo adapters test test-local check docs

demo: .venv/.demo      ## one harmless fine-tune, and what it leaks; on a real, small model
	.venv/bin/privgym demo

test: .venv/.dev       ## every test
	.venv/bin/python -m pytest -n auto

test-local: .venv-local/.local  ## those of the extras `local` and `train` (torch: 1 GB and more)
	.venv-local/bin/python -m pytest tests/test_local.py tests/test_examples.py \
		tests/test_lab_tune.py tests/test_lab_gguf.py tests/test_lab_likelihood.py

adapters: .venv-local/.local  ## the two of the demo, anew, in about eight minutes
	.venv-local/bin/python scripts/adapters.py

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
	scripts/setup dev,llamacpp,local,train .venv-local
	@touch $@
