#!/usr/bin/env bash
# Installs what is missing, builds the release, and runs cleatd with a simulated
# cloud of three machines. Arguments are handed on to cleatd.
# State lives in build/run; CLEAT_RUN_DIR names another folder.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/deps.sh build
cmake --preset release -DCLEAT_TESTS=OFF >/dev/null
cmake --build --preset release --target all

data=${CLEAT_RUN_DIR:-$PWD/build/run}
mkdir -p "$data"
cat >&2 <<TEXT

In another terminal:
  export KUBECONFIG=$data/admin.kubeconfig
  kubectl get nodes -w

TEXT
exec build/release/bin/cleatd --data-dir "$data" --bind-address 127.0.0.1 --cloud-provider sim \
  --allocate-node-cidrs --cluster-cidr 10.244.0.0/16 "$@"
