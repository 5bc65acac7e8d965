# Everything here is also `python tools/bootstrap.py TASK`, for machines without make.
PYTHON ?= $(shell command -v python3 || command -v python)

.DEFAULT_GOAL := help
.PHONY: help demo test quick check golden serve bench kills hostile vectors vendor lock

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## the demonstration city, built and shown at http://127.0.0.1:8050
	@$(PYTHON) tools/bootstrap.py demo

test: ## everything CI runs: style, types, layers, tests, documentation, browser
	@$(PYTHON) tools/bootstrap.py test

quick: ## the same without what is slow or needs a browser, for every save
	@$(PYTHON) tools/bootstrap.py quick

check: ## style, types and layers alone
	@$(PYTHON) tools/bootstrap.py check

golden: ## rewrite the golden SQL, faults and console blocks, and show the difference
	@$(PYTHON) tools/bootstrap.py golden

serve: ## the dashboard of this folder's metrics, at http://127.0.0.1:8050
	@$(PYTHON) tools/bootstrap.py serve

bench: ## measure the budgets of docs/architecture.md
	@$(PYTHON) tools/bootstrap.py bench

kills: ## a hundred builds killed at seeded instants, each of which is printed
	@$(PYTHON) tools/bootstrap.py kills

hostile: ## ten thousand requests that nobody means well with
	@$(PYTHON) tools/bootstrap.py hostile

vectors: ## the published cases of the statistics, or those of the folder named as VECTORS
	@$(PYTHON) tools/bootstrap.py vectors $(if $(VECTORS),"$(VECTORS)")

vendor: ## take sheet, fonts and axe from Node packages again (developers)
	@$(PYTHON) tools/bootstrap.py vendor

lock: ## write the two hashed locks again (developers; needs uv)
	@$(PYTHON) tools/bootstrap.py lock
