#!/bin/sh
# Lets the API servers reach the kubelets, as soon as the API answers. Every controller does so at
# every boot: whoever is first creates the objects, and for the others nothing changes.
set -eu

kubernetes=/var/lib/kubernetes
api=https://127.0.0.1:6443

until [ "$(curl -s --cacert $kubernetes/ca.pem "$api/healthz")" = ok ] &&
  kubectl --kubeconfig $kubernetes/admin.kubeconfig --server $api --cache-dir /run/hardbake/kubectl \
    apply -f /etc/kubernetes/rbac; do
  sleep 1
done
echo applied >/run/hardbake/rbac
