#!/bin/sh
# Finds this machine's values, makes them good, and lets the services of its role start.
#
#   firstboot         until it succeeds; the services of the role wait for its end
#   firstboot watch   from then on: follows what changes
#   firstboot pass [--partial]
#                     once: 0 done, 75 waiting for an address or peers, 78 something is wrong
#
# One pass collects the seed, does what is due once per instance, finds the node's place, and runs
# the role's own steps in firstboot.d. Each pass may be cut off anywhere and repeated. What is in
# the way stands in /run/hardbake/problem until a pass succeeds.
#
# Who brings something new need not wait for the next look: systemctl kill --kill-whom=main
# --signal=USR1 hardbake-firstboot hardbake-watch
#
# What running services have to be restarted for makes /run/hardbake/restart before it changes, and
# that stays until they were told: the pass that found it may fail later on, or be killed.
woken=false
trap 'woken=true' USR1
# shellcheck source=functions
. "${0%/*}/functions"

here=${0%/*}
run=$root/run/hardbake
node_env=$root/etc/hardbake/node.env
services="[=services]"
[ -d "$run" ] || mkdir -p "$run"

pass() {
  "$here/seed" "$run/seed"
  "$here/instance" "$run/seed"
  "$here/node" "$@" "$run/seed/values" "$node_env" "$run/node.env"
  for hook in "$here"/firstboot.d/*; do
    if [ -x "$hook" ]; then
      "$hook" "$run"
    fi
  done
  if [ -s "$run/node.env.hosts" ] || grep -q '^# hardbake: controllers$' "$root/etc/hosts"; then
    hosts=
    while read -r entry; do
      hosts="$hosts${hosts:+$newline}$entry"
    done <"$run/node.env.hosts"
    replace_block "$root/etc/hosts" controllers "$hosts"
  fi
  if [ ! -e "$node_env" ] || ! cmp -s "$run/node.env" "$node_env"; then
    # A peer's new address is nothing that the services here have to be restarted for.
    if [ ! -e "$node_env" ] || [ "$(grep -v '^CONTROLLERS=' "$run/node.env")" != \
      "$(grep -v '^CONTROLLERS=' "$node_env")" ]; then
      : >"$run/restart"
    fi
    text=
    said=node.env:
    while IFS= read -r entry; do
      text="$text${text:+$newline}$entry"
      case $entry in
        NODE_NAME=* | INTERNAL_IP=* | CONTROLLERS=*) said="$said $entry" ;;
      esac
    done <"$run/node.env"
    replace "$node_env" "$text"
    echo "$said"
  fi
  # Last, since a machine that has a name and an address is easier to help.
  if [ -e "$root/var/lib/hardbake/unconfigured" ]; then
    fail "dpkg has not configured all packages; dpkg --audit names them" \
      "journalctl -u hardbake-configure says why; when that is mended it goes on by itself"
  fi
}

# Says what is in the way, once.
note() {
  if ! cmp -s "$run/said" "$run/problem"; then
    cat "$run/said" >&2
    mv "$run/said" "$run/problem"
  fi
}

attempt() {
  result=0
  # A process of its own: errors end it, and what it starts does not inherit the lock.
  flock -o "$run/lock" "$0" pass "$@" 2>"$run/said" || result=$?
  if [ "$result" != 0 ]; then
    note
  else
    if [ -s "$run/said" ]; then
      cat "$run/said" >&2
    fi
    if [ -e "$run/problem" ]; then
      rm "$run/problem"
    fi
  fi
  return "$result"
}

# rest SECONDS SPENT LONGEST: till the next look, the longer the longer the last one took: where that
# is seconds, the machine is short of the processor, and a look is to have a sixth of it at most. Not
# longer than LONGEST for that: the clock goes on while a machine is suspended.
rest() {
  pause=$(($2 * 5))
  if [ "$pause" -gt "$3" ]; then
    pause=$3
  fi
  if [ "$pause" -lt "$1" ]; then
    pause=$1
  fi
  result=0
  if ! $woken; then
    sleep "$pause" &
    # A signal that came meanwhile would not end the waiting.
    $woken || wait $! || result=$?
    if $woken; then
      kill $! 2>/dev/null || :
      result=0
    fi
  fi
  woken=false
  return "$result"
}

if [ "${1:-}" = pass ]; then
  shift
  pass "$@"
  exit
fi

if [ "${1:-}" = watch ]; then
  spent=0
  while rest "[=watchSeconds]" "$spent" 120; do
    uptime
    before=$seconds
    if attempt --partial && [ -e "$run/restart" ]; then
      if [ -n "$services" ]; then
        echo "this machine's values have changed: restarting $services"
        # shellcheck disable=SC2086 # a list of words
        systemctl --no-block try-restart $services
      fi
      rm "$run/restart"
    fi
    uptime
    spent=$((seconds - before))
  done
  exit
fi

begun=false
if [ -e "$run/begun" ]; then
  begun=true
fi
: >"$run/begun"
uptime
first=$seconds
before=$seconds
said=0
partial=
until attempt $partial; do
  uptime
  waited=$((seconds - first))
  value "$run/seed/values" WAIT_SECONDS "[=waitSeconds]"
  bound=$value
  case $bound in
    '' | *[!0-9]* | ?????????*) bound="[=waitSeconds]" ;;
    # It would be taken for octal.
    0?*)
      bound=${bound#"${bound%%[!0]*}"}
      bound=${bound:-0}
      ;;
  esac
  if [ "$waited" -ge "$bound" ]; then
    partial=--partial
  elif [ $((waited / 10)) -gt "$said" ]; then
    said=$((waited / 10))
    echo "waited $waited of $bound s"
  fi
  # Who waits for long can wait a little longer: each look costs a dozen processes.
  pause=5
  if [ "$waited" -lt 10 ]; then
    pause=1
  elif [ "$waited" -lt 60 ]; then
    pause=2
  fi
  longest=$((bound - waited))
  if [ "$longest" -le 0 ] || [ "$longest" -gt 30 ]; then
    longest=30
  fi
  # Nor longer than it has waited: what is missing at first, such as a lease, comes soon.
  if [ "$longest" -gt "$waited" ]; then
    longest=$waited
  fi
  rest "$pause" "$((seconds - before))" "$longest"
  uptime
  before=$seconds
done
# The services start after this.
if [ -e "$run/restart" ]; then
  rm "$run/restart"
fi
# It had begun before and was killed: those who waited for it have given up.
if $begun; then
  systemctl --no-block start default.target
fi
