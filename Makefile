# The commands of the project. Each installs what it misses (scripts/tools.sh) and says what it does.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

TOOLS  := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/bigkey-tasks/tools/bin
TARGET := $(or $(CARGO_TARGET_DIR),target)
WASM   := wasm32-unknown-unknown
export PATH := $(TOOLS):$(CURDIR)/scripts/node_modules/.bin:$(PATH)
export CARGO_TERM_PROGRESS_WHEN ?= never
# What is shipped says nothing of the machine that it was built on. By names of this kind scripts/shorten.mjs knows what a
# function was made for.
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS ?= -Csymbol-mangling-version=v0 --remap-path-prefix=$(or $(CARGO_HOME),$(HOME)/.cargo)/registry/src=crates --remap-path-prefix=$(CURDIR)=.
# Trunk finds all its tools on PATH: it has nothing to look for on the network.
TRUNK  := trunk --offline --skip-version-check --log warn

comma := ,
say = @printf '\033[1m» %s\033[0m\n' '$(1)'
tools = @scripts/tools.sh

.PHONY: help serve build package test bench tools lint audit mutants test-host test-browser test-e2e test-firefox matrix soak test-package size screenshots flame clean

help:
	@echo 'make serve        the page at http://127.0.0.1:8080, rebuilt as you edit, over a demo service (UPSTREAM=https://… for a real one)'
	@echo 'make test         formatting, lints, host, browser and end-to-end tests: what must pass (warm 6 to 9 min; first time 25 to 35)'
	@echo 'make build        the release bundle in dist/ (warm 1 min; first time 12)'
	@echo 'make package      the npm package in package/: folder and tarball, from the release bundle; bills of materials and licences'
	@echo 'make audit        licences, sources and known weaknesses of all crates (the latter need the network)'
	@echo 'make bench        sizes, wasm bytes by crate, the proxy, the open page, and the side-by-side measurement where it is at hand'
	@echo
	@echo 'Parts:  make tools, lint, mutants, test-host, test-browser, test-e2e, test-firefox, matrix, soak, test-package, size, screenshots, flame, clean'

tools:
	$(tools) rust trunk wasm-bindgen node chromium

# ---------------------------------------------------------------- development

serve:
	$(tools) rust trunk wasm-bindgen node
	@exec scripts/serve.sh

# ---------------------------------------------------------------- release

# The standard library is compiled along with the wasm, for size, and with a panic that is a trap and nothing else: that is a
# tenth of the first view. Cargo calls both unstable; the toolchain is pinned, and RUSTC_BOOTSTRAP lets it have them.
build: export RUSTC_BOOTSTRAP := 1
build: export CARGO_UNSTABLE_BUILD_STD := std
build: export CARGO_UNSTABLE_BUILD_STD_FEATURES := optimize_for_size
build: export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS := $(CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS) -Zunstable-options -Cpanic=immediate-abort
build:
	$(tools) rust rust-src trunk wasm-bindgen node
	$(call say,Building the release bundle into dist/ (warm 1 min))
	@$(TRUNK) build --release
	@node scripts/size.mjs

# The same wasm as in dist/.
package: build
	$(call say,Making the npm package in package/ (seconds))
	@node scripts/package.mjs
	@node scripts/sbom.mjs

# ---------------------------------------------------------------- tests

# In the order of what fails soonest; one after another, because each takes all cores.
test:
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory test-host
	@$(MAKE) --no-print-directory test-browser
	@$(MAKE) --no-print-directory build
	@$(MAKE) --no-print-directory size
	@$(MAKE) --no-print-directory test-e2e
	@$(MAKE) --no-print-directory test-package

lint:
	$(tools) rust
	$(call say,Formatting)
	@cargo fmt --all --check
	$(call say,Lints for the host (warm seconds))
	@cargo clippy --quiet --locked --features proxy --all-targets -- -D warnings
	$(call say,Lints for the browser (warm seconds))
	@cargo clippy --quiet --locked --target $(WASM) --lib --bins $(BROWSER_TESTS) -- -D warnings

# Empty while there are none: cargo takes a pattern that matches nothing for an error.
BROWSER_TESTS := $(if $(wildcard tests/browser_*.rs),--test 'browser_*')

test-host:
	$(tools) rust nginx
	$(call say,Host tests (warm seconds))
	@cargo test --quiet --locked --features proxy

