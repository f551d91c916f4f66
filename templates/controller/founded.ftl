#!/bin/sh
# Sees an etcd that took itself for a founder to the end of its first start: forgets that it did, once
# it works in a cluster, and has it started anew if it ends before, as it does, without an error, where
# the others have a cluster that removed it. `rejoin` looks again then.
set -eu

founding=${HARDBAKE_ROOT:-}/var/lib/hardbake/founding
if [ -e "$founding" ]; then
  "${0%/*}/healthy" https://127.0.0.1:2379/health
  rm "$founding"
  sync "${founding%/*}"
fi
