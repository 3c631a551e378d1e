# The two commands that a newcomer needs are `make sim` and `make test`. Variables, given as `make sim NAME=value`:
#   SCENARIO   which swarm to run, a name from host-sim/scenarios (lan-50)
#   ARGS       further flags for the simulator, the bench or the build, as in ARGS="--loss 0.9 --seed 7"
#   BOARD      which board to build firmware for, a folder of boards/ (none)
#   NPM        the npm to use (npm)

SCENARIO ?= lan-50
ARGS ?=
BOARD ?=
NPM ?= npm

# npm ci empties node_modules, and these stamps with it: each stands for a step that went through to its end. The XS
# engine is compiled from its package's source, which takes a minute and a C compiler, so only what needs it waits for it.
INSTALLED := node_modules/.installed
XS_ENGINE := node_modules/.xs-engine
STATIC := lint types check format

.DEFAULT_GOAL := help
.PHONY: help sim demo test bench firmware firmware-lin clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

sim: $(INSTALLED) ## Watch a swarm come to agreement (SCENARIO=lan-50, ARGS="--loss 0.9")
	@$(NPM) run --silent sim -- $(SCENARIO) $(ARGS)

demo: $(INSTALLED) ## Three sites with gateways, a broker and their pages on this computer (ARGS="--seconds 60")
	@$(NPM) run --silent demo -- $(ARGS)

test: ## Check types, style, formatting and the subset, build, and run every test
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target $(XS_ENGINE) $(STATIC:%=static-%)
	$(NPM) run --silent build
	$(NPM) run --silent test

# What needs nothing built, two at a time beside the XS engine's compiler: a minute and a half less on two cores.
static-%: $(INSTALLED)
	$(NPM) run --silent $*

bench: $(INSTALLED) ## Compare with other algorithms and measure speed (ARGS="--json")
	@$(NPM) run --silent bench -- $(ARGS)

firmware: $(INSTALLED) ## Build an image for a board with the Moddable SDK (BOARD=esp32-c3-devkitm, ARGS="--mode debug")
	@$(NPM) run --silent build -- --board "$(BOARD)" $(ARGS)

firmware-lin: $(INSTALLED) ## Build the device's program for this computer with the Moddable SDK
	@$(NPM) run --silent build -- --lin $(ARGS)

clean: ## Remove what was built and installed
	rm -rf build coverage node_modules

$(INSTALLED): package-lock.json
	@$(NPM) ci --include=dev --ignore-scripts --loglevel=error
	@touch $@

$(XS_ENGINE): $(INSTALLED)
	@echo "Compiling the XS engine, once..." >&2
	@$(NPM) rebuild @agoric/xsnap --loglevel=error
	@touch $@
