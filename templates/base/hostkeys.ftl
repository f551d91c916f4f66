#!/bin/sh
# Makes the ssh host keys of this machine, all of them and whole, even if the power fails: what
# ssh-keygen wrote last may be empty then, which sshd refuses and nobody replaces. While $part is there,
# they are not finished.
#
# No RSA key: every client that can still talk to this sshd with one knows the others, too, and finding
# its primes takes seconds where a machine is emulated.
# shellcheck source=functions
. "${0%/*}/functions"

ssh=$root/etc/ssh
part=$ssh/host-keys.part

# A copied disk may have it done by its unit and by firstboot at once.
exec 9<"$ssh"
flock 9

rm -rf "$part"
mkdir -p "$part/etc/ssh"
chmod 0700 "$part"
for type in ecdsa ed25519; do
  ssh-keygen -q -t "$type" -N '' -f "$part/etc/ssh/ssh_host_${type}_key"
done
sync "$part"/etc/ssh/*
mv "$part"/etc/ssh/* "$ssh/"
rm -rf "$part"
sync "$ssh"
