#!/bin/sh
# Writes the controllers into haproxy.cfg; the rest of the file is whoever's who edits it.
#
#   backends RUN
# shellcheck source=../functions
. "${0%/*}/../functions"

configuration=$root/etc/haproxy/haproxy.cfg

backends=
newline='
'
value "$1/node.env" CONTROLLERS
for controller in $value; do
  case $controller in
    *=*)
      backends="$backends${backends:+$newline}        server ${controller%%=*} ${controller#*=}:6443 check"
      ;;
  esac
done
replace_block "$configuration" controllers "$backends" "$1/haproxy.cfg"
if $block_changed; then
  grep -q '^ *# hardbake: controllers$' "$configuration" ||
    fail "$configuration has lost the line '# hardbake: controllers'" \
      "write it and '# hardbake: end' into backend k8sServers"
  said=$(haproxy -c -q -f "$1/haproxy.cfg" 2>&1) ||
    fail "haproxy does not take $configuration: $said" "correct it; haproxy -c -f checks it"
  replace "$configuration" <"$1/haproxy.cfg"
  systemctl --no-block try-reload-or-restart haproxy.service
  words "$backends"
  echo "haproxy: $words"
fi
