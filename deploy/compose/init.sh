#!/bin/sh
# Runs once before the others, and again for `docker compose run --rm init revoke gateway` or `… init renew`: looks after the certificates in
# /var/lib/ws-proxy/pki, hands each container what it needs and no more, and writes Envoy's configuration.
set -eu
umask 077

pki=/var/lib/ws-proxy/pki
tls=/etc/ws-proxy/tls
trust=/etc/ws-proxy/trust

if [ $# -gt 0 ]; then
  ws-proxy certs "$@" --dir "$pki"
else
  ws-proxy certs dev --dir "$pki"
fi

# By rename, so that nobody reads half a file. The key of the root stays where it is.
publish() {
  cp "$1" "$2/.$(basename "$1").new"
  mv -f "$2/.$(basename "$1").new" "$2/$(basename "$1")"
}
publish "$pki/server.key.pem" "$tls"
publish "$pki/server.cert.pem" "$tls"
publish "$pki/root.cert.pem" "$trust"
publish "$pki/root.crl.pem" "$trust"
# Envoy starts before the service, which from then on puts each list that passed its checks here.
[ -e /run/ws-proxy/trust/root.crl.pem ] || publish "$pki/root.crl.pem" /run/ws-proxy/trust

# EDGE_FLAGS are words: split them.
# shellcheck disable=SC2086
ws-proxy envoy render --dir /run/ws-proxy/envoy \
  --server-cert "$tls/server.cert.pem" --server-key "$tls/server.key.pem" \
  --client-ca "$trust/root.cert.pem" --client-crl /run/ws-proxy/trust/root.crl.pem \
  --stats-port 9902 ${EDGE_FLAGS:-}
