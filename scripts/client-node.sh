#!/usr/bin/env bash
# Puts the JavaScript client library of Kubernetes under build/tools and prints the folder.
set -euo pipefail
cd "$(dirname "$0")/.."
dir=$PWD/build/tools/client-node
if [ ! -d "$dir/node_modules/@kubernetes/client-node" ]; then
  mkdir -p "$dir"
  npm install --ignore-scripts --no-audit --no-fund --loglevel=error --prefix "$dir" "@kubernetes/client-node@1" >&2
fi
echo "$dir"
