#!/bin/sh
# Writes the controllers into haproxy.cfg; the rest of the file is whoever's who edits it.
#
#   backends RUN
# shellcheck source=../functions
. "${0%/*}/../functions"

configuration=$root/etc/haproxy/haproxy.cfg

grep -q '^ *# hardbake: controllers$' "$configuration" ||
  fail "$configuration has lost the line '# hardbake: controllers'" \
    "write it and '# hardbake: end' into backend k8sServers"

cp "$configuration" "$1/haproxy.cfg"
for controller in $(value "$1/node.env" CONTROLLERS); do
  case $controller in
    *=*) echo "        server ${controller%%=*} ${controller#*=}:6443 check" ;;
  esac
done >"$1/backends"
replace_block "$1/haproxy.cfg" controllers <"$1/backends"
if $block_changed; then
  said=$(haproxy -c -q -f "$1/haproxy.cfg" 2>&1) ||
    fail "haproxy does not take $configuration: $said" "correct it; haproxy -c -f checks it"
  replace "$configuration" <"$1/haproxy.cfg"
  systemctl --no-block try-reload-or-restart haproxy.service
  echo "haproxy: $(tr -s ' \n' ' ' <"$1/backends")"
fi
