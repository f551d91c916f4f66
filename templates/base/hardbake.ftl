#!/bin/sh
# Says how this machine is doing.
# shellcheck source=../../lib/hardbake/functions
. "${HARDBAKE_ROOT:-}/usr/lib/hardbake/functions"

if [ "${1:-}" != status ] || [ $# != 1 ]; then
  echo "usage: hardbake status" >&2
  exit 2
fi

node_env=$root/etc/hardbake/node.env
run=$root/run/hardbake
healthy=true

line() {
  printf '%-12s %s\n' "$1" "$2"
}

line role "[=role][#if kubernetes??] (Kubernetes [=kubernetes.version])[/#if]"
first_line "$root/proc/sys/kernel/hostname"
value "$node_env" NODE_NAME "$line"
line node "$value"
value "$node_env" INTERNAL_IP unknown
line address "$value"
label=controllers
value "$node_env" CONTROLLERS
for controller in $value; do
  case $controller in
    *=*) line "$label" "${controller%%=*} ${controller#*=}" ;;
    *) line "$label" "$controller (no address known)" ;;
  esac
  label=
done
label=services
services="[=services]"
for service in $services; do
  state=$(systemctl is-active "$service" || :)
  line "$label" "$service $state"
  label=
  if [ "$state" != active ]; then
    healthy=false
    if [ "$state" = inactive ]; then
      line '' "  comes after another that is not active, or was stopped: sudo journalctl -u $service"
    else
      line '' "  sudo journalctl -u $service says why"
    fi
  fi
done
if [ -e "$run/ready" ]; then
  line ready yes
else
  line ready no
  healthy=false
fi
if [ -e "$run/rbac" ]; then
  line rbac "$(cat "$run/rbac")"
fi
for file in "$run/seed/warnings" "$run/warnings"; do
  if [ -s "$file" ]; then
    while IFS= read -r warning; do
      line warning "$warning"
    done <"$file"
  fi
done 2>/dev/null
if [ -s "$run/problem" ]; then
  healthy=false
  line problem "$(cat "$run/problem")"
fi
$healthy
