#!/bin/sh
# What happens once for each instance, and the host name.
#
#   instance SEED
#
# A disk that is copied after its first boot and given another instance-id becomes a new machine:
# with host keys and a machine-id of its own.
# shellcheck source=functions
. "${0%/*}/functions"

seed=$1
state=$root/var/lib/hardbake
first_line "$state/instance"
known=$line
value "$seed/values" INSTANCE_ID "${known:-local}"
id=$value

value "$seed/values" LOCAL_HOSTNAME
host_name=$value
if [ -n "$host_name" ]; then
  is_name "$host_name" ||
    fail "local-hostname: '$host_name' is no host name" "write it in lower case: controller-0"
  first_line "$root/etc/hostname"
  if [ "$line" != "$host_name" ]; then
    replace "$root/etc/hostname" "$host_name"
  fi
  first_line "$root/proc/sys/kernel/hostname"
  if [ "$line" != "$host_name" ]; then
    hostname "$host_name"
    echo "this machine is now called $host_name"
  fi
fi

# Before an id was given there was none: that is the same machine.
if [ -n "$known" ] && [ "$known" != local ] && [ "$known" != "$id" ]; then
  echo "this is another instance ($id, was $known): making host keys and a machine-id of its own"
  rm -f "$root"/etc/ssh/ssh_host_*_key "$root"/etc/ssh/ssh_host_*_key.pub
  "${0%/*}/hostkeys"
  : >"$root/etc/machine-id"
  systemd-machine-id-setup ${root:+--root="$root"}
  sync "$root/etc/machine-id"
  systemctl try-restart ssh.service || :
fi

# Marked after it ran: a script that the power cut interrupted runs again. Not for ever: one that
# restarts the machine would be all that the machine does.
first_line "$state/script-ran"
if [ -e "$seed/script" ] && [ "$line" != "$id" ]; then
  first_line "$state/script-begun"
  attempt=1
  case $line in
    "$id 1") attempt=2 ;;
    "$id 2") attempt=3 ;;
  esac
  first_line "$seed/script"
  script=$line
  rm -f "$state/script-failed"
  if [ "$attempt" -gt 2 ]; then
    flaw="was interrupted twice, and is not run again"
    echo "the script in user-data $flaw"
  else
    replace "$state/script-begun" "$id $attempt"
    echo "running $script, once for instance $id"
    # Not below /run, which Debian's own initramfs mounts noexec.
    (umask 077 && cp "$script" "$state/user-script")
    chmod 0700 "$state/user-script"
    result=0
    "$state/user-script" </dev/null || result=$?
    rm "$state/user-script"
    flaw=''
    [ "$result" = 0 ] || flaw="ended with $result"
  fi
  if [ -n "$flaw" ]; then
    replace "$state/script-failed" "the script in user-data $flaw"
  fi
  rm -f "$state/script-begun"
  replace "$state/script-ran" "$id"
fi
if [ -e "$state/script-failed" ]; then
  cat "$state/script-failed" >>"$seed/warnings"
fi

if [ "$known" != "$id" ]; then
  replace "$state/instance" "$id"
fi
