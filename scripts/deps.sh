#!/usr/bin/env bash
# Installs what building and testing need on Debian 12, and only what is missing.
# usage: scripts/deps.sh build|test
set -euo pipefail

packages=(gcc cmake ninja-build pkg-config libc6-dev libevent-dev libjson-c-dev libssl-dev libsqlite3-dev libyaml-dev
  libnghttp2-dev zlib1g-dev libmnl-dev libnftables-dev)
if [ "${1:-build}" = test ]; then
  packages+=(libcunit1-dev clang libclang-rt-14-dev clang-format python3 unzip curl git procps iproute2 nftables util-linux)
  # npm comes from Debian, or with a Node.js that the machine has already.
  command -v npm >/dev/null || packages+=(npm)
fi

missing=()
for p in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
done
[ ${#missing[@]} -eq 0 ] && exit 0

echo "installing: ${missing[*]}" >&2
sudo=()
[ "$(id -u)" = 0 ] || sudo=(sudo)
"${sudo[@]}" apt-get update -q >&2
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -q --no-install-recommends "${missing[@]}" >&2
