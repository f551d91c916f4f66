#!/bin/sh
# Waits until a service of this machine is healthy: its unit has started then, and who asks it may start.
# Before, they would ask in vain, and take the processor that it needs to start.
#
#   healthy URL
set -eu

# With a certificate, since a recipe may turn anonymous questions off. One process that asks again and
# again over one connection: an emulated machine would spend more on processes and handshakes than on
# what it waits for.
certificates=${HARDBAKE_ROOT:-}/var/lib/kubernetes
until curl --silent --fail --output /dev/null --noproxy '*' --cacert "$certificates/ca.pem" \
  --cert "$certificates/kubernetes.pem" --key "$certificates/kubernetes-key.pem" \
  --retry 10 --retry-delay 1 --retry-all-errors "$1"; do
  # systemd starts a service that gave up anew, but not before this has ended.
  kill -0 "${MAINPID:-$$}" 2>/dev/null || exit 1
done
