#!/bin/sh
# Waits until every service of the role is active, then makes /run/hardbake/ready.
set -eu

services="[=services]"
for service in $services; do
  until systemctl --quiet is-active "$service"; do
    sleep 0.3
  done
done
: >/run/hardbake/ready
echo "this [=role] is ready"
