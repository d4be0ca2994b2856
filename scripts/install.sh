#!/usr/bin/env bash
# Installs charlm below PREFIX: the command, its manual page and completions, and the documentation.
#
#   scripts/install.sh [PREFIX]     /usr/local by default
#
# CHARLM_BINARIES names the folder of programs that are built already (.build/release by default, where charlm is
# built first). The server and the library for MPI are installed if they are there. DESTDIR is put before PREFIX, as
# packages need it. To remove it again: rm -r PREFIX/lib/charlm PREFIX/share/doc/charlm, and the files that this
# script names.
set -euo pipefail
prefix=$(realpath --canonicalize-missing "${1:-/usr/local}")
[ -z "${CHARLM_BINARIES:-}" ] || CHARLM_BINARIES=$(realpath "$CHARLM_BINARIES")
cd "$(dirname "$0")/.."
binaries=${CHARLM_BINARIES:-.build/release}
if [ -z "${CHARLM_BINARIES:-}" ]; then swift build --configuration release --product charlm >&2; fi
root=${DESTDIR:-}$prefix
umask 022

put() { # MODE FILE DESTINATION
  install -D --mode "$1" "$2" "$root/$3"
  echo "$prefix/$3"
}

# All programs are in one folder, where charlm looks for the others.
for program in charlm charlm-server; do
  [ ! -e "$binaries/$program" ] || put 755 "$binaries/$program" "lib/charlm/$program"
done
[ ! -e "$binaries/libcharlm-mpi.so" ] || put 644 "$binaries/libcharlm-mpi.so" lib/charlm/libcharlm-mpi.so
mkdir -p "$root/bin"
ln -sf ../lib/charlm/charlm "$root/bin/charlm"
echo "$prefix/bin/charlm"

work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
# The file is read by a shell, not run.
"$binaries/charlm" --generate-completion-script bash | sed '1{/^#!/d}' >"$work/bash"
"$binaries/charlm" --generate-completion-script zsh >"$work/zsh"
"$binaries/charlm" --generate-completion-script fish >"$work/fish"
put 644 "$work/bash" share/bash-completion/completions/charlm
# zsh has a folder for packages, and one for what a user installs.
zsh=site-functions
[ "$prefix" != /usr ] || zsh=vendor-completions
put 644 "$work/zsh" "share/zsh/$zsh/_charlm"
put 644 "$work/fish" share/fish/vendor_completions.d/charlm.fish

CHARLM=$binaries/charlm scripts/make-man-page.sh "$work/charlm.1" 2>"$work/man.log" || { cat "$work/man.log" >&2; exit 1; }
gzip -9n "$work/charlm.1"
put 644 "$work/charlm.1.gz" share/man/man1/charlm.1.gz

put 644 README.md share/doc/charlm/README.md
put 644 CHANGELOG.md share/doc/charlm/CHANGELOG.md
while read -r page; do put 644 "$page" "share/doc/charlm/$page" >/dev/null; done < <(find docs -type f | LC_ALL=C sort)
echo "$prefix/share/doc/charlm/docs"
