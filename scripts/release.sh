#!/usr/bin/env bash
# Makes the files of a release: Debian packages, an archive of programs for other distributions, a list of what is
# in them, checksums.
#
#   scripts/release.sh VERSION [FOLDER]     FOLDER: new, release-VERSION by default
#
# VERSION is that of Sources/ModelFiles/CharlmVersion.swift, so that a release is not made of another version by
# mistake. The programs hold the Swift runtime, utf8proc and libcrypto, and need the C and C++ libraries of the system
# only. The same commit, compiler and folder give the same bytes. The library for MPI is made if there is an mpicc.
set -euo pipefail
version=${1:?"usage: scripts/release.sh VERSION [FOLDER]"}
output=$(realpath --canonicalize-missing "${2:-release-$version}")
cd "$(dirname "$0")/.."

fail() { echo "$1" >&2; exit "$2"; }
known=$(sed -n 's/.*current = "\(.*\)"/\1/p' Sources/ModelFiles/CharlmVersion.swift)
[ "$version" = "$known" ] \
  || fail "This is version $known, not $version: change Sources/ModelFiles/CharlmVersion.swift first." 64
[ ! -e "$output" ] || fail "$output exists: name a folder that does not." 73
[ -z "$(git status --porcelain)" ] || fail "There are uncommitted changes, which no release may have." 65
export SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
scripts/set-up.sh dpkg-dev binutils python3 xz-utils

# MARK: Programs

# Only the archives of these libraries, so that the linker takes no shared ones.
scratch=.build-release
static=$PWD/$scratch/static
mkdir -p "$static"
libraries=$(dpkg-architecture --query DEB_HOST_MULTIARCH)
for library in utf8proc crypto; do cp "/usr/lib/$libraries/lib$library.a" "$static"; done
options=(
  --scratch-path "$scratch" --static-swift-stdlib -Xlinker "-L$static" -Xlinker --build-id=none
  -Xswiftc -file-prefix-map -Xswiftc "$PWD=." -Xcc "-ffile-prefix-map=$PWD=."
)
export CHARLM_SERVER=1
# The compiler's order of some instructions follows the addresses of its own objects.
steady=()
if setarch --addr-no-randomize true 2>/dev/null; then steady=(setarch --addr-no-randomize); fi
for product in charlm charlm-server; do
  "${steady[@]}" swift build --configuration release "${options[@]}" --product $product >&2
