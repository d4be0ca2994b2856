#!/usr/bin/env bash
# Holds the server against clients that others wrote: OpenAI's Python client, lm-evaluation-harness and schemathesis.
# Their packages come from PyPI into a virtual environment outside the repository; without them the checks are skipped.
#
#   scripts/check-server-clients.sh [openai] [harness] [schema]     all of them by default
#   scripts/check-server-clients.sh install                         their packages only
set -euo pipefail
cd "$(dirname "$0")/.."
checks=("$@")
[ ${#checks[@]} -gt 0 ] || checks=(openai harness schema)

environment=${CHARLM_CLIENTS:-${TMPDIR:-/tmp}/charlm-clients}
python=$environment/bin/python
declare -A packages=([openai]=openai==3.57.0 [harness]="lm-eval[api]==0.4.13" [schema]=schemathesis==4.32.5)
source scripts/python-packages.sh
if [ "${checks[0]}" = install ]; then
  for package in "${packages[@]}"; do install_packages "$environment" 180 "$package" || true; done
  exit
fi

if [ -z "${CHARLM:-}" ]; then
  swift build --configuration release --product charlm >&2
  CHARLM_SERVER=1 swift build --configuration release --product charlm-server >&2
  CHARLM=$PWD/.build/release/charlm
fi
charlm=$(realpath "$CHARLM")

folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT
head -c 60000 corpora/the-salt-road.txt >"$folder/train.txt"
tail -c 6000 corpora/the-salt-road.txt >"$folder/unseen.txt"
"$charlm" train "$folder/train.txt" --output "$folder/novel.safetensors" --hidden-size 64 --max-steps 200 --quiet
"$charlm" serve "$folder/novel.safetensors" --port 0 2>"$folder/messages" &
server=$!
for _ in $(seq 100); do
  address=$(sed -n 's|.*\(http://[^/ ]*\)/.*|\1|p' "$folder/messages")
  [ -z "$address" ] || break
  sleep 0.1
done
[ -n "$address" ] || { cat "$folder/messages" >&2; exit 1; }

failed=0
for check in "${checks[@]}"; do
  if ! install_packages "$environment" 180 "${packages[$check]}"; then
    echo "Skipped: $check, because '${packages[$check]}' cannot be installed here." >&2
    continue
  fi
  echo "== $check"
  case $check in
    openai) "$python" -B scripts/server_clients.py openai "$address" "$charlm" "$folder" || failed=1 ;;
    harness) "$python" -B scripts/server_clients.py harness "$address" "$charlm" "$folder" || failed=1 ;;
    schema)
      (cd "$folder" && "$environment/bin/schemathesis" run "$address/openapi.json" --url "$address" --max-examples 40 \
        --exclude-path-regex training --request-timeout 60 --suppress-health-check all \
        --exclude-checks positive_data_acceptance) || failed=1 ;; # a schema does not know a model's last token
  esac
done
exit $failed
