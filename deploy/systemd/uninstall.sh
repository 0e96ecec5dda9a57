#!/bin/sh
# Takes away what install.sh put into place. What lies in /etc/ws-proxy and /var/log/ws-proxy stays, unless --purge is given.
set -eu

fail() {
  echo "error: $1" >&2
  exit 1
}

dest=''
purge=no
while [ $# -gt 0 ]; do
  case $1 in
    --purge) purge=yes && shift ;;
    --destdir) dest=${2:?--destdir needs a folder} && shift 2 ;;
    *) fail "unknown argument $1: --purge or --destdir DIR" ;;
  esac
done
[ -n "$dest" ] || [ "$(id -u)" = 0 ] || fail 'run it as root, or with --destdir'

# Stopped together, in their order: the service drains before Envoy goes.
units='ws-proxy.service ws-proxy-nats.service ws-proxy-envoy.service ws-proxy-edge-files.path ws-proxy-edge-files.service ws-proxy-renew.timer ws-proxy-renew.service'
if [ -z "$dest" ] && [ -e /etc/systemd/system/ws-proxy.target ]; then
  systemctl stop 'ws-proxy@*.service' || true
  systemctl disable ws-proxy@.service || true
  # shellcheck disable=SC2086
  systemctl disable --now ws-proxy.target $units || true
fi

for unit in ws-proxy.target ws-proxy@.service $units; do
  rm -f "$dest/etc/systemd/system/$unit"
done
rm -f "$dest/usr/lib/sysusers.d/ws-proxy.conf" "$dest/usr/local/bin/ws-proxy"
rm -rf "$dest/opt/ws-proxy" "$dest/opt/ws-proxy.old" "$dest/opt/ws-proxy.new"

if [ -z "$dest" ]; then
  systemctl daemon-reload
  rm -rf /run/ws-proxy /run/ws-proxy-edge
fi
if [ "$purge" = yes ]; then
  rm -rf "$dest/etc/ws-proxy" "$dest/var/log/ws-proxy" "$dest/var/lib/ws-proxy-nats" "$dest/var/lib/private/ws-proxy-nats"
  echo 'uninstalled; the user ws-proxy stays: userdel ws-proxy'
else
  echo "uninstalled; $dest/etc/ws-proxy and $dest/var/log/ws-proxy stay (--purge removes them)"
fi
