#!/bin/sh
# Finds this machine's place in the cluster.
#
#   node [--partial] VALUES EARLIER OUT
#
# VALUES   what the seed says: lines of KEY=value
#            CONTROLLERS        "controller-0=10.240.0.10 controller-1=10.240.0.11 …", or names
#                               alone, to be looked up in DNS
#            CONTROLLER_COUNT   without CONTROLLERS: look up controller-0 to controller-(n-1)
#            NODE_NAME          this machine's name, if that is not its host name
#            INTERNAL_IP        the address at which others reach this machine
#            ETCD_HEARTBEAT_INTERVAL, ETCD_ELECTION_TIMEOUT
#                               in ms, for machines that are slow or far apart
# EARLIER  the node.env of before: its addresses count where DNS is silent
# OUT      node.env as the services of the role read it; OUT.hosts names for /etc/hosts
#
# INTERNAL_IP is, in order, what the seed says; the address that DNS has for this machine's name,
# 127.0.0.0/8 left out; the source address that the kernel would use to reach a controller.
#
# etcd's URLs hold names: certificates can know names before any machine has its address, and an
# address may change.
#
# Ends with 75 while this machine has no address yet, or controllers are missing that DNS may still
# learn; with --partial it goes on if this is possible without them.
# shellcheck source=functions
. "${0%/*}/functions"

is_controller="[=isController]"
in_cluster="[=inCluster]"
partial=false
if [ "$1" = --partial ]; then
  partial=true
  shift
