#!/usr/bin/env bash
# Development: the proxy on one port, Trunk on another passing the list call to it, both ended together.
#   UPSTREAM      demo (default), or the address of a real endpoint
#   PORT          where the page is (8080)
set -euo pipefail
cd "$(dirname "$0")/.."

host=127.0.0.1
port="${PORT:-8080}"
proxy_port=8081
upstream="${UPSTREAM:-demo}"
target="${CARGO_TARGET_DIR:-target}"
project=a4d31cb6-3d72-4fdc-8ec9-6e3a41e47f71
instance=5560df16-cebf-4473-95c4-d1b573c16e79

say() { printf '\033[1m» %s\033[0m\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }
answers() { (exec 3<>"/dev/tcp/$host/$1") 2>/dev/null; }

case $upstream in
  demo | http://* | https://*) ;;
  *) die "UPSTREAM must be demo or an address that starts with https://, not '$upstream'" ;;
esac
if answers "$port"; then
  die "port $port is taken, and the page wants it. End what listens there (ss -ltnp 'sport = :$port' names it), or choose another: PORT=8090 make serve"
fi
if answers "$proxy_port"; then
  die "port $proxy_port is taken, and bigkey-proxy wants it. End what listens there (ss -ltnp 'sport = :$proxy_port' names it); is another 'make serve' still running?"
fi

# Each in a process group of its own, so that ending it ends whatever it has started.
set -m
jobs_started=()
stop() {
  trap - EXIT INT TERM HUP
  for pid in "${jobs_started[@]}"; do kill -TERM -- "-$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
}
trap 'stop; printf "\n"; say "Stopped"; exit 130' INT
trap 'stop; exit 143' TERM HUP
trap stop EXIT

say "Building bigkey-proxy (first time about 2 min)"
cargo build --quiet --locked --features proxy --bin bigkey-proxy </dev/null &
jobs_started=($!)
wait "$!" || die "bigkey-proxy does not build"

"${BIGKEY_PROXY:-$target/debug/bigkey-proxy}" --listen "$host:$proxy_port" --upstream "$upstream" </dev/null &
proxy=$!
jobs_started=("$proxy")
for _ in $(seq 100); do
  answers "$proxy_port" && break
  kill -0 "$proxy" 2>/dev/null || die "bigkey-proxy ended at once: its reason is above"
  sleep 0.1
done
answers "$proxy_port" || die "bigkey-proxy does not listen on $host:$proxy_port"

say "Building the page (first time about 2 min), then rebuilding it as you edit"
# Not into dist/, where a release may lie.
trunk --offline --skip-version-check --log warn serve --port "$port" --dist "$target/serve" </dev/null &
page=$!
jobs_started+=("$page")
# Trunk listens only once the first build is done.
until answers "$port"; do
  kill -0 "$page" 2>/dev/null || die "trunk ended: its reason is above"
  kill -0 "$proxy" 2>/dev/null || die "bigkey-proxy ended: its reason is above"
  sleep 0.2
done

if [ "$upstream" = demo ]; then
  say "Ready: http://$host:$port/?project_id=$project&instance_id=$instance"
else
  say "Ready: http://$host:$port/ over $upstream"
fi
say "Ctrl-C ends it"

# Whichever ends first ends the other.
wait -n "$page" "$proxy" || true
kill -0 "$page" 2>/dev/null || die "trunk ended"
die "bigkey-proxy ended"
