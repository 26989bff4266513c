#!/usr/bin/env bash
# script/run, as a newcomer sees it: a surge raises an incident, a page arrives, it ends on demand and
# leaves nothing behind; and when a part dies it says so and fails.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
export SURGED_DEMO_VAR=$folder/demo
script=
finish() {
    [ -z "$script" ] || kill -TERM "$script" 2>/dev/null || true
    rm -rf "$folder"
}
trap finish EXIT
fail() { echo "demo: $*"; cat "$folder/out"; exit 1; }

begin() {
    : >"$folder/out"  # now, not when the background gets to it
    script/run --seconds 120 </dev/null >>"$folder/out" 2>&1 &
    script=$!
}
shows() {  # shows PATTERN [SECONDS]: within a minute, or that long
    local tenth
    for ((tenth = 0; tenth < ${2:-60} * 10; tenth++)); do
        grep -qE "$1" "$folder/out" && return
        kill -0 "$script" 2>/dev/null || break
        sleep 0.1
    done
    fail "never showed '$1'"
}
ends() {  # ends CODE
    local code=0
    wait "$script" || code=$?
    script=
    [ "$code" -eq "$1" ] || fail "ended with $code, not $1"
}
children() { grep -lsP "^PPid:\t$script\$" /proc/[0-9]*/status | tr -dc '0-9\n'; }
running() { local pid; for pid in $1; do [ ! -d "/proc/$pid" ] || echo "$pid"; done; }

begin
shows 'metrics +http://127' 180
shows '^incident .*what=raised level=III'
shows ' page P06-'
url=$(sed -n 's/^  metrics *//p' "$folder/out")
curl -fsS "$url" >"$folder/metrics" && grep -q '^surged_queue_calls_waiting{' "$folder/metrics" || fail "no metrics at $url"
started=$(children)
[ "$(wc -w <<<"$started")" -ge 3 ] || fail "runs only: $started"
kill -TERM "$script"
ends 0
for _ in $(seq 30); do [ -z "$(running "$started")" ] && break; sleep 0.1; done
[ -z "$(running "$started")" ] || fail "left running: $(running "$started")"

begin
shows 'metrics +http://127' 180
for pid in $(children); do
    tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q -- --as-ami && kill -KILL "$pid"
done
ends 1
grep -q 'the simulator has ended' "$folder/out" || fail "did not say which part died"
echo "demo: fine"
