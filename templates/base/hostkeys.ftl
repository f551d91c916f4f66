#!/bin/sh
# Makes the ssh host keys of this machine, all of them and whole, even if the power fails: what
# ssh-keygen wrote last may be empty then, which sshd refuses and nobody replaces. While $part is there,
# they are not finished.
# shellcheck source=functions
. "${0%/*}/functions"

ssh=$root/etc/ssh
part=$ssh/host-keys.part

rm -rf "$part"
mkdir -p "$part/etc/ssh"
chmod 0700 "$part"
ssh-keygen -A -f "$part"
sync "$part"/etc/ssh/*
mv "$part"/etc/ssh/* "$ssh/"
rm -rf "$part"
sync "$ssh"
