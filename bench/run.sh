#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs every benchmark briefly and prints markdown tables. Starts a cleatd of its own
# on a temporary folder and free ports, and stops it again.
#   bench/run.sh [BUILD_DIR]      SECONDS_EACH=5 PODS=50000 LEASES=5000 NODES=10000
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$root/build/release}
bin=$build/bin
seconds=${SECONDS_EACH:-3} pods=${PODS:-20000} leases=${LEASES:-5000} nodes=${NODES:-5000}
watchers=${WATCHERS:-200}
dir=$(mktemp -d "${TMPDIR:-/tmp}/cleat-bench.XXXXXX")
pid=
stop() {
    if [ -n "$pid" ]; then
        kill "$pid" 2>/dev/null || true
        while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
        pid=
    fi
}
trap 'stop; rm -rf "$dir"' EXIT

free_port() {
    local p
    while :; do
        p=$((20000 + RANDOM % 20000))
        (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null || { echo "$p"; return; }
    done
}
port=$(free_port) tls_port=$(free_port) token=bench-$RANDOM$RANDOM
printf '%s,bench,1,"system:masters"\n' "$token" >"$dir/tokens"
chmod 600 "$dir/tokens"

start() { # NAME [FLAGS]: sets pid, ready, rss
    local name=$1 out
    shift
    out=$("$bin/api_bench" --port "$port" --log "$dir/$name.log" start "$bin/cleatd" \
        --data-dir "$dir/$name" --insecure-port "$port" --secure-port "$tls_port" \
        --token-auth-file "$dir/tokens" "$@") || { cat "$dir/$name.log" >&2; exit 1; }
    ready=${out#*ready_ms=} ready=${ready%% *}
    rss=${out#*rss_kib=} rss=${rss%% *}
    pid=${out##*pid=}
}
api() { "$bin/api_bench" --port "$port" --pid "$pid" --seconds "$seconds" "$@"; }
memory() { local m; m=$(api rss); echo $((${m#rss_kib=} / 1024)); }

echo "Cleat $("$bin/cleatd" --version 2>/dev/null | head -1), $(nproc) cores, $(date -u +%F)"
echo
echo "### Objects"
"$bin/object_bench"
for other in "$bin"/*_bench; do
    case ${other##*/} in
    object_bench | api_bench | nodes_bench) ;; # nodes_bench takes six minutes: run it by itself
    *) echo; echo "### ${other##*/}"; timeout 120 "$other" || echo "(failed)" ;;
    esac
done

echo
echo "### Start and size"
start first
echo "| what | value |"
echo "|---|---|"
echo "| exec to /readyz on a first start | $ready ms |"
stop
start first
echo "| exec to /readyz on a later start | $ready ms |"
echo "| RSS when idle | $((rss / 1024)) MiB |"
strip -o "$dir/stripped" "$bin/cleatd"
size=$(stat -c %s "$dir/stripped")
for so in "$build"/lib/cleat/plugins/*.so; do
    strip -o "$dir/stripped" "$so"
    size=$((size + $(stat -c %s "$dir/stripped")))
done
echo "| cleatd and plugins, stripped | $((size / 1024)) KiB |"

echo
echo "### Requests"
api --count "$leases" leases
"$bin/api_bench" --port "$tls_port" --tls --ca "$dir/first/pki/ca.crt" --token "$token" --pid "$pid" \
    --seconds "$seconds" --count "$leases" --no-header leases
api --count "$nodes" --no-header nodes
api --count "$pods" --no-header pods

echo
echo "### Lists"
api --connections 1 --iterations 10 list pods
api --connections 1 --iterations 10 --no-header list nodes
echo
echo "The same pods over TLS, and as a Table:"
echo
"$bin/api_bench" --port "$tls_port" --tls --ca "$dir/first/pki/ca.crt" --token "$token" --pid "$pid" \
    --connections 1 --iterations 10 list pods
api --connections 1 --iterations 5 --no-header \
    --accept "application/json;as=Table;v=v1;g=meta.k8s.io" list pods
echo
echo "RSS with $leases x 2 Leases, $nodes Nodes and $pods Pods: $(memory) MiB"

echo
echo "### Watches"
api --watchers "$watchers" --rate 100 watch
api --watchers 1000 --rate 200 --no-header watch
for streams in 0 100; do # HTTP/1.1, and HTTP/2 with a hundred watches a connection
    "$bin/api_bench" --port "$tls_port" --tls --ca "$dir/first/pki/ca.crt" --token "$token" \
        --pid "$pid" --seconds "$seconds" --watchers 1000 --rate 200 --streams "$streams" \
        --no-header watch
done
stop
start first
echo
echo "exec to /readyz with all of that stored: $ready ms"
