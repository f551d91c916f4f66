#!/bin/sh
# Lets the API servers reach the kubelets. Every controller does so at every boot: whoever is first
# creates the objects, and for the others nothing changes.
set -eu

# It need not be healthy yet: what comes after an API server comes also after one that gave up while it
# started.
MAINPID=$$ "${0%/*}/healthy" https://127.0.0.1:6443/healthz
# kubectl 1.18 keeps a cache in the home directory, too, whatever --cache-dir says.
export HOME=/run/hardbake
until kubectl --kubeconfig /var/lib/kubernetes/admin.kubeconfig --server https://127.0.0.1:6443 \
  --cache-dir /run/hardbake/kubectl apply -f /etc/kubernetes/rbac; do
  sleep 1
done
echo applied >/run/hardbake/rbac
