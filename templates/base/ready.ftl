#!/bin/sh
# Waits until every service of the role is active, then makes /run/hardbake/ready.
set -eu

services="[=services]"

# Asks for all of them at once: an emulated machine takes a third of a second for a question.
all_active() {
  # shellcheck disable=SC2086 # a list of words
  states=$(systemctl is-active $services) || :
  [ -n "$states" ] || return 1
  for state in $states; do
    [ "$state" = active ] || return 1
  done
}

if [ -n "$services" ]; then
  looks=0
  pause=0.3
  until all_active; do
    sleep "$pause"
    # What takes longer is short of the processor, or waits for other machines.
    looks=$((looks + 1))
    [ "$looks" -lt 50 ] || pause=3
  done
fi
: >/run/hardbake/ready
echo "this [=role] is ready"
