# Sourced by the scripts beside it; no script of its own.
# shellcheck shell=sh
set -eu
umask 022

# Tests put a directory before every path; on a machine this is empty.
# shellcheck disable=SC2034 # for those who source this
root=${HARDBAKE_ROOT:-}

# fail PROBLEM REMEDY: ends the script; `hardbake status`, the journal and the console show both.
fail() {
  printf '%s\n  %s\n' "$1" "$2" >&2
  exit 78 # EX_CONFIG
}

# value FILE KEY [DEFAULT]: from lines of KEY=value, which are data and never executed.
value() {
  found=
  if [ -e "$1" ]; then
    while IFS='=' read -r key rest; do
      if [ "$key" = "$2" ]; then
        found=$rest
      fi
    done <"$1"
  fi
  unquoted "${found:-${3:-}}"
}

# unquoted TEXT: without the quotes around it.
unquoted() {
  case $1 in
    \"*\") text=${1#\"} && text=${text%\"} ;;
    \'*\') text=${1#\'} && text=${text%\'} ;;
    *) text=$1 ;;
  esac
  printf '%s\n' "$text"
}

is_name() {
  case $1 in
    '' | *[!a-z0-9.-]* | [.-]* | *[.-]) return 1 ;;
  esac
}

is_address() {
  case $1 in
    '' | *[!0-9.]* | .* | *. | *..* | *.*.*.*.*) return 1 ;;
    *.*.*.*) ;;
    *) return 1 ;;
  esac
  bytes=$1.
  while [ -n "$bytes" ]; do
    byte=${bytes%%.*}
    bytes=${bytes#*.}
    case $byte in
      0 | [1-9] | [1-9][0-9] | 1[0-9][0-9] | 2[0-4][0-9] | 25[0-5]) ;;
      *) return 1 ;;
    esac
  done
}

# replace FILE: puts standard input there, whole or not at all, even if the power fails.
replace() {
  cat >"$1.part"
  sync "$1.part"
  # In a container the engine mounts single files into /etc, which cannot be renamed over.
  if ! mv "$1.part" "$1" 2>/dev/null; then
    cat "$1.part" >"$1"
    rm "$1.part"
  fi
}

# replace_block FILE NAME: puts standard input between the lines "# hardbake: NAME" and
# "# hardbake: end", indented like the rest; appends the block where there is none. Writes nothing
# if that changes nothing; block_changed says which.
replace_block() {
  block=$(cat)
  changed=$(BLOCK=$block awk -v name="$2" '
    function body() { if (ENVIRON["BLOCK"] != "") print ENVIRON["BLOCK"] }
    $0 ~ "^[[:space:]]*# hardbake: " name "$" { print; body(); inside = 1; met = 1; next }
    inside && /^[[:space:]]*# hardbake: end$/ { inside = 0 }
    !inside { print }
    END { if (!met) { print "# hardbake: " name; body(); print "# hardbake: end" } }' "$1")
  block_changed=false
  if [ "$changed" != "$(cat "$1")" ]; then
    printf '%s\n' "$changed" | replace "$1"
    # shellcheck disable=SC2034 # for those who source this
    block_changed=true
  fi
}