fi
values=$1
earlier=$2
out=$3
warnings=${values%/*}/warnings

# lookup NAME: $words, its IPv4 addresses in DNS. Debian's own 127.0.1.1 is no address for others.
lookup() {
  addresses=''
  for each in $(dig +short +search +tries=1 +time=2 "$1" A 2>/dev/null || :); do
    case $each in
      127.*) ;;
      *) ! is_address "$each" || addresses="$addresses $each" ;;
    esac
  done
  words "$addresses"
}

# contains WORD LIST
contains() {
  case " $2 " in
    *" $1 "*) ;;
    *) return 1 ;;
  esac
}

# address_of NAME PAIRS: $address, what a list of name=address says of a name.
address_of() {
  address=''
  for pair in $2; do
    if [ "${pair%%=*}" = "$1" ] && [ "$pair" != "$1" ]; then
      address=${pair#*=}
    fi
  done
}

# $words, of all devices but lo.
own_addresses() {
  addresses=''
  devices=$(ip -o -4 addr show) || :
  while read -r _ device _ address _; do
    if [ -n "$device" ] && [ "$device" != lo ]; then
      addresses="$addresses ${address%%/*}"
    fi
  done <<END
$devices
END
  words "$addresses"
}

without_nat() { # ADDRESSES: $words; VirtualBox gives every machine the same address there
  addresses=''
  for each in $1; do
    case $each in
      10.0.2.*) ;;
      *) addresses="$addresses $each" ;;
    esac
  done
  words "$addresses"
}

refuse_nat() { # WHO ADDRESS
  case $2 in
    10.0.2.*)
      fail "the address of $1 is $2, which VirtualBox's NAT gives to every machine" \
        "add a private network, and say CONTROLLERS=\"name=address …\" in user-data"
      ;;
  esac
}

# source_towards ADDRESS: $address, from which the kernel would reach it; nothing if it would not.
source_towards() {
  address=''
  route=$(ip -4 -o route get "$1" 2>/dev/null) || return 0
  case $route in
    *" src "*)
      route=${route#* src }
      address=${route%% *}
      ;;
  esac
}

value "$values" NODE_NAME
node_name=$value
if [ -z "$node_name" ]; then
  first_line "$root/proc/sys/kernel/hostname"
  node_name=$line
fi
is_name "$node_name" || fail "'$node_name' is no host name" "write NODE_NAME=controller-0 in user-data"

value "$values" CONTROLLER_COUNT "[=controllerCount]"
wanted=$value
case $wanted in
  [1-9] | [1-9][0-9]) ;;
  *) fail "CONTROLLER_COUNT is '$wanted'" "write a number: 1, 3 or 5" ;;
esac
value "$values" CONTROLLERS
controllers=''
while [ -n "$value" ]; do # commas and spaces alike
  controllers="$controllers ${value%%,*}"
  case $value in
    *,*) value=${value#*,} ;;
    *) value='' ;;
  esac
done
words "$controllers"
controllers=$words
if [ -z "$controllers" ] && $in_cluster; then
  number=0
  while [ "$number" -lt "$wanted" ]; do
    controllers="$controllers controller-$number"
    number=$((number + 1))
  done
fi

# etcd itself would say so only in its journal, and start again and again.
value "$values" ETCD_HEARTBEAT_INTERVAL
heartbeat=$value
value "$values" ETCD_ELECTION_TIMEOUT
election=$value
for milliseconds in "${heartbeat:-100}" "${election:-1000}"; do
  case $milliseconds in
    0* | *[!0-9]* | ??????*)
      fail "'$milliseconds' is no number of milliseconds for etcd, from 1 to 50000" \
        "write ETCD_HEARTBEAT_INTERVAL=500 and ETCD_ELECTION_TIMEOUT=5000 in user-data"
      ;;
  esac
done
if [ "${election:-1000}" -lt $((${heartbeat:-100} * 5)) ] || [ "${election:-1000}" -gt 50000 ]; then
  fail "etcd does not accept an election timeout of ${election:-1000} ms with a heartbeat each ${heartbeat:-100} ms" \
    "say ETCD_ELECTION_TIMEOUT=… in user-data: at least five heartbeats, at most 50000"
fi

value "$earlier" CONTROLLERS
earlier_controllers=$value
own_addresses
local_addresses=$words
if [ -z "$local_addresses" ]; then
  if ! $partial; then
    echo "this machine has no IPv4 address yet" >&2
    exit 75 # EX_TEMPFAIL
  fi
  fail "this machine has no IPv4 address" "connect it to a network with IPv4; IPv6 alone does not do"
fi
names=''
found=''
missing=''
several=''
told=''
own=''
for controller in $controllers; do
  name=${controller%%=*}
  address_of "$name" "$controller"
  if ! is_name "$name" || { [ "$controller" != "$name" ] && ! is_address "$address"; }; then
    fail "CONTROLLERS has '$controller'" "write each controller as name=address, or its name alone"
  fi
  ! contains "$name" "$names" ||
    fail "CONTROLLERS has $name twice" "give each controller a name of its own"
  names="$names $name"
  if [ -n "$address" ]; then
    for pair in $told; do
      [ "${pair#*=}" != "$address" ] ||
        fail "CONTROLLERS gives $address to ${pair%%=*} and to $name" \
          "give each controller an address of its own"
    done
    told="$told $name=$address"
    [ "$name" != "$node_name" ] || own=$address
  elif [ "$name" != "$node_name" ]; then
    address_of "$name" "$earlier_controllers" # $address, if DNS does not know it
    lookup "$name"
    case $words in
      '') ;;
      *' '*) # Two machines with one name? The one that was there before counts.
        echo "DNS has several addresses for $name: $words" >>"$warnings"
        contains "$address" "$words" || { address='' && several="$several $name"; }
        ;;
      *) address=$words ;;
    esac
  fi
  if [ -n "$address" ]; then
    refuse_nat "$name" "$address"
    found="$found $name=$address"
  elif [ "$name" != "$node_name" ]; then
    missing="$missing $name"
  fi
done

if $is_controller && ! contains "$node_name" "$names"; then
  fail "this machine is called $node_name, and the controllers are$names" \
    "add it to CONTROLLERS, or name it with NODE_NAME or local-hostname"
fi

# Its own address.
value "$values" INTERNAL_IP
internal_ip=$value
if [ -n "$internal_ip" ]; then
  is_address "$internal_ip" ||
    fail "INTERNAL_IP is no IPv4 address: '$internal_ip'" "write INTERNAL_IP=10.240.0.10"
  [ -z "$own" ] || [ "$own" = "$internal_ip" ] ||
    fail "INTERNAL_IP is $internal_ip, and CONTROLLERS has $node_name=$own" "make them agree"
else
  internal_ip=$own
fi
if [ -n "$internal_ip" ]; then
  contains "$internal_ip" "$local_addresses" ||
    fail "$node_name should be $internal_ip, and this machine has $local_addresses" \
      "another machine has this name, or correct CONTROLLERS or INTERNAL_IP in user-data"
fi
if [ -z "$internal_ip" ]; then
  lookup "$node_name"
  known=$words
  for address in $known; do
    contains "$address" "$local_addresses" ||
      fail "DNS says that $node_name is $address, which is another machine: this one has $local_addresses" \
        "give each machine a name of its own"
  done
  internal_ip=$known
  without_nat "$known"
  usable=$words
  case $usable in
    *' '*) # Several networks: the one in which the controllers are.
      internal_ip=${usable%% *}
      for pair in $found; do
        source_towards "${pair#*=}"
        if contains "$address" "$usable"; then
          internal_ip=$address
          break
        fi
      done
      ;;
    ?*) internal_ip=$usable ;;
  esac
  case $internal_ip in
    '' | 10.0.2.*)
      for pair in $found; do
        source_towards "${pair#*=}"
        if [ -n "$address" ]; then
          internal_ip=$address
          break
        fi
      done
      ;;
  esac
fi
internal_ip=${internal_ip%% *}
if [ -z "$internal_ip" ] && ! $in_cluster; then
  internal_ip=${local_addresses%% *}
fi
[ -z "$internal_ip" ] || refuse_nat "$node_name" "$internal_ip"

# The reason, where there is one, that nothing is known.
refuse_several() {
  [ -z "$several" ] ||
    fail "DNS has several addresses for$several" \
      "give each machine a name of its own, or say CONTROLLERS=\"name=address …\" in user-data"
}

if [ -z "$internal_ip" ] && { [ -z "$missing" ] || $partial; }; then
  refuse_several
  fail "no address of this machine is known: DNS has none for $node_name, and no controller's" \
    "say INTERNAL_IP=… or CONTROLLERS=\"name=address …\" in user-data, or add them to DNS"
fi

words "$names"
total=$count
words "$missing"
known_count=$((total - count))
if [ -n "$missing" ] || [ -z "$internal_ip" ]; then
  if ! $partial; then
    echo "waiting for DNS to know$missing${internal_ip:+ (this machine is $internal_ip)}" >&2
    exit 75 # EX_TEMPFAIL
  fi
  if { $is_controller && [ "$((known_count * 2))" -le "$total" ]; } || [ "$known_count" -lt 1 ]; then
    refuse_several
    fail "DNS has no address for$missing" \
      "start them, or say CONTROLLERS=\"name=address …\" in user-data; CONTROLLER_COUNT if there are fewer"
  fi
fi

etcd_servers=''
initial_cluster=''
pairs=''
for name in $names; do
  etcd_servers="$etcd_servers,https://$name:2379"
  initial_cluster="$initial_cluster,$name=https://$name:2380"
  address_of "$name" "$found"
  if [ "$name" = "$node_name" ]; then
    address=$internal_ip
  fi
  pairs="$pairs $name${address:+=$address}"
done

{
  printf '%s\n' \
    "# Written by hardbake-firstboot.service at every boot. What should be different belongs into the" \
    "# seed: /var/lib/hardbake/seed/user-data" \
    "NODE_NAME=$node_name" "INTERNAL_IP=$internal_ip"
  if [ -n "$names" ]; then
    printf '%s\n' "CONTROLLERS=\"${pairs# }\"" "APISERVER_COUNT=$total" \
      "ETCD_SERVERS=${etcd_servers#,}" "INITIAL_CLUSTER=${initial_cluster#,}"
  fi
  # In etcd's own words: it takes them from its environment.
  printf '%s' "${heartbeat:+ETCD_HEARTBEAT_INTERVAL=$heartbeat$newline}" \
    "${election:+ETCD_ELECTION_TIMEOUT=$election$newline}"
} >"$out"

# Names that the seed gave an address may be known to nobody else.
for pair in $told; do
  echo "${pair#*=} ${pair%%=*}"
done >"$out.hosts"
