#!/usr/bin/env bash
# What the compiler does not check: include arrows, licences, format, sizes.
set -uo pipefail
cd "$(dirname "$0")/.."
bad=0
complain() { printf '%s\n' "$@" >&2; bad=1; }

# A floor includes only what stands on its right (docs/architecture.md).
declare -A may=(
  [base]="base" [object]="base object" [store]="base object store"
  [types]="base object types" [apply]="base object types apply"
  [registry]="base object types apply store registry" [kinds]="base object types store registry kinds"
  [auth]="base object types store registry kinds auth" [client]="base object client"
  [leader]="base object client informer workqueue controller leader"
  [http]="base http" [remote]="base object http client remote"
  [workqueue]="base object workqueue" [informer]="base object client informer"
  [controller]="base object client informer workqueue controller"
  [cloud]="base object cloud" [host]="base object client informer workqueue controller cloud host"
  [openapi]="base object types store registry openapi"
  [api]="base object http types apply store registry auth openapi api"
)
for room in "${!may[@]}"; do
  while IFS=: read -r file _ include; do
    target=$(sed -E 's|.*"core/([a-z]+)/.*|\1|' <<<"$include")
    [ "$file" = core/client/local.c ] && [[ $target = registry || $target = store ]] && continue
    [[ " ${may[$room]} " = *" $target "* ]] || complain "$file: core/$room must not include core/$target"
  done < <(grep -rnE '#include "core/' "core/$room" --include='*.[ch]' | sed -E 's/^([^:]+:[0-9]+):(.*)$/\1:\2/')
done
while read -r hit; do
  complain "$hit: a plugin or SDK header includes more than the SDK"
done < <(grep -rnE '#include "(core|tests)/|#include <(event2|json-c|openssl|sqlite3|yaml)' plugins sdk --include='*.[ch]')
while read -r hit; do
  complain "$hit: the core names a plugin"
done < <(grep -rnE 'sim\.cleat\.dev|plugins/(node|route|service|gc|cloud-)' core --include='*.[ch]')

mapfile -t sources < <(git ls-files -co --exclude-standard '*.c' '*.h')
for f in "${sources[@]}"; do
  head -n 1 "$f" | grep -q 'SPDX-License-Identifier: Apache-2.0' || complain "$f: no SPDX line"
  lines=$(wc -l <"$f")
  [ "$lines" -le 1000 ] || complain "$f: $lines lines; split it"
done
clang-format --dry-run --Werror "${sources[@]}" 2>&1 | grep -E 'error:' | cut -d: -f1 | sort -u | while read -r f; do
  echo "$f: not formatted (clang-format -i)" >&2
done
[ "${PIPESTATUS[0]}" = 0 ] || bad=1
for h in sdk/include/cleat/*.h; do
  echo "#include <cleat/$(basename "$h")>" | cc -std=c11 -Wall -Wextra -Wpedantic -Werror -Isdk/include -fsyntax-only -xc - || bad=1
done
exit $bad
