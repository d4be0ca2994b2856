#!/usr/bin/env bash
# Checks charlm over "several hosts on one machine": two network namespaces with host names of their own, joined by
# veth, into which Open MPI's launcher starts one process each. Compares weights, kills a process, and holds the
# prediction of `charlm benchmark scale` against what it measures, for each rate of the wire (tc's tbf) and each delay of
# a message in microseconds (scripts/delaying_wire.py, which carries about a gigabit a second).
# Needs root, iproute2 and Open MPI; skipped without them.
#
#   scripts/check-processes-hosts.sh [RATE|DELAY]...     1gbit 10gbit 25gbit 100us 300us 1000us by default
#
# CHARLM names a command that is built already.
set -euo pipefail
cd "$(dirname "$0")/.."
settings=("$@")
[ ${#settings[@]} -gt 0 ] || settings=(1gbit 10gbit 25gbit 100us 300us 1000us)

skip() {
  echo "Skipped: the checks over several hosts, because $1." >&2
  exit 0
}
for program in ip tc unshare mpirun.openmpi mpicc.openmpi; do
  command -v $program >/dev/null || skip "'$program' is missing"
done
[ "$(id -u)" = 0 ] || skip "only root makes network namespaces"

if [ -z "${CHARLM:-}" ]; then
  swift build --configuration release --product charlm >&2
  CHARLM=.build/release/charlm
fi
charlm=$(realpath "$CHARLM")
corpus=$(realpath corpora/the-salt-road.txt)
folder=$(mktemp -d)
hosts=(10.77.0.1 10.77.0.2)
name() { echo "charlm-host-${1##*.}"; }
clean_up() {
  for host in "${hosts[@]}"; do ip netns delete "$(name "$host")" 2>/dev/null || true; done
  rm -rf "$folder"
}
trap clean_up EXIT
MPICC=mpicc.openmpi scripts/build-mpi.sh "$folder"
for host in "${hosts[@]}"; do ip netns add "$(name "$host")" || skip "network namespaces are not allowed here"; done
ip link add charlm-a netns "$(name "${hosts[0]}")" type veth peer name charlm-b netns "$(name "${hosts[1]}")"
devices=(charlm-a charlm-b)
switch_on() {
  for i in 0 1; do
    in_host "${hosts[i]}" ip address add "${hosts[i]}/24" dev ${devices[i]}
    in_host "${hosts[i]}" ip link set ${devices[i]} up
    in_host "${hosts[i]}" ip link set lo up
  done
}
in_host() { # in_host HOST COMMAND...
  local host=$1
  shift
  ip netns exec "$(name "$host")" unshare --uts sh -c 'hostname "$0" && exec "$@"' "$(name "$host")" "$@"
}
switch_on

# What Open MPI's launcher calls in place of ssh: HOST COMMAND...
cat >"$folder/agent" <<AGENT
#!/bin/bash
host=\$1
shift
exec ip netns exec charlm-host-\${host##*.} unshare --uts sh -c "hostname charlm-host-\${host##*.}; \$*"
AGENT
chmod +x "$folder/agent"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 CHARLM_MPI_LIBRARY=$folder/libcharlm-mpi.so
over_hosts() { # over_hosts ARGUMENTS...
  in_host "${hosts[0]}" mpirun.openmpi --host "${hosts[0]}:1,${hosts[1]}:1" -n 2 --bind-to none \
    --mca plm_rsh_agent "$folder/agent" --mca btl tcp,self --mca pml ob1 --mca btl_tcp_if_include 10.77.0.0/24 \
    --mca oob_tcp_if_include 10.77.0.0/24 -x CHARLM_MPI_LIBRARY "$charlm" "$@" --threads 1
}
weights() { python3 -c 'import hashlib, struct, sys
data = open(sys.argv[1], "rb").read()
print(hashlib.sha256(data[8 + struct.unpack("<Q", data[:8])[0]:]).hexdigest()[:16])' "$1"; }

options=(--hidden-size 64 --layers 2 --dropout 0.2 --max-steps 100 --shards 2 --quiet --overwrite)
"$charlm" train "$corpus" --output "$folder/one.safetensors" "${options[@]}"
over_hosts train "$corpus" --output "$folder/two.safetensors" "${options[@]}"
one=$(weights "$folder/one.safetensors")
two=$(weights "$folder/two.safetensors")
echo "Weights of one process: $one; of two on two hosts: $two"
[ "$one" = "$two" ]

over_hosts train "$corpus" --output "$folder/killed.safetensors" --hidden-size 64 --max-steps 100000 --quiet \
  --checkpoint-every 0.01 2>"$folder/messages" &
launcher=$!
sleep 5
begin=$(date +%s%N)
pkill -9 -n -x charlm # the newest: on the other host
status=0
wait $launcher || status=$?
echo "A process on the other host was killed: all ended after $(($(date +%s%N) / 1000000 - begin / 1000000)) ms, status $status"
grep 'charlm:' "$folder/messages" || true
[ "$status" != 0 ]

limit() { # limit RATE
  for i in 0 1; do
    in_host "${hosts[i]}" tc qdisc replace dev ${devices[i]} root tbf rate "$1" burst 256kb latency 50ms 2>/dev/null \
      || return 1
  done
}
delay() { # delay MICROSECONDS
  if [ -n "${wire_PID:-}" ]; then
    exec {wire[1]}>&-
    wait "$wire_PID" || true
  else
    in_host "${hosts[0]}" ip link delete charlm-a
  fi
  coproc wire { exec python3 scripts/delaying_wire.py "$1" \
    "$(name "${hosts[0]}")" charlm-a "$(name "${hosts[1]}")" charlm-b; }
  read -r -u "${wire[0]}" || return 1
  switch_on
  for i in 0 1; do in_host "${hosts[i]}" ip link set ${devices[i]} mtu 9000; done
}
for setting in "${settings[@]}"; do
  case $setting in
    *us) delay "${setting%us}" ;;
    *) limit "$setting" ;;
  esac || { echo "Skipped: $setting, because this kernel cannot do it." >&2; continue; }
  for layers in 1 2; do
    echo "== $setting"
    over_hosts benchmark scale --hidden-size 512 --layers $layers --batch-size 32 --seconds 3 |
      awk 'NR <= 3 || $1 == 2 || $1 == 1'
  done
done
