#!/usr/bin/env bash
# Tries the files of a release (scripts/release.sh) where nothing else is: in new systems made by debootstrap.
#
#   scripts/check-release.sh FOLDER [SUITE...]     FOLDER: of the release; SUITE: bookworm, trixie, jammy, noble by default
#
# Each suite of Debian or Ubuntu gets a fresh root below ROOTS (a temporary folder by default; a root that is there is
# copied). Packages are installed with apt, train, generate, evaluate and serve run as a user, then the packages are
# removed, and every file of the root must be as it was before. The archive is tried in the same way. It must run as the superuser.
set -euo pipefail
release=$(realpath "${1:?"usage: scripts/check-release.sh FOLDER [SUITE...]"}")
suites=("${@:2}")
[ ${#suites[@]} -gt 0 ] || suites=(bookworm trixie jammy noble)
cd "$(dirname "$0")/.."
[ "$(id -u)" -eq 0 ] || { echo "Only the superuser can make roots: run it with sudo." >&2; exit 77; }
scripts/set-up.sh debootstrap
roots=${ROOTS:-$(mktemp -d)}
mkdir -p "$roots"

# What a root holds, except what changes whenever apt or a program runs.
contents() {
  (cd "$1" && find . -xdev \( -path ./proc -o -path ./tmp -o -path ./var/cache -o -path ./var/log -o -path ./var/lib/apt \
    -o -path ./var/lib/dpkg -o -path ./etc/ld.so.cache -o -path ./root -o -path ./run \) -prune -o \( -type d -printf '%P %y %m\n' -o -printf '%P %y %m %s\n' \) | LC_ALL=C sort)
}

# The three verbs, and the server, with the command on the PATH of an ordinary user.
verbs='
set -eu
cd "$(mktemp -d)"
charlm --version
cp /tmp/story.txt .
charlm train story.txt --output story.safetensors --minutes 0.1 --from none --quiet
charlm generate story.safetensors --prompt "The " --length 60 --seed 1 --quiet
echo
charlm evaluate story.safetensors story.txt --quiet
charlm generate english --prompt "It was" --length 40 --seed 1 --quiet
echo
if [ -n "${SERVER:-}" ]; then
  charlm serve story.safetensors --port 8391 >server.log 2>&1 &
  server=$!
  n=0
  until grep -q "http://" server.log; do
    n=$((n + 1)); [ $n -lt 100 ] || { cat server.log; exit 1; }
    sleep 0.1
  done
  kill -TERM $server
  wait $server || { cat server.log; exit 1; }
fi
rm -r "$PWD"
'

inside() { chroot "$root" /usr/bin/env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME=/tmp LC_ALL=C.UTF-8 "$@"; }

for suite in "${suites[@]}"; do
  base=$roots/$suite
  if [ ! -d "$base" ]; then
    # debootstrap knows no newer suites of Ubuntu by name; all are made alike.
    case $suite in
      jammy | noble) source=(http://archive.ubuntu.com/ubuntu gutsy) ;;
      *) source=(http://deb.debian.org/debian) ;;
    esac
    debootstrap --variant=minbase "$suite" "$base" "${source[@]}" >"$roots/$suite.log" 2>&1 || { tail -n 5 "$roots/$suite.log" >&2; exit 1; }
  fi
  root=$roots/$suite-try
  rm -rf "$root"
  cp --archive "$base" "$root"
  cp corpora/the-salt-road.txt "$root/tmp/story.txt"
  mount -t proc proc "$root/proc"
  trap 'umount "$root/proc"' EXIT
  contents "$root" >"$roots/$suite.before"

  echo "== $suite, packages"
  cp "$release"/*.deb "$root/tmp"
  inside apt-get update -qq
  inside sh -c 'DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends /tmp/charlm_*.deb /tmp/charlm-server_*.deb' >"$roots/$suite-apt.log" 2>&1 \
    || { cat "$roots/$suite-apt.log"; exit 1; }
  grep -E '^(Setting up|The following NEW|  [a-z])' "$roots/$suite-apt.log" || true
  inside setpriv --reuid 1000 --regid 1000 --clear-groups env SERVER=1 sh -c "$verbs"
  inside sh -c "DEBIAN_FRONTEND=noninteractive apt-get purge -y -qq charlm charlm-server && apt-get autoremove -y -qq --purge" >>"$roots/$suite-apt.log" 2>&1
  contents "$root" >"$roots/$suite.after"
  diff "$roots/$suite.before" "$roots/$suite.after"
  echo "$suite: no trace is left"

  echo "== $suite, archive"
  inside apt-get install -y -qq --no-install-recommends libstdc++6 >/dev/null 2>&1
  mkdir "$root/opt/try"
  tar --extract --file "$release"/charlm-*-linux.tar.xz --directory "$root/opt/try" --strip-components 1
  inside setpriv --reuid 1000 --regid 1000 --clear-groups env PATH=/opt/try/bin:/usr/bin:/bin SERVER=1 sh -c "$verbs"
  umount "$root/proc"
  trap - EXIT
  rm -rf "$root"
done
