#!/bin/sh
# Lets an etcd that lost its data back into its cluster. Its unit runs this before each start.
#
#   rejoin OUT
#
# OUT   MEMBERSHIP, flags that overrule those in the unit; not written where none is needed
#
# Without data, etcd takes itself for a founder of the cluster, and members that have met it refuse
# it. So it leaves the cluster as the member whose data is lost, and joins as a new one, which a
# majority of members has to agree to. Where no member works, the cluster is just being founded.
# Until a founder has worked in a cluster, `founded` keeps a mark of it: it may have founded one only
# since the others could not be reached.
# shellcheck source=functions
. "${0%/*}/functions"

out=$1
kubernetes=$root/var/lib/kubernetes

founding=$root/var/lib/hardbake/founding
owner=$root/var/lib/hardbake/etcd-owner

value "$root/etc/hardbake/node.env" NODE_NAME
name=$value
value "$root/etc/hardbake/node.env" CONTROLLERS
controllers=$value

# etcd makes this whole or not at all; before, it has no data. It is what makes a member, whatever
# name it is told: a copy of it would vote in another's place.
data=false
if [ -d "$root/var/lib/etcd/member/wal" ]; then
  data=true
fi
first_line "$owner"
if [ "$line" != "$name" ]; then
  words "$controllers"
  if $data && [ -n "$line" ] && [ "$count" -gt 1 ]; then
    fail "the data of etcd here is that of $line, and this machine is called $name" \
      "give it its name again; or let it join as $name, without that data: rm -r $root/var/lib/etcd/member"
  fi
  replace "$owner" "$name"
fi
# What a majority has agreed on is no founding any more, such as the URLs that a member announces once it
# has met one; a founder that is alone never sees its own agreed on.
if $data; then
  if [ -e "$founding" ] && grep -qsF "\"clientURLs\":[\"https://$name:2379\"]" "$root/var/lib/etcd/member/snap/db"; then
    rm -f "$founding"
  fi
  [ -e "$founding" ] || exit 0
fi
lost='etcd has no data here'
if $data; then
  lost='etcd has met no majority yet'
fi

# fetch URL: $answer. Where nobody is there it fails soon: most machines that are asked are yet to
# start. Who takes the connection and gives no answer is $mute. Of HTTP/2, etcd's port for members
# breaks the streams.
mute=''
fetch() {
  if answer=$(curl --silent --fail --http1.1 --noproxy '*' --connect-timeout 5 --max-time 15 \
    --write-out '\n%{num_connects}' --cacert "$kubernetes/ca.pem" \
    --cert "$kubernetes/kubernetes.pem" --key "$kubernetes/kubernetes-key.pem" "$1"); then
    answer=${answer%"$newline"*}
  else
    [ "${answer##*"$newline"}" = 0 ] || mute=$1
    return 1
  fi
}

# What others may know must not be decided without them: a starved machine is slow, not absent.
hear() {
  [ -z "$mute" ] ||
    fail "$lost, and $mute gave no answer" \
      "it is tried again; if it stays so, look there: journalctl -u etcd"
}

found() {
  : >"$founding"
  exit 0
}

# record_of NAME: $record, what $answer says of a member: {"id":1,"peerURLs":["https://NAME:2380"],
# "name":"NAME","clientURLs":["https://NAME:2379"]}. Who joins has no name before its first start,
# and who never started has no clientURLs.
record_of() {
  record=''
  case $answer in
    *"\"https://$1:2380\""*)
      record=${answer#*"\"https://$1:2380\""}
      record=${record%%\}*}
      ;;
  esac
}

started() {
  case $record in
    *'"clientURLs"'*) ;;
    *) return 1 ;;
  esac
}

# The others that work, and what one of them knows.
others=''
members=''
for controller in $controllers; do
  other=${controller%%=*}
  if [ "$other" != "$name" ] && fetch "https://$other:2380/members"; then
    record_of "$other"
    if started; then
      others="$others $other"
      members=$answer
    fi
  fi
done
if [ -z "$others" ]; then
  hear
  found
fi
answer=$members
record_of "$name"
case $record in
  *'"name"'*) started || found ;; # A founder that comes late.
esac

endpoints=''
for other in $others; do
  endpoints="$endpoints,https://$other:2379"
done

ask() {
  ETCDCTL_API=3 etcdctl --endpoints="${endpoints#,}" --command-timeout=20s \
    --cacert="$kubernetes/ca.pem" --cert="$kubernetes/kubernetes.pem" \
    --key="$kubernetes/kubernetes-key.pem" "$@" ||
    fail "$lost, and$others could not take $name in again" \
      "it is tried again; where half of the members or more are lost, restore a snapshot"
}

# list: $initial, all members as etcd's flag has them; $met, how many; $id of this one.
list() {
  initial=''
  met=0
  id=''
  list=$(ask member list)
  while IFS=', ' read -r member _ rest; do
    url=https://${rest#*https://}
    url=${url%%,*}
    host=${url#https://}
    host=${host%:*}
    if [ "$host" = "$name" ]; then
      id=$member
    fi
    initial="$initial,$host=$url"
    met=$((met + 1))
  done <<END
$list
END
}

# Two machines of one name would remove each other for ever.
refuse_living() {
  mute=''
  for other in $others; do
    if fetch "https://$other:2379/metrics" && printf '%s\n' "$answer" |
      grep -q "^etcd_network_active_peers{.*Remote=\"$id\"} 1$"; then
      fail "$lost, and $other still speaks with $name" \
        "wait some seconds; if it stays so, give each machine a name and an address of its own"
    fi
  done
  hear
}

list
if started; then
  refuse_living
  echo "the data of etcd is lost: $name leaves the cluster and joins anew"
  ask member remove "$id"
  id=''
elif [ -z "$id" ]; then
  # Where few are to become many, nothing is decided until the newcomer works, should it ever.
  words "$controllers"
  [ "$((met * 2))" -gt "$count" ] ||
    fail "etcd's cluster has $met of $count controllers, and $name is none of them" \
      "correct CONTROLLERS; or let it join: etcdctl --endpoints=${endpoints#,} --cacert=$kubernetes/ca.pem --cert=$kubernetes/kubernetes.pem --key=$kubernetes/kubernetes-key.pem member add $name --peer-urls=https://$name:2380"
fi
if [ -z "$id" ]; then
  # At most what a founder wrote whom the others do not know.
  rm -rf "$root/var/lib/etcd/member"
  ask member add "$name" --peer-urls="https://$name:2380"
  list
fi
rm -f "$founding"
echo "MEMBERSHIP=\"--initial-cluster=${initial#,} --initial-cluster-state=existing\"" >"$out"
