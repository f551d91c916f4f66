#!/bin/sh
# Lets the API servers reach the kubelets, as soon as the API answers. Every controller does so at
# every boot: whoever is first creates the objects, and for the others nothing changes.
set -eu

kubernetes=/var/lib/kubernetes
api=https://127.0.0.1:6443

# One process that asks again and again over one connection: an emulated machine would spend more on
# processes and handshakes than on what it waits for.
curl --silent --fail-with-body --cacert $kubernetes/ca.pem \
  --retry 1000000 --retry-delay 1 --retry-all-errors "$api/healthz" >/dev/null
until kubectl --kubeconfig $kubernetes/admin.kubeconfig --server $api \
  --cache-dir /run/hardbake/kubectl apply -f /etc/kubernetes/rbac; do
  sleep 1
done
echo applied >/run/hardbake/rbac
