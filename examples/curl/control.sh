#!/bin/sh
# The control API by curl: how many sessions live, and what is told of one meetup.
#
#   sh control.sh HOST:5051 admin.pkeycert.pem root.cert.pem MEETUP
set -eu

ask() {
  path="$1"
  shift
  # With --get, what --data-urlencode names goes into the query.
  curl --silent --show-error --fail-with-body --max-time 10 --cacert "$root" --cert "$certificate" "https://$server$path" "$@"
  echo
}

server="$1" certificate="$2" root="$3" meetup="$4"
ask /v1/info
ask /v1/sessions --get --data-urlencode "filter=meetup_id = \"$meetup\""
