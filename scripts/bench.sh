#!/usr/bin/env bash
# Sizes of the first view, the wasm's bytes by crate, the proxy, the page while it is open, and beside others that do the same
# job.
#   ROUNDS=7   how many rounds (a full run of seven takes 35 minutes)
#   ONLY=size,load,switch,filter,trace,memory      which measurements
#   LIMITS=10,100,1000                             rows per page
#   (with ONLY set, neither the proxy nor the open page is measured)
#   PEERS="vanilla react"                          which pages beside ours (all)
set -euo pipefail
cd "$(dirname "$0")/.."

target="${CARGO_TARGET_DIR:-target}"
instrument=../shared/bench
say() { printf '\n\033[1m» %s\033[0m\n' "$*"; }

say "First view"
node scripts/size.mjs

say "What the wasm's bytes are"
node scripts/crates.mjs

if [ -z "${ONLY:-}" ]; then
  say "The proxy beside nginx"
  node scripts/bench-proxy.mjs --million

  say "The page while it is open (3 minutes)"
  BIGKEY_PROXY="$target/release-native/bigkey-proxy" node scripts/bench-page.mjs
fi

if [ ! -d "$instrument" ]; then
  say "The side-by-side measurement is not at hand ($instrument): left out"
  exit 0
fi

copy="$target/bench"
mkdir -p "$copy"
cp -ru "$instrument/." "$copy/"
if [ ! -d "$copy/node_modules/playwright-core" ]; then
  say "Preparing the instrument in $copy (seconds, once)"
  npm --prefix "$copy" install --omit=optional --no-audit --no-fund --loglevel=error
fi

subjects=()
for peer in "$copy"/peers/*/dist; do
  name=$(basename "$(dirname "$peer")")
  [ -z "${PEERS:-}" ] || [[ " $PEERS " == *" $name "* ]] || continue
  # The hand-written page is the base of the ratios and stands first.
  if [ "$name" = vanilla ]; then subjects=("$name=$peer" "${subjects[@]}"); else subjects+=("$name=$peer"); fi
done
options=(--out "$copy/results/latest")
[ -z "${ROUNDS:-}" ] || options+=(--rounds "$ROUNDS")
[ -z "${ONLY:-}" ] || options+=(--only "$ONLY")
[ -z "${LIMITS:-}" ] || options+=(--limits "$LIMITS")

say "Side by side with ${#subjects[@]} pages, ${ROUNDS:-7} rounds (all of it takes 35 minutes; ROUNDS=3 ONLY=size,load is a quick look)"
node "$copy/measure.mjs" "${options[@]}" "${subjects[@]}" "bigkey-tasks=dist"
say "Also in $copy/results/latest.md and latest.json"
