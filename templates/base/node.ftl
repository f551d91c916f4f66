#!/bin/sh
# Checks the values of this node and works out those that follow from them.
#
#   node NODE_ENV CLUSTER_ENV
#
# NODE_ENV is what a person, a provisioner or first boot writes. Lines of NAME=value as in systemd's
# EnvironmentFile=, quotes optional:
#
#   NODE_NAME     this machine's name among the controllers, or any other: controller-0
#   INTERNAL_IP   the address at which the other machines reach this one: 10.240.0.10
#   CONTROLLERS   all controllers in order: controller-0=10.240.0.10 controller-1=10.240.0.11 …
#
# CLUSTER_ENV is written from these, one, three or any number of controllers alike:
#
#   APISERVER_COUNT   3
#   ETCD_SERVERS      https://controller-0:2379,https://controller-1:2379,…
#   INITIAL_CLUSTER   controller-0=https://controller-0:2380,… (not ETCD_INITIAL_CLUSTER: etcd
#                     refuses a variable of that name beside the flag)
#   CONTROLLER0 …     the addresses one by one, for haproxy
#
# etcd's URLs hold names, since certificates can know names before any machine has its address.
# Where NODE_ENV itself gives APISERVER_COUNT, ETCD_SERVERS or ETCD_INITIAL_CLUSTER, that counts.
set -eu

node_env=$1
cluster_env=$2

fail() {
  echo "$node_env: $1" >&2
  echo "To mend it: $2, then: systemctl restart hardbake-node" >&2
  exit 78 # EX_CONFIG
}

# value NAME: the value as systemd would read it. The file is data and is never executed.
value() {
  sed -n "s/^$1=//p" "$node_env" | tail -n 1 | sed "s/[[:space:]]*\$//; s/^\"\(.*\)\"\$/\1/; s/^'\(.*\)'\$/\1/"
}

is_address() {
  printf '%s\n' "$1" | grep -Eqx '((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])'
}

is_name() {
  printf '%s\n' "$1" | grep -Eqx '[a-z0-9]([a-z0-9.-]*[a-z0-9])?'
}

[ -r "$node_env" ] || fail "there is no such file" "write NODE_NAME, INTERNAL_IP and CONTROLLERS into it"

node_name=$(value NODE_NAME)
internal_ip=$(value INTERNAL_IP)
controllers=$(value CONTROLLERS)

is_name "$node_name" || fail "NODE_NAME is not a host name: '$node_name'" "write NODE_NAME=controller-0"
is_address "$internal_ip" || fail "INTERNAL_IP is not an IPv4 address: '$internal_ip'" "write INTERNAL_IP=10.240.0.10"
[ -n "$controllers" ] || fail "CONTROLLERS is missing" "write CONTROLLERS=\"controller-0=10.240.0.10\""

count=0
addresses=''
etcd_servers=''
initial_cluster=''
for controller in $controllers; do
  name=${controller%%=*}
  address=${controller#*=}
  if ! is_name "$name" || ! is_address "$address"; then
    fail "CONTROLLERS has '$controller'" "write each controller as name=address"
  fi
  etcd_servers="${etcd_servers:+$etcd_servers,}https://$name:2379"
  initial_cluster="${initial_cluster:+$initial_cluster,}$name=https://$name:2380"
  addresses="${addresses}CONTROLLER$count=$address
"
  count=$((count + 1))
done

given=$(value APISERVER_COUNT)
count=${given:-$count}
given=$(value ETCD_SERVERS)
etcd_servers=${given:-$etcd_servers}
given=$(value ETCD_INITIAL_CLUSTER)
initial_cluster=${given:-$initial_cluster}

# Whole under its final name, or not there.
cat >"$cluster_env.part" <<END
APISERVER_COUNT=$count
ETCD_SERVERS=$etcd_servers
INITIAL_CLUSTER=$initial_cluster
$addresses
END
mv "$cluster_env.part" "$cluster_env"
