#!/usr/bin/env bash
# Installs what is missing, builds with sanitizers and runs every test.
# usage: scripts/test.sh [step ...]    steps: lint asan tsan scenario conformance crash sim fuzz
# Logs go to build/test-logs. The last line counts.
set -uo pipefail
cd "$(dirname "$0")/.."
steps=("$@")
[ ${#steps[@]} -gt 0 ] || steps=(lint asan sim scenario conformance crash tsan fuzz)
logs=build/test-logs
mkdir -p "$logs"
passed=0 failed=0
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1

scripts/deps.sh test || { echo "cannot install what is needed" >&2; exit 1; }

# run NAME COMMAND...: one test; its output goes to a log that is shown when it fails.
run() {
  local name=$1 began=$SECONDS
  shift
  if "$@" >"$logs/$name.log" 2>&1; then
    passed=$((passed + 1))
    printf 'ok    %-28s %4d s\n' "$name" $((SECONDS - began))
  else
    failed=$((failed + 1))
    printf 'FAIL  %-28s %4d s\n' "$name" $((SECONDS - began))
    tail -n 60 "$logs/$name.log" | sed 's/^/      /'
  fi
}
build() { cmake --preset "$1" >"$logs/configure-$1.log" 2>&1 && run "build-$1" cmake --build --preset "$1"; }
# Counts the tests of a suite that prints "N passed, N failed" last.
suite() {
  local name=$1 began=$SECONDS
  shift
  "$@" 2>&1 | tee "$logs/$name.log"
  local line
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$logs/$name.log" | tail -n 1)
  if [ -z "$line" ]; then
    failed=$((failed + 1))
    echo "FAIL  $name did not end"
    return
  fi
  passed=$((passed + ${line%% *}))
  failed=$((failed + $(sed -E 's/.*, ([0-9]+) failed.*/\1/' <<<"$line")))
  echo "      $name took $((SECONDS - began)) s"
}
unit() {
  local preset=$1
  shift
  for t in "$@"; do
    run "$preset-$(basename "$t")" timeout 240 "$t"
  done
}

for step in "${steps[@]}"; do
  case $step in
  lint) run lint scripts/lint.sh ;;
  asan)
    build asan
    unit asan build/asan/bin/*_test
    for f in build/asan/bin/*_fuzz; do
      run "replay-$(basename "$f")" "$f" "tests/fuzz/corpus/$(basename "$f")"
    done
    ;;
  tsan)
    build tsan
    # Addresses must not wander for the thread sanitizer.
    for t in store workqueue informer reconciler api base host; do
      for f in build/tsan/bin/${t}_*test build/tsan/bin/${t}_test; do
        [ -x "$f" ] && run "tsan-$(basename "$f")" timeout 400 setarch -R "$f"
      done
    done
    ;;
  sim)
    [ -x build/asan/bin/cleat-sim ] || build asan
    run sim-fixed build/asan/bin/cleat-sim --seeds 1..40
    fresh=$((RANDOM * 32768 + RANDOM))
    run "sim-fresh" build/asan/bin/cleat-sim --seeds "$fresh..$((fresh + 20))"
    ;;
  scenario)
    build release
    scripts/kubectl.sh 22 >/dev/null && scripts/kubectl.sh 35 >/dev/null &&
      scripts/client-node.sh >/dev/null || failed=$((failed + 1))
    suite scenario python3 -B tests/scenario/run.py -j 3
    ;;
  conformance)
    [ -x build/release/bin/cleatd ] || build release
    scripts/kubectl.sh 22 >/dev/null && scripts/kubectl.sh 35 >/dev/null || failed=$((failed + 1))
    suite conformance python3 -B tests/conformance/run.py
    ;;
  crash)
    [ -x build/release/bin/cleatd ] || build release
    run crash python3 -B tests/scenario/crash.py 50
    ;;
  fuzz)
    build fuzz
    for f in build/fuzz/bin/*_fuzz; do
      name=$(basename "$f")
      scratch=$(mktemp -d)
      run "fuzz-$name" "$f" -max_total_time=10 -timeout=10 -rss_limit_mb=4096 -print_final_stats=1 \
        -artifact_prefix="$logs/" "$scratch" "tests/fuzz/corpus/$name"
      rm -rf "$scratch"
    done
    ;;
  *) echo "unknown step $step" >&2; exit 2 ;;
  esac
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
