#!/bin/sh
# Collects what this machine was told.
#
#   seed OUT
#
# First found wins, value by value; credentials come from the first place that has any that the role
# asks for:
#
#   /var/lib/hardbake/seed   a directory that a provisioner put there, or a mount
#   CIDATA                   a disk with this label, as for cloud-init's NoCloud
#   HARDBAKE_KEY=value       in the environment of process 1, then on the kernel's command line
#
# A directory and a disk hold the same files: meta-data (instance-id, local-hostname), user-data
# (lines of KEY=value, or a script that runs once per instance), and credentials by their names.
#
# OUT/values gets KEY=value lines, OUT/credentials the directories in which credentials may be, the
# first one first, OUT/script the path of the script, OUT/warnings what was not understood.
# shellcheck source=functions
. "${0%/*}/functions"

out=$1
taken=' '
carriage_return=$(printf '\r')

known() {
  case $1 in
    INSTANCE_ID | LOCAL_HOSTNAME | NODE_NAME | INTERNAL_IP | CONTROLLERS | CONTROLLER_COUNT | \
      WAIT_SECONDS | ETCD_HEARTBEAT_INTERVAL | ETCD_ELECTION_TIMEOUT) ;;
    *) return 1 ;;
  esac
}

# take KEY VALUE: from what stands in $place
take() {
  if ! known "$1"; then
    echo "$place: nothing is known by the name $1" >>"$out/warnings"
  else
    case $taken in
      *" $1 "*) ;;
      *)
        taken="$taken$1 "
        unquoted "$2"
        printf '%s=%s\n' "$1" "$value" >>"$out/values"
        ;;
    esac
  fi
}

read_user_data() {
  place=$1
  IFS= read -r first <"$1" || [ -n "$first" ] || return 0
  case $first in
    '#!'*)
      [ -e "$out/script" ] || echo "$1" >"$out/script"
      return 0
      ;;
    '#cloud-config'* | [Cc]ontent-[Tt]ype:* | '#include'*)
      fail "$place: this is cloud-init's own language, which is not read here" \
        "write lines of KEY=value, or a script that begins with #!"
      ;;
  esac
  while read -r line || [ -n "$line" ]; do
    line=${line%"$carriage_return"}
    case $line in
      '' | '#'*) ;;
      [A-Z]*=*)
        name=${line%%=*}
        take "${name#HARDBAKE_}" "${line#*=}"
        ;;
      *) fail "$place: '$line' is no KEY=value" "write each value as KEY=value on a line of its own" ;;
    esac
  done <"$1"
}

read_meta_data() {
  place=$1
  while IFS=':' read -r name text || [ -n "$name" ]; do
    text=${text%"$carriage_return"}
    text=${text#"${text%%[! ]*}"}
    case $name in
      instance-id) take INSTANCE_ID "$text" ;;
      local-hostname) take LOCAL_HOSTNAME "$text" ;;
    esac
  done <"$1"
}

read_directory() {
  if [ -s "$1/meta-data" ]; then
    read_meta_data "$1/meta-data"
  fi
  if [ -s "$1/user-data" ]; then
    read_user_data "$1/user-data"
  fi
  if [ -d "$1" ]; then
    echo "$1" >>"$out/credentials"
  fi
}

is_disk_there() {
  [ -e "$root/dev/disk/by-label/CIDATA" ] || [ -e "$root/dev/disk/by-label/cidata" ]
}

# A disk is read once, and again when udev has seen another. What it said of values stays when it
# is taken away; its keys do not lie about.
read_disk() {
  copy=$root/run/hardbake/cidata
  kept=$root/var/lib/hardbake/cidata
  # udev loads drivers for seconds: only wait for the disk where it is not there yet.
  if ! is_disk_there && [ -e "$root/run/udev/control" ] &&
    [ ! -e "$root/run/hardbake/udev-settled" ]; then
    udevadm settle --timeout=10 || :
    : >"$root/run/hardbake/udev-settled"
  fi
  for link in "$root/dev/disk/by-label/CIDATA" "$root/dev/disk/by-label/cidata"; do
    if [ -e "$link" ]; then
      seen=$(stat -c '%N %Y' "$link")
      first_line "$copy/seen"
      if [ "$seen" != "$line" ]; then
        copy_disk "$link" "$copy" "$seen"
        keep "$copy" "$kept"
      fi
      read_directory "$copy"
      return
    fi
  done
  read_directory "$kept"
}

# copy_disk DEVICE COPY SEEN
copy_disk() (
  umask 077
  mounted=$root/run/hardbake/mnt
  if [ -e "$2" ] || [ -e "$2.part" ]; then
    rm -rf "$2" "$2.part"
  fi
  mkdir -p "$2.part" "$mounted"
  mount -o ro,nodev,nosuid,noexec "$1" "$mounted" ||
    fail "the disk labelled CIDATA cannot be mounted" "make it with: hardbake seed"
  copy=$2
  seen=$3
  # Whoever formats a disk leaves directories there: lost+found, System Volume Information.
  set --
  for file in "$mounted"/*; do
    if [ -f "$file" ]; then
      set -- "$@" "$file"
    fi
  done
  [ $# = 0 ] || cp "$@" "$copy.part/" || {
    umount "$mounted"
    fail "the disk labelled CIDATA cannot be read" "make it anew with: hardbake seed"
  }
  umount "$mounted"
  printf '%s\n' "$seen" >"$copy.part/seen"
  mv "$copy.part" "$copy"
)

# keep COPY KEPT: all but the credentials, each file whole or not at all. For root alone: a script may
# hold what nobody else is to know.
keep() (
  umask 077
  mkdir -p "$2"
  chmod 0700 "$2"
  for file in meta-data user-data; do
    if [ ! -e "$1/$file" ]; then
      rm -f "$2/$file"
    elif [ ! -e "$2/$file" ] || ! cmp -s "$1/$file" "$2/$file"; then
      replace "$2/$file" <"$1/$file"
    fi
  done
)

read_variables() {
  place=$1
  while read -r line; do
    case $line in
      HARDBAKE_*=*)
        name=${line%%=*}
        take "${name#HARDBAKE_}" "${line#*=}"
        ;;
    esac
  done
}

[ -d "$out" ] || (umask 077 && mkdir -p "$out")
for file in "$out/credentials" "$out/script" "$out/warnings"; do
  if [ -e "$file" ]; then
    rm "$file"
  fi
done
: >"$out/values"

read_directory "$root/var/lib/hardbake/seed"
read_disk
if [ -r "$root/proc/1/environ" ]; then
  tr '\0' '\n' <"$root/proc/1/environ" >"$out/variables"
  read_variables 'the environment' <"$out/variables"
fi
# In a container this is the host's command line.
first_line "$root/proc/cmdline"
if [ ! -e "$root/run/systemd/container" ]; then
  case $line in
    *HARDBAKE_*)
      xargs printf '%s\n' <"$root/proc/cmdline" >"$out/variables" 2>/dev/null || :
      read_variables "the kernel's command line" <"$out/variables"
      ;;
  esac
fi
rm -f "$out/variables"
