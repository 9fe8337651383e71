#!/usr/bin/env bash
# Installs what a command needs and the machine lacks; says nothing when nothing is missing.
#   scripts/tools.sh rust|rust-src|trunk|wasm-bindgen|node|chromium|firefox|nginx|wrk|deny|mutants …
# Built tools go to a folder of our own in the user's cache, so a clean checkout finds those of the last one.
set -euo pipefail
cd "$(dirname "$0")/.."

tools="${XDG_CACHE_HOME:-$HOME/.cache}/bigkey-tasks/tools"
export PATH="$tools/bin:$PATH"

say() { printf '\033[1m» %s\033[0m\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# The one version of a crate in Cargo.lock.
locked() { awk -v crate="$1" '$1 == "name" && $3 == "\"" crate "\"" { getline; gsub(/"/, "", $3); print $3; exit }' Cargo.lock; }

# $1 the crate, $2 its version, $3 how long the build takes. With the author's lock file first; where that names a
# version which cannot be had any more, without it.
cargo_install() {
  say "Installing $1 $2 into $tools ($3, once)"
  mkdir -p "$tools"
  # Neither this project's target folder nor its flags are for tools.
  local install=(env -u CARGO_TARGET_DIR -u RUSTFLAGS cargo install "$1" --version "$2" --root "$tools" --force --quiet)
  "${install[@]}" --locked || { say "$1: its lock file did not work, trying without"; "${install[@]}"; }
}

apt_install() { # $1 what for, then packages
  local what=$1; shift
  has apt-get || die "$what is missing and this machine has no apt-get: install the equivalent of $* by hand"
  local root=()
  if [ "$(id -u)" != 0 ]; then
    { has sudo && sudo -n true 2>/dev/null; } || die "$what is missing. Run once: sudo apt-get install $*"
    root=(sudo)
  fi
  say "Installing $* (about a minute, once)"
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null' sh "$@"
}

need_rust() {
  has cargo || die "cargo is missing: install Rust with rustup first"
  local sysroot
  if has rustup; then
    # On some machines rustup installs nothing by itself, so ask it for the pinned toolchain in so many words.
    local channel
    channel=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
    rustup run "$channel" rustc --version >/dev/null 2>&1 || {
      say "Installing Rust $channel (about a minute, once)"
      rustup toolchain install "$channel" --profile minimal --component rustfmt,clippy --no-self-update
    }
    sysroot=$(rustc --print sysroot)
    [ -d "$sysroot/lib/rustlib/wasm32-unknown-unknown/lib" ] || {
      say "Adding the target wasm32-unknown-unknown (seconds, once)"
      rustup target add --toolchain "$channel" wasm32-unknown-unknown
    }
    { cargo fmt --version && cargo clippy --version; } >/dev/null 2>&1 || rustup component add --toolchain "$channel" rustfmt clippy
  else
    sysroot=$(rustc --print sysroot)
    [ -d "$sysroot/lib/rustlib/wasm32-unknown-unknown/lib" ] || die "rustc has no target wasm32-unknown-unknown, and there is no rustup to add it"
  fi
}

# The standard library's source, to compile it for size.
need_rust_src() {
  [ -f "$(rustc --print sysroot)/lib/rustlib/src/rust/library/std/Cargo.toml" ] || {
    has rustup || die "rustc has no source of its standard library, and there is no rustup to add it"
    say "Adding the source of the standard library (seconds, once)"
    rustup component add --toolchain "$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)" rust-src
  }
}

need_trunk() {
  local want=0.21.14
  [ "$(trunk --version 2>/dev/null || true)" = "trunk $want" ] || cargo_install trunk $want "about 7 minutes on two cores"
}

need_wasm_bindgen() {
  local want
  want=$(locked wasm-bindgen)
  { [ "$(wasm-bindgen --version 2>/dev/null || true)" = "wasm-bindgen $want" ] && has wasm-bindgen-test-runner; } ||
    cargo_install wasm-bindgen-cli "$want" "about 3 minutes on two cores"
}

need_node() {
  has node && has npm || die "node and npm are missing: install Node.js 20 or newer"
  [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || die "Node.js 20 or newer is needed, this is $(node --version)"
  # npm leaves a copy of what it installed; when that is not older than the lock file, all is there.
  [ scripts/node_modules/.package-lock.json -nt scripts/package-lock.json ] || {
    say "Installing the build's npm packages (seconds)"
    npm --prefix scripts ci --loglevel=error
    touch scripts/node_modules/.package-lock.json
  }
}

need_chromium() {
  local missing=()
  has "${CHROMIUM:-chromium}" || missing+=(chromium)
  has "${CHROMEDRIVER:-chromedriver}" || missing+=(chromium-driver)
  [ ${#missing[@]} = 0 ] || apt_install "A browser for the tests" "${missing[@]}"
}

need_firefox() {
  has "${FIREFOX:-firefox-esr}" || apt_install "Another browser for the tests" firefox-esr
}

# What the proxy is tested beside and measured against.
need_nginx() {
  { has nginx || [ -x /usr/sbin/nginx ]; } || apt_install "A web server for the proxy's tests" nginx-light
}

need_wrk() {
  has wrk || apt_install "A load generator for the proxy's measurements" wrk
}

need_deny() {
  local want=0.20.2
  [ "$(cargo-deny --version 2>/dev/null || true)" = "cargo-deny $want" ] || cargo_install cargo-deny $want "about 10 minutes on two cores"
}

need_mutants() {
  local want=27.1.0
  [ "$(cargo-mutants mutants --version 2>/dev/null || true)" = "cargo-mutants $want" ] || cargo_install cargo-mutants $want "about 4 minutes on two cores"
}

for tool in "$@"; do
  case $tool in
    rust) need_rust ;;
    rust-src) need_rust_src ;;
    trunk) need_trunk ;;
    wasm-bindgen) need_wasm_bindgen ;;
    node) need_node ;;
    chromium) need_chromium ;;
    firefox) need_firefox ;;
    nginx) need_nginx ;;
    wrk) need_wrk ;;
    deny) need_deny ;;
    mutants) need_mutants ;;
    *) die "unknown tool: $tool" ;;
  esac
done