test-browser:
	$(tools) rust wasm-bindgen chromium
	$(call say,Browser tests in headless Chromium (warm 20 s))
	@[ -z "$(BROWSER_TESTS)" ] || CHROMEDRIVER="$$(command -v "$${CHROMEDRIVER:-chromedriver}")" WASM_BINDGEN_TEST_TIMEOUT=120 \
		cargo test --locked --target $(WASM) $(BROWSER_TESTS)

# The development build of the proxy: the host tests have compiled all of it but the last crate.
test-e2e: dist/index.html
	$(tools) rust node chromium
	$(call say,End-to-end tests: dist/ behind the real proxy in Chromium)
	@cargo build --quiet --locked --features proxy --bin bigkey-proxy
	@BIGKEY_PROXY="$(TARGET)/debug/bigkey-proxy" node --test --test-reporter=spec --test-concurrency=2 $(if $(ONLY),--test-name-pattern='$(ONLY)') tests/e2e/*.test.mjs

# The same tests in Firefox as it is shipped, over WebDriver BiDi.
test-firefox: dist/index.html
	$(tools) rust node firefox
	$(call say,End-to-end tests: dist/ behind the real proxy in Firefox (minutes))
	@cargo build --quiet --locked --features proxy --bin bigkey-proxy
	@BROWSER=firefox BIGKEY_PROXY="$(TARGET)/debug/bigkey-proxy" node --test --test-reporter=spec --test-concurrency=2 $(if $(ONLY),--test-name-pattern='$(ONLY)') tests/e2e/*.test.mjs

# Every action of a reader by every fault on the way. test-e2e runs a sample of it.
matrix: dist/index.html
	$(tools) rust node chromium
	$(call say,The fault matrix: every action by every fault in Chromium behind the real proxy (minutes))
	@cargo build --quiet --locked --features proxy --bin bigkey-proxy
	@BIGKEY_PROXY="$(TARGET)/debug/bigkey-proxy" ONLY='$(ONLY)' node tests/matrix/run.mjs

# Eight hours of a page that asks by itself, in accelerated time, under faults at random: what it holds on to stays flat.
soak: dist/index.html
	$(tools) rust node chromium
	$(call say,The soak: eight hours in accelerated time with faults at random (minutes))
	@cargo build --quiet --locked --features proxy --bin bigkey-proxy
	@BIGKEY_PROXY="$(TARGET)/debug/bigkey-proxy" node tests/soak/run.mjs

# The packed tarball in other people's pages. CYCLES=500 is the long form of what is attached and detached again.
test-package: dist/index.html
	$(tools) rust node chromium
	$(call say,The npm package in its example hosts (warm 2 min))
	@node scripts/package.mjs
	@node scripts/package.mjs --check
	@cargo build --quiet --locked --features proxy --bin bigkey-proxy
	@BIGKEY_PROXY="$(TARGET)/debug/bigkey-proxy" node --test --test-concurrency=1 $(if $(ONLY),--test-name-pattern='$(ONLY)') tests/hosts/*.test.mjs

dist/index.html:
	@$(MAKE) --no-print-directory build

size: dist/index.html
	@node scripts/size.mjs --check

screenshots: dist/index.html
	$(tools) rust node chromium
	@cargo build --quiet --locked --features proxy --bin bigkey-proxy
	@BIGKEY_PROXY="$(TARGET)/debug/bigkey-proxy" node scripts/screenshots.mjs

# ---------------------------------------------------------------- what is not part of every run

# All but the advisories can be checked anywhere.
audit:
	$(tools) rust deny
	$(call say,Licences$(comma) sources$(comma) banned crates and known weaknesses (seconds))
	@cargo deny --locked check licenses bans sources --hide-inclusion-graph --allow duplicate
	@cargo deny --locked check advisories || { echo 'error: the advisories were not checked, or there are some: see above' >&2; exit 1; }

# ONLY=paging.rs for one file. What may survive, and why, is in .cargo/mutants.toml.
mutants:
	$(tools) rust mutants
	$(call say,Mutants of the pure modules (hours))
	@cargo mutants --no-shuffle $(if $(ONLY),--re '^src/$(ONLY)') -o $(TARGET)

# ---------------------------------------------------------------- measurements

bench: build
	$(tools) rust node chromium nginx wrk
	@scripts/bench.sh

# Where the time of the proxy goes under load: the functions by their own time, and a flame graph.
flame:
	$(tools) rust node nginx wrk
	@node scripts/bench-proxy.mjs --flame --seconds 10

clean:
	@rm -rf dist package examples/build target/bench target/release-parts target/screenshots
