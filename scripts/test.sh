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
tally=$logs/tally
: >"$tally"
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1

scripts/deps.sh test || { echo "cannot install what is needed" >&2; exit 1; }

# run NAME COMMAND...: one test; its output goes to a log that is shown when it fails.
run() {
  local name=$1 began=$SECONDS said
  shift
  if "$@" >"$logs/$name.log" 2>&1; then
    printf 'ok    %-28s %4d s\n' "$name" $((SECONDS - began))
    echo ok >>"$tally"
  else
    said=$(tail -n 60 "$logs/$name.log" | sed 's/^/      /')
    printf 'FAIL  %-28s %4d s\n%s\n' "$name" $((SECONDS - began)) "$said"
    echo FAIL >>"$tally"
  fi
}
# As run, beside others: as many as there are cores. join waits for them all.
beside() {
  while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n; done
  run "$@" &
}
join() { wait; }
# build PRESET [TARGET ...]
make_preset() {
  local preset=$1
  shift
  cmake --preset "$preset" && cmake --build --preset "$preset" --target "${@:-all}"
}
build() { run "build-$1" make_preset "$@"; }
# Counts the tests of a suite that prints "N passed, N failed" last.
suite() {
  local name=$1 began=$SECONDS line
  shift
  "$@" 2>&1 | tee "$logs/$name.log"
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$logs/$name.log" | tail -n 1)
  if [ -z "$line" ]; then
    echo FAIL >>"$tally"
    echo "FAIL  $name did not end"
    return
  fi
  yes ok | head -n "${line%% *}" >>"$tally"
  yes FAIL | head -n "$(sed -E 's/.*, ([0-9]+) failed.*/\1/' <<<"$line")" >>"$tally"
  echo "      $name took $((SECONDS - began)) s"
}
# What later steps need; a failure counts as one.
need() { "$@" >"$logs/need.log" 2>&1 || { cat "$logs/need.log"; echo FAIL >>"$tally"; }; }
one_fuzzer() {
  local f=$1 name scratch
  name=$(basename "$f")
  scratch=$(mktemp -d)
  "$f" -max_total_time=10 -timeout=10 -rss_limit_mb=4096 -print_final_stats=1 \
    -artifact_prefix="$logs/" "$scratch" "tests/fuzz/corpus/$name"
  local code=$?
  rm -rf "$scratch"
  return $code
}

for step in "${steps[@]}"; do
  case $step in
  lint) run lint scripts/lint.sh ;;
  asan)
    build asan
    for f in build/asan/bin/*_test; do
      beside "asan-$(basename "$f")" timeout 600 "$f"
    done
    for f in build/asan/bin/*_fuzz; do
      beside "replay-$(basename "$f")" "$f" "tests/fuzz/corpus/$(basename "$f")"
    done
    join
    ;;
  tsan)
    # Those with threads.
    mapfile -t threaded < <(cd tests/unit && ls | sed -n -E \
      's/^((store|workqueue|informer|reconciler|api|base|host|cloud|remote|leader|auth_threads|registry_race)_(.*_)?test)\.c$/\1/p')
    build tsan programs "${threaded[@]}"
    for t in "${threaded[@]}"; do # addresses must not wander for the thread sanitizer
      beside "tsan-$t" timeout 600 setarch -R "build/tsan/bin/$t"
    done
    join
    ;;
  sim)
    [ -x build/asan/bin/cleat-sim ] || build asan
    beside sim-fixed build/asan/bin/cleat-sim --seeds 1..40
    fresh=$((RANDOM * 32768 + RANDOM))
    beside sim-fresh build/asan/bin/cleat-sim --seeds "$fresh..$((fresh + 20))"
    join
    ;;
  scenario)
    build release programs
    need scripts/kubectl.sh 22
    need scripts/kubectl.sh 35
    need scripts/client-node.sh
    suite scenario python3 -B tests/scenario/run.py -j 3
    ;;
  conformance)
    [ -x build/release/bin/cleatd ] || build release programs
    need scripts/kubectl.sh 22
    need scripts/kubectl.sh 35
    suite conformance python3 -B tests/conformance/run.py
    ;;
  crash)
    [ -x build/release/bin/cleatd ] || build release programs
    run crash python3 -B tests/scenario/crash.py 50
    ;;
  fuzz)
    build fuzz fuzzers
    for f in build/fuzz/bin/*_fuzz; do
      beside "fuzz-$(basename "$f")" one_fuzzer "$f"
    done
    join
    ;;
  *) echo "unknown step $step" >&2; exit 2 ;;
  esac
done

failed=$(grep -c FAIL "$tally")
echo "$(grep -c ok "$tally") passed, $failed failed"
[ "$failed" = 0 ]
