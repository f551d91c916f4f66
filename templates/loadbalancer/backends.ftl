#!/bin/sh
# Writes the controllers into haproxy.cfg; the rest of the file is whoever's who edits it.
#
#   backends RUN
# shellcheck source=../functions
. "${0%/*}/../functions"

configuration=$root/etc/haproxy/haproxy.cfg

backends=
value "$1/node.env" CONTROLLERS
for controller in $value; do
  case $controller in
    *=*)
      backends="$backends${backends:+$newline}        server ${controller%%=*} ${controller#*=}:6443 check"
      ;;
  esac
done
edit_block "$configuration" controllers "$backends"
if $block_changed; then
  # haproxy starts once this machine has its values, and then it checks them by itself.
  started=false
  if [ -e "$root/etc/hardbake/node.env" ]; then
    started=true
  fi
  $block_met ||
    fail "$configuration has lost the line '# hardbake: controllers'" \
      "write it and '# hardbake: end' into backend k8sServers"
  if $started; then
    printf '%s\n' "$edited" >"$1/haproxy.cfg"
    said=$(haproxy -c -q -f "$1/haproxy.cfg" 2>&1) ||
      fail "haproxy does not take $configuration: $said" "correct it; haproxy -c -f checks it"
  fi
  replace "$configuration" "$edited"
  if $started; then
    systemctl --no-block try-reload-or-restart haproxy.service
  fi
  words "$backends"
  echo "haproxy: $words"
fi
