# make demo   installs, builds, starts what is needed, runs the main job
# make test   installs, builds, starts what is needed, runs every test
# make test-long   200 rounds of random faults to syncs, and to scripts (SEED=N repeats them); 36 missed ticks of a Schedule
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

export NODE_OPTIONS ?= --max-old-space-size=2048

sources := $(shell find src scripts -type f 2>/dev/null)

.PHONY: demo demo-stop test test-long tools build lint format clean bench bench-one-application bench-script bench-mttp bench-profile bench-health bench-containment bench-webhooks bench-continuous

demo: build tools
	@node scripts/demo.js

demo-stop: build
	@node scripts/demo.js stop

test: build tools
	@node scripts/test.js

test-long: export ROUNDS ?= 200
test-long: export TICKS ?= 36
test-long: build tools
	@node scripts/test.js --selectProjects integration --testPathPatterns "test/faults/(chaos|script-kills|missed-ticks)"

# make bench                 every bench, about a quarter of an hour; see bench/README.md
# make -s bench-mttp N=250   one line: mttp apps=N seconds=S apps_per_s=R cpu_s_per_app=C
# make -s bench-containment  one line: containment runs=50 bombs=B p99_quiet=S p99_beside=S ratio=R
# make -s bench-webhooks     one line: webhooks rate=300 seconds=60 accepted=N refused=N lost=0 p50_ms=L p99_ms=L
# make -s bench-continuous N=100,250   a line a scenario, and what an application costs at each N
# make -s bench-health       one line: health documents=1000 seconds=S seconds_with_scripts=S
N ?= 250

bench: bench-one-application bench-script bench-containment bench-mttp bench-health bench-webhooks bench-continuous

bench-one-application bench-script bench-containment bench-mttp bench-profile bench-health bench-webhooks bench-continuous:
	@$(MAKE) --silent build tools >&2
	@npx tsx bench/$(@:bench-%=%)/main.ts $(if $(filter bench-mttp bench-profile bench-continuous,$@),--apps $(N))

tools:
	@tools/install.sh all >/dev/null

build: dist/workflow-bundle.js

node_modules/.installed: package.json package-lock.json
	@echo 'installing packages ...'
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

dist/workflow-bundle.js: node_modules/.installed $(sources) tsconfig.json tsconfig.build.json
	@echo 'building ...'
	@npm run --silent build

lint: node_modules/.installed
	@npm run --silent lint

format: node_modules/.installed
	@npm run --silent format

clean:
	@rm -rf dist node_modules coverage
