# The two commands that a newcomer needs are `make sim` and `make test`. Variables, given as `make sim NAME=value`:
#   SCENARIO   which swarm to run, a name from host-sim/scenarios (lan-50)
#   ARGS       further flags for the simulator or the bench, as in ARGS="--loss 0.9 --seed 7"
#   NPM        the npm to use (npm)

SCENARIO ?= lan-50
ARGS ?=
NPM ?= npm

# npm ci empties node_modules, and this stamp with it: it stands for an install that went through to its end.
INSTALLED := node_modules/.installed

.DEFAULT_GOAL := help
.PHONY: help sim test bench clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

sim: $(INSTALLED) ## Watch a swarm come to agreement (SCENARIO=lan-50, ARGS="--loss 0.9")
	@$(NPM) run --silent sim -- $(SCENARIO) $(ARGS)

test: $(INSTALLED) ## Check types, style, formatting and the subset, build, and run every test
	$(NPM) run --silent types
	$(NPM) run --silent lint
	$(NPM) run --silent check
	$(NPM) run --silent format
	$(NPM) run --silent build
	$(NPM) run --silent test

bench: $(INSTALLED) ## Compare with other algorithms and measure speed (ARGS="--json")
	@$(NPM) run --silent bench -- $(ARGS)

clean: ## Remove what was built and installed
	rm -rf build coverage node_modules

$(INSTALLED): package-lock.json
	@$(NPM) ci --include=dev --loglevel=error
	@touch $@