done
binaries=$PWD/$scratch/programs
mkdir -p "$binaries"
for program in charlm charlm-server; do
  # The digests of modules, which nothing reads, depend on more than the sources.
  size=$(objdump --section-headers --section .swift_modhash "$scratch/release/$program" \
    | awk '$2 == ".swift_modhash" { print $3 }' || true)
  head --bytes $((16#${size:-0})) /dev/zero >"$scratch/zeros"
  objcopy --strip-all ${size:+--update-section ".swift_modhash=$scratch/zeros"} \
    "$scratch/release/$program" "$binaries/$program"
done
rm -f "$binaries/libcharlm-mpi.so"
if command -v "${MPICC:-mpicc}" >/dev/null; then
  scripts/build-mpi.sh "$binaries"
  strip --strip-unneeded "$binaries/libcharlm-mpi.so"
fi

# MARK: Files

work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
export CHARLM_BINARIES=$binaries CHARLM_BUILD_OPTIONS="${options[*]}"
DESTDIR=$work/tree scripts/install.sh /usr >&2
documents=$work/tree/usr/share/doc/charlm
scripts/third-party.py "$scratch" licenses >"$documents/third-party.txt"
scripts/third-party.py "$scratch" list >"$work/third-party-list.txt"
mkdir "$output"
scripts/third-party.py "$scratch" sbom "$version" >"$output/charlm-$version.cdx.json"
# The part of the changelog about this version, or about what has no version yet.
heading=Unreleased
! grep -q "^## $version\>" CHANGELOG.md || heading=$version
awk -v heading="$heading" '/^## / { inside = $2 == heading; next } inside' CHANGELOG.md >"$output/changes-$version.md"

# MARK: Debian packages

architecture=$(dpkg --print-architecture)
maintainer="The charlm authors <charlm@example.org>"
date=$(date --utc --date "@$SOURCE_DATE_EPOCH" --rfc-email)

# needs FOLDER PROGRAM: the packages of the system libraries that a program needs
needs() {
  local folder=$work/needs
  mkdir -p "$folder/debian"
  printf 'Source: charlm\n\nPackage: charlm\nArchitecture: any\n' >"$folder/debian/control"
  (cd "$folder" && dpkg-shlibdeps -O "$work/$1/usr/lib/charlm/$2" 2>/dev/null) | sed 's/^shlibs:Depends=//'
}

# package NAME DESCRIPTION LONG_DESCRIPTION DEPENDS...: of the files below $work/NAME
package() {
  local name=$1 short=$2 long=$3 depends=$4 folder=$work/$1 documents
  documents=$folder/usr/share/doc/$name
  mkdir -p "$folder/DEBIAN" "$documents"
  {
    printf 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: charlm\n\n'
    printf 'Files: *\nCopyright: 2026 The charlm authors\nLicense: Apache-2.0\n'
    printf ' On Debian systems, the complete text of the Apache License, Version 2.0, is in\n'
    printf ' /usr/share/common-licenses/Apache-2.0.\n'
    printf 'Comment:\n The programs contain libraries of others. /usr/share/doc/charlm/third-party.txt has\n'
    printf ' their licenses and notices:\n'
    sed 's/^/  /' "$work/third-party-list.txt"
  } >"$documents/copyright"
  printf 'charlm (%s) unstable; urgency=medium\n\n  * See /usr/share/doc/charlm/CHANGELOG.md.\n\n -- %s  %s\n' \
    "$version" "$maintainer" "$date" | gzip -9n >"$documents/changelog.gz"
  {
    printf 'Package: %s\nSource: charlm\nVersion: %s\nArchitecture: %s\n' "$name" "$version" "$architecture"
    printf 'Maintainer: %s\nSection: text\nPriority: optional\n' "$maintainer"
    printf 'Installed-Size: %s\n' "$(du --apparent-size --summarize --block-size 1K "$folder/usr" | cut -f1)"
    printf 'Depends: %s\nDescription: %s\n%s\n' "$depends" "$short" "$long"
  } >"$folder/DEBIAN/control"
  (cd "$folder" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$folder/DEBIAN/md5sums"
  find "$folder" -exec touch --no-dereference --date "@$SOURCE_DATE_EPOCH" {} +
  dpkg-deb --root-owner-group --uniform-compression -Zxz --build "$folder" "$output" >&2
}

# move NAME FILE...: from the tree of all files into a package of their own
move() {
  local name=$1 file
  for file in "${@:2}"; do
    mkdir -p "$work/$name/usr/$(dirname "$file")"
    mv "$work/tree/usr/$file" "$work/$name/usr/$file"
  done
}

about=" Trains recurrent networks on text files, generates text from a prompt and
 measures perplexity, on an ordinary processor."
cp --recursive "$work/tree" "$work/archive"
move charlm-server lib/charlm/charlm-server
[ ! -e "$work/tree/usr/lib/charlm/libcharlm-mpi.so" ] || move charlm-mpi lib/charlm/libcharlm-mpi.so
mv "$work/tree" "$work/charlm"
depends=$(needs charlm charlm)
package charlm "character-level language models" "$about" "$depends"
depends=$(needs charlm-server charlm-server)
package charlm-server "server and page of charlm" "$about
 .
 This package contains the program that 'charlm serve' starts." \
  "charlm (= $version), $depends"
if [ -d "$work/charlm-mpi" ]; then
  depends=$(needs charlm-mpi libcharlm-mpi.so)
  package charlm-mpi "MPI for charlm" "$about
 .
 This package contains the library with which charlm runs as several processes
 of Open MPI." \
    "charlm (= $version), $depends"
fi

# MARK: Archive

name=charlm-$version-$(uname --machine)-linux
mv "$work/archive/usr" "$work/$name"
# The library for MPI is made for one MPI: scripts/build-mpi.sh makes it for another.
rm -f "$work/$name/lib/charlm/libcharlm-mpi.so"
cp LICENSE "$work/$name/share/doc/charlm"
tar --create --directory "$work" --sort name --owner 0 --group 0 --numeric-owner --format gnu \
  --mtime "@$SOURCE_DATE_EPOCH" "$name" | xz -9 >"$output/$name.tar.xz"

(cd "$output" && find . -type f -printf '%P\n' | LC_ALL=C sort | xargs sha256sum >SHA256SUMS)
cat "$output/SHA256SUMS"
