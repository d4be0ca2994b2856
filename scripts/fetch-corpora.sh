#!/usr/bin/env bash
# Gets the usual benchmark texts from their public homes into corpora/fetched/, which git ignores.
# They are not ours and are not committed. Run with --help for the usage.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: scripts/fetch-corpora.sh [tinyshakespeare|text8|enwik8|all]...

Gets texts into corpora/fetched/ and checks size and checksum. Without a name: tinyshakespeare.
A text that is there and good is not fetched again; one that is there and wrong is left alone.

  tinyshakespeare     1,115,394 bytes
  text8             100,000,000 bytes (a zip of 31 MB)
  enwik8            100,000,000 bytes (a zip of 36 MB)

Environment:
  CHARLM_CORPORA_MIRROR     address to use instead of the public homes; it holds the files
                            tinyshakespeare.txt, text8.zip and enwik8.zip (file:// works)
  CHARLM_CORPORA_DIRECTORY  folder to put the texts in, instead of corpora/fetched

Needs curl or wget, and unzip or python3 for the zips.
Exit codes: 0 all there and good, 1 a text could not be had, 64 wrong usage.
HELP
}

fail() {
  echo "fetch-corpora: $*" >&2
  exit 1
}

# Sets address, remote, file, bytes, algorithm and checksum. Each checksum is the published one.
describe() {
  case $1 in
    tinyshakespeare)
      address=https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt
      remote=tinyshakespeare.txt file=tinyshakespeare.txt bytes=1115394 algorithm=sha256
      checksum=86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed ;;
    text8)
      address=http://mattmahoney.net/dc/text8.zip
      remote=text8.zip file=text8 bytes=100000000 algorithm=md5
      checksum=3bea1919949baf155f99411df5fada7e ;;
    enwik8)
      address=http://mattmahoney.net/dc/enwik8.zip
      remote=enwik8.zip file=enwik8 bytes=100000000 algorithm=sha1
      checksum=57b8363b814821dc9d47aa4d41f58733519076b2 ;;
    *)
      echo "fetch-corpora: There is no text called '$1'; --help lists them." >&2
      exit 64 ;;
  esac
  if [[ -n ${CHARLM_CORPORA_MIRROR:-} ]]; then
    address=${CHARLM_CORPORA_MIRROR%/}/$remote
  fi
}

# Says what is wrong with the text in file $1; nothing if it is good.
fault() {
  local found
  found=$(wc -c <"$1" | tr -d ' ')
  if [[ $found != "$bytes" ]]; then
    echo "it has $found bytes instead of $bytes"
    return
  fi
  found=$("${algorithm}sum" <"$1" | cut -d ' ' -f 1)
  if [[ $found != "$checksum" ]]; then
    echo "its $algorithm is $found instead of $checksum"
  fi
}

download() { # address file
  if [[ $1 == file://* && ! -r ${1#file://} ]]; then
    return 1
  elif command -v curl >/dev/null; then
    curl --fail --location --silent --show-error --retry 2 --output "$2" "$1"
  elif [[ $1 == file://* ]]; then
    cp "${1#file://}" "$2"
  elif command -v wget >/dev/null; then
    wget --quiet --output-document="$2" "$1"
  else
    fail "Install curl or wget first."
  fi
}

extract() { # zip member file
  if command -v unzip >/dev/null; then
    unzip -p "$1" "$2" >"$3" 2>/dev/null
  elif command -v python3 >/dev/null; then
    python3 -c 'import shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive, archive.open(sys.argv[2]) as member:
    shutil.copyfileobj(member, sys.stdout.buffer)' "$1" "$2" >"$3" 2>/dev/null
  else
    fail "Install unzip or python3 first."
  fi
}

fetch() { # name
  local address remote file bytes algorithm checksum wrong
  describe "$1"
  if [[ -e $directory/$file ]]; then
    wrong=$(fault "$directory/$file")
    [[ -z $wrong ]] || fail "$directory/$file is not the published $1 ($wrong); move it away and run this again."
    echo "$directory/$file is there and good."
    return
  fi
  echo "Fetching $1 from $address"
  download "$address" "$temporary/$remote" || fail "Cannot fetch $1 from $address."
  if [[ $remote != "$file" ]]; then
    extract "$temporary/$remote" "$file" "$temporary/$file" || fail "Cannot unpack $file from what $address sent."
  fi
  wrong=$(fault "$temporary/$file")
  [[ -z $wrong ]] || fail "What $address sent is not the published $1 ($wrong)."
  mv -n "$temporary/$file" "$directory/$file"
  echo "$directory/$file: $bytes bytes, $algorithm good."
}

names=()
for argument in "${@:-tinyshakespeare}"; do
  case $argument in
    -h | --help) usage; exit 0 ;;
    all) names+=(tinyshakespeare text8 enwik8) ;;
    *) describe "$argument"; names+=("$argument") ;;
  esac
done

directory=${CHARLM_CORPORA_DIRECTORY:-$(cd "$(dirname "$0")/.." && pwd)/corpora/fetched}
mkdir -p "$directory"
# Beside the destination, so that the last step is a rename; only this folder is ever removed.
temporary=$(mktemp -d "$directory/.fetching.XXXXXX")
trap 'rm -rf "$temporary"' EXIT
for name in "${names[@]}"; do
  fetch "$name"
done
