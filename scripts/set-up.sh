#!/usr/bin/env bash
# Installs the system packages that charlm builds with, or says which are missing.
#
#   scripts/set-up.sh [PACKAGE...]     further packages that the caller needs
set -euo pipefail

packages=(libutf8proc-dev libssl-dev "$@")

if ! command -v swift >/dev/null; then
  echo "There is no Swift compiler: install Swift 6.1 or later from https://www.swift.org/install" >&2
  exit 1
fi

missing=()
for package in "${packages[@]}"; do
  dpkg-query --show --showformat '${Status}' "$package" 2>/dev/null | grep -q "ok installed" \
    || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null && sudo --non-interactive true 2>/dev/null; then
    as_root=(sudo)
  else
    echo "These packages are missing; install them and try again:" >&2
    echo "  sudo apt-get update && sudo apt-get install ${missing[*]}" >&2
    exit 1
  fi
fi
echo "Installing ${missing[*]}"
"${as_root[@]}" apt-get update --quiet --quiet
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install --yes --quiet --quiet \
  --no-install-recommends "${missing[@]}" >/dev/null
