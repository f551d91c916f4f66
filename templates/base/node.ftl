#!/bin/sh
# Checks the values of this node and works out those that follow from them.
#
#   node NODE_ENV CLUSTER_ENV
#
# NODE_ENV is what a person, a provisioner or first boot writes: lines of NAME=value as systemd's
# EnvironmentFile= reads them, quotes optional.
#
#   CONTROLLERS   all controllers in order: "controller-0=10.240.0.10 controller-1=10.240.0.11 …"
#   NODE_NAME     this machine's name, if that is not its host name: controller-0
#   INTERNAL_IP   the address at which others reach this machine, if CONTROLLERS does not say it
#
# CLUSTER_ENV is written from these; one, three or any number of controllers are all the same.
#
#   NODE_NAME, INTERNAL_IP   as above
#   APISERVER_COUNT          3
#   ETCD_SERVERS             https://controller-0:2379,https://controller-1:2379,…
#   INITIAL_CLUSTER          controller-0=https://controller-0:2380,… (not ETCD_INITIAL_CLUSTER:
#                            etcd refuses a variable of that name beside the flag)
#   CONTROLLER0 …            the addresses one by one, for haproxy
#
# etcd's URLs hold names: certificates can know names before any machine has its address. Where
# NODE_ENV itself gives APISERVER_COUNT, ETCD_SERVERS or ETCD_INITIAL_CLUSTER, that counts.
set -eu

node_env=$1
cluster_env=$2
is_controller="[=isController]"

fail() {
  echo "$node_env: $1" >&2
  echo "To mend it: $2, then: systemctl restart hardbake-node; systemctl start default.target" >&2
  exit 78 # EX_CONFIG
}

# value NAME DEFAULT: the last value in the file, which is data and is never executed.
value() {
  found=$(sed -n "s/^[[:space:]]*$1=[[:space:]]*//p" "$node_env" | tail -n 1 |
    sed "s/[[:space:]]*\$//; s/^\"\(.*\)\"\$/\1/; s/^'\(.*\)'\$/\1/")
  echo "${found:-$2}"
}

is_name() {
  printf '%s\n' "$1" | grep -Eqx '[a-z0-9]([a-z0-9.-]*[a-z0-9])?'
}

is_address() {
  byte='(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])'
  printf '%s\n' "$1" | grep -Eqx "($byte\.){3}$byte"
}

[ -r "$node_env" ] || fail "there is no such file" "write CONTROLLERS=\"name=address …\" into it"
controllers=$(value CONTROLLERS '')
[ -n "$controllers" ] || fail "CONTROLLERS is missing" "write CONTROLLERS=\"name=address …\""
node_name=$(value NODE_NAME "$(uname -n)")
is_name "$node_name" || fail "'$node_name' is no host name" "write NODE_NAME=controller-0"

count=0
own_address=''
addresses=''
etcd_servers=''
initial_cluster=''
for controller in $controllers; do
  name=${controller%%=*}
  address=${controller#*=}
  if ! is_name "$name" || ! is_address "$address"; then
    fail "CONTROLLERS has '$controller'" "write each controller as name=address"
  fi
  if [ "$name" = "$node_name" ]; then
    own_address=$address
  fi
  etcd_servers="${etcd_servers:+$etcd_servers,}https://$name:2379"
  initial_cluster="${initial_cluster:+$initial_cluster,}$name=https://$name:2380"
  addresses="${addresses}CONTROLLER$count=$address
"
  count=$((count + 1))
done

if $is_controller && [ -z "$own_address" ]; then
  fail "CONTROLLERS does not name this machine, $node_name" "add $node_name=address"
fi
internal_ip=$(value INTERNAL_IP "$own_address")
if [ -n "$internal_ip" ] && ! is_address "$internal_ip"; then
  fail "INTERNAL_IP is no IPv4 address: '$internal_ip'" "write INTERNAL_IP=10.240.0.10"
fi

# Written beside and renamed: whole under its final name, or not there.
cat >"$cluster_env.part" <<END
NODE_NAME=$node_name
INTERNAL_IP=$internal_ip
APISERVER_COUNT=$(value APISERVER_COUNT "$count")
ETCD_SERVERS=$(value ETCD_SERVERS "$etcd_servers")
INITIAL_CLUSTER=$(value ETCD_INITIAL_CLUSTER "$initial_cluster")
$addresses
END
mv "$cluster_env.part" "$cluster_env"
