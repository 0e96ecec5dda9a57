#!/bin/sh
# Installs Envoy and the service of this built clone as systemd units. Safe to run again: it replaces the program and the units,
# and leaves alone whatever lies in /etc/ws-proxy. It starts nothing and restarts nothing.
#
#   npm install --no-save && npm run build
#   sudo deploy/systemd/install.sh --envoy PATH     PATH: an Envoy 1.40
#
# --nats PATH installs a nats-server too, for several replicas on this machine (docs/fleet.md).
# --destdir DIR installs below DIR and calls no systemctl, for packages and tests.
set -eu

fail() {
  echo "error: $1" >&2
  exit 1
}

dest=''
envoy=''
nats=''
while [ $# -gt 0 ]; do
  case $1 in
    --envoy) envoy=${2:?--envoy needs a path} && shift 2 ;;
    --nats) nats=${2:?--nats needs a path} && shift 2 ;;
    --destdir) dest=${2:?--destdir needs a folder} && shift 2 ;;
    *) fail "unknown argument $1: see the head of $0" ;;
  esac
done

here=$(cd "$(dirname "$0")" && pwd)
clone=$(cd "$here/../.." && pwd)
[ -n "$envoy" ] || fail 'say which Envoy: --envoy PATH'
[ -x "$envoy" ] || fail "$envoy is no program: name an Envoy 1.40"
[ -z "$nats" ] || [ -x "$nats" ] || fail "$nats is no program: name a nats-server"
[ -f "$clone/dist/cli/main.js" ] || fail "$clone is not built: run npm install --no-save && npm run build there"
[ -n "$dest" ] || [ "$(id -u)" = 0 ] || fail 'run it as root, or with --destdir'
command -v node > /dev/null || fail 'node is not on the PATH: install Node 20.19 or newer'
if [ -z "$dest" ]; then
  case $(readlink -f "$(command -v node)") in
    /home/* | /root/*) fail 'node is in a home directory, which the units cannot read: install it below /usr' ;;
  esac
fi

# The program, whole or not at all: made beside its place, then exchanged.
app=$dest/opt/ws-proxy
fresh=$app.new
rm -rf "$fresh"
mkdir -p "$fresh/libexec"
trap 'rm -rf "$fresh"' EXIT
for part in bin envoy observability page proto schema docs package.json LICENSE README.md; do
  cp -R "$clone/$part" "$fresh/"
done
cp -R "$clone/dist" "$fresh/dist"
rm -rf "$fresh/dist/test" "$fresh/dist/dev" "$fresh"/dist/.tsbuildinfo*
(cd "$clone" && npm ls --omit=dev --all --parseable) | sed -n "s|^$clone/node_modules/||p" | while IFS= read -r package; do
  mkdir -p "$fresh/node_modules/$package"
  cp -R "$clone/node_modules/$package/." "$fresh/node_modules/$package"
done
[ -d "$fresh/node_modules/ws" ] || fail "$clone has no packages: run npm install --no-save there"
install -m 0755 "$envoy" "$fresh/libexec/envoy"
install -m 0755 "$here/edge-files" "$here/nats" "$here/renew" "$here/wait-ready" "$fresh/libexec/"
# Installed again without --nats, the server that is there stays.
[ -n "$nats" ] || [ ! -e "$app/libexec/nats-server" ] || nats=$app/libexec/nats-server
[ -z "$nats" ] || install -m 0755 "$nats" "$fresh/libexec/nats-server"
chmod -R go-w,a+rX "$fresh"
rm -rf "$app.old"
[ ! -e "$app" ] || mv "$app" "$app.old"
mv "$fresh" "$app"
rm -rf "$app.old"

for unit in "$here"/*.service "$here"/*.path "$here"/*.timer "$here"/*.target; do
  [ -n "$nats" ] || [ "$(basename "$unit")" != ws-proxy-nats.service ] || continue
  install -D -m 0644 "$unit" "$dest/etc/systemd/system/$(basename "$unit")"
done
install -D -m 0644 "$here/ws-proxy.sysusers.conf" "$dest/usr/lib/sysusers.d/ws-proxy.conf"
mkdir -p "$dest/usr/local/bin"
ln -sfn /opt/ws-proxy/bin/ws-proxy.js "$dest/usr/local/bin/ws-proxy"

etc=$dest/etc/ws-proxy
mkdir -p "$etc/tls" "$etc/trust" "$etc/nats"
chmod 0700 "$etc/tls"
chmod 0750 "$etc/nats"
# The replicas' user and password at the NATS of this machine. It begins with a letter: else nats-server could take it for a number.
if [ -n "$nats" ] && [ ! -e "$etc/nats/user" ]; then
  (umask 077 && printf 'ws-proxy\np%s\n' "$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')" > "$etc/nats/user")
  chmod 0640 "$etc/nats/user"
fi
for file in "$here"/etc/*; do
  [ -e "$etc/$(basename "$file")" ] || install -m 0644 "$file" "$etc/$(basename "$file")"
done

if [ -z "$dest" ]; then
  systemd-sysusers ws-proxy.conf
  chgrp -R ws-proxy "$etc/nats"
  systemctl daemon-reload
fi

echo "installed in $dest/opt/ws-proxy and $dest/etc/ws-proxy"
[ -e "$etc/tls/server.key.pem" ] || echo "next: put server.cert.pem and server.key.pem into $etc/tls"
[ -e "$etc/trust/root.crl.pem" ] || echo "next: put root.cert.pem and root.crl.pem into $etc/trust"
echo 'then: systemctl enable --now ws-proxy.target (after an upgrade: systemctl restart ws-proxy)'
