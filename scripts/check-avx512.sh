#!/usr/bin/env bash
# Compares, bit by bit, weights, texts and scores by AVX-512 with those by its emulation, with which the tests are
# compiled where the processor has no AVX-512. There this script runs Linux in Bochs, which emulates a whole processor
# and takes a quarter of an hour.
#
#   scripts/check-avx512.sh
set -euo pipefail
cd "$(dirname "$0")/.."

# build FOLDER OPTION...
build() {
  swift build --configuration release --product charlm --static-swift-stdlib --scratch-path "$@" >&2
}
build .build-static
build .build-emulated -Xcc -DCHARLM_EMULATE_AVX512

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/emulated"
head -c 20000 corpora/the-salt-road.txt >"$work/emulated/train.txt"
tail -c 1500 corpora/the-salt-road.txt >"$work/emulated/unseen.txt"
cp -r "$work/emulated" "$work/texts"
scripts/avx512-cases.sh "$PWD/.build-emulated/release/charlm" "$work/emulated" | tee "$work/expected"

# A disk with Linux, BusyBox, charlm and its libraries, which begins with the cases and prints to the serial port.
make_disk() {
  local system=$work/system disk=$work/disk library tool
  scripts/set-up.sh bochs bochsbios vgabios bochs-term isolinux syslinux-common xorriso busybox-static cpio
  mkdir -p "$system"/{bin,proc,dev,tmp,texts} "$disk"
  cp "$work/texts"/* "$system/texts"
  cp scripts/avx512-cases.sh /bin/busybox "$system/bin"
  cp .build-static/release/charlm "$system/bin"
  strip "$system/bin/charlm"
  for tool in sh mount sleep poweroff grep head tail od awk tr cut sha256sum; do ln -s busybox "$system/bin/$tool"; done
  for library in $(ldd "$system/bin/charlm" | grep -o '/[^ ]*'); do
    mkdir -p "$system$(dirname "$library")"
    cp --dereference "$library" "$system$library"
  done
  cat >"$system/init" <<'END'
#!/bin/sh
export PATH=/bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev
exec >/dev/ttyS0 2>&1
echo "== $(grep -m 1 'model name' /proc/cpuinfo)"
sh /bin/avx512-cases.sh /bin/charlm /texts
echo "== end"
sleep 1 # until the port has sent it
poweroff -f
END
  chmod +x "$system/init"
  (cd "$system" && find . | cpio --create --format=newc --quiet | gzip -1) >"$disk/system.gz"

  local kernel
  kernel=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: \(linux-image-.*\)/\1/p' | head -n 1)
  (
    cd "$work"
    apt-get download -o APT::Sandbox::User=root --quiet --quiet "$kernel"
    dpkg --extract linux-image-*.deb kernel
  )
  cp "$work"/kernel/boot/vmlinuz-* "$disk/vmlinuz"
  cp /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32 "$disk"
  # Bochs gives another size for compressed states of registers than Linux expects, which then does not use AVX.
  cat >"$disk/isolinux.cfg" <<'END'
DEFAULT linux
LABEL linux
  KERNEL vmlinuz
  APPEND initrd=system.gz console=ttyS0 loglevel=0 noxsaves clearcpuid=xsavec
END
  xorriso -as mkisofs -quiet -output "$work/disk.iso" -eltorito-boot isolinux.bin -eltorito-catalog boot.cat \
    -no-emul-boot -boot-load-size 4 -boot-info-table "$disk"
}

# run_in_bochs: prints what the cases print.
run_in_bochs() {
  make_disk
  cat >"$work/bochs" <<END
cpu: model=corei7_skylake_x, ips=50000000, ignore_bad_msrs=1
memory: guest=1024, host=1024
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/vgabios/vgabios.bin
ata0-master: type=cdrom, path=$work/disk.iso, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev=$work/serial
display_library: rfb, options="timeout=0"
log: $work/bochs.log
END
  echo continue >"$work/commands" # Debian's Bochs begins in its debugger
  timeout 7200 bochs -q -f "$work/bochs" -rc "$work/commands" </dev/null >"$work/bochs.out" 2>&1 || true
  tr -d '\r' <"$work/serial" | sed '0,/^== /d; /^== end/,$d'
}

if grep -q avx512vl /proc/cpuinfo; then
  scripts/avx512-cases.sh "$PWD/.build-static/release/charlm" "$work/texts" >"$work/found"
else
  run_in_bochs >"$work/found"
fi
diff "$work/expected" "$work/found"
echo "$(wc -l <"$work/found") cases: the same bits."
