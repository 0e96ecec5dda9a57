#!/bin/sh
# Entry point of each container of `ws-proxy` in docker-compose.fleet.yml. It takes the lowest number that is free, and with it a name that Envoy knows: one that
# stays when containers are made anew, since Envoy hashes over names. The number is a lock, which goes with the process however that ends.
set -eu
umask 077

run=${RUN:-/run/ws-proxy}
envoy=$run/envoy
slots=$run/slots
mkdir -p "$slots"

# One container at a time, until it has its number.
exec 8> "$slots/starting"
flock 8

number=1
while exec 9> "$slots/$number" && ! flock -n 9; do
  number=$((number + 1))
  if [ "$number" -gt "${SLOTS:-16}" ]; then
    echo "error: all ${SLOTS:-16} numbers are taken: raise WS_PROXY_SLOTS, or scale to fewer" >&2
    exit 1
  fi
done

# What has gone is taken from Envoy's list, as its address may be somebody else's by now.
for slot in "$slots"/[0-9]*; do
  other=${slot##*/}
  [ "$other" != "$number" ] || continue
  flock -n "$slot" true || continue
  rm "$slot"
  ws-proxy envoy replicas remove "replica-$other" --dir "$envoy" || true
done

own=$run/$number
mkdir -p "$own"
# On any of its networks; Envoy is on each.
address=${ADDRESS:-$(hostname -i)}
ws-proxy envoy replicas add \
  "replica-$number=unix:$own/proxy.sock,health=${address%% *}:${WS_PROXY_METRICS_PORT:-9464},control=unix:$own/control.sock" --dir "$envoy"
exec 8>&-

export WS_PROXY_REPLICA="replica-$number"
export WS_PROXY_LISTEN="unix:$own/proxy.sock"
export WS_PROXY_CONTROL_LISTEN="unix:$own/control.sock"
export WS_PROXY_HOP_LISTEN="unix:$own/hop.sock"
exec ws-proxy serve
