# Sourced by the scripts beside it; no script of its own.
#
# What these find they put into a variable, mostly of their own name: a machine that starts, and all
# the more an emulated one, has no time for a process each.
# shellcheck shell=sh
set -eu
umask 022

# Tests put a directory before every path; on a machine this is empty.
# shellcheck disable=SC2034 # for those who source this
root=${HARDBAKE_ROOT:-}
# shellcheck disable=SC2034
newline='
'

# fail PROBLEM REMEDY: ends the script; `hardbake status`, the journal and the console show both.
fail() {
  printf '%s\n  %s\n' "$1" "$2" >&2
  exit 78 # EX_CONFIG
}

# value FILE KEY [DEFAULT]: $value, from lines of KEY=value, which are data and never executed.
value() {
  value=
  if [ -e "$1" ]; then
    while IFS='=' read -r key rest; do
      if [ "$key" = "$2" ]; then
        value=$rest
      fi
    done <"$1"
  fi
  unquoted "${value:-${3:-}}"
}

# unquoted TEXT: $value, without the quotes around it.
unquoted() {
  value=$1
  case $value in
    \"*\") value=${value#\"} && value=${value%\"} ;;
    \'*\') value=${value#\'} && value=${value%\'} ;;
  esac
}

# first_line FILE: $line; nothing where there is no such file.
first_line() {
  line=
  if [ -r "$1" ]; then
    IFS= read -r line <"$1" || :
  fi
}

# $seconds since the kernel started, also where $root is another: only differences are of use.
uptime() {
  IFS=. read -r seconds _ </proc/uptime
}

# words TEXT: $words, with one space between two, whatever was there; $count of them.
words() {
  # shellcheck disable=SC2086 # splitting is the point
  set -- $1
  words=$*
  # shellcheck disable=SC2034 # for those who source this
  count=$#
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

# replace FILE [TEXT]: puts the text, or standard input, there, whole or not at all, even if the
# power fails.
replace() {
  if [ $# = 2 ]; then
    printf '%s\n' "$2" >"$1.part"
  else
    cat >"$1.part"
  fi
  sync "$1.part"
  # In a container the engine mounts single files into /etc, which cannot be renamed over.
  if ! mv "$1.part" "$1" 2>/dev/null; then
    cat "$1.part" >"$1"
    rm "$1.part"
  fi
}

# replace_block FILE NAME TEXT: puts the text between the lines "# hardbake: NAME" and
# "# hardbake: end", which are appended where they are not. Writes nothing if that changes nothing.
replace_block() {
  edit_block "$@"
  if $block_changed; then
    replace "$1" "$edited"
  fi
}

# edit_block FILE NAME TEXT: the same for who writes the file himself: $edited is its new text,
# $block_changed whether that differs, $block_met whether the lines were there. Fails where only the
# first is: who knows what of the rest is the block's.
edit_block() {
  result=0
  # shellcheck disable=SC2034 # for those who source this
  block_changed=true block_met=true
  edited=$(BLOCK=$3 awk -v name="$2" '
    function say(line) { new = new line "\n" }
    function body() { if (ENVIRON["BLOCK"] != "") say(ENVIRON["BLOCK"]) }
    { old = old $0 "\n" }
    $0 ~ "^[[:space:]]*# hardbake: " name "$" { say($0); body(); inside = 1; met = 1; next }
    inside && /^[[:space:]]*# hardbake: end$/ { inside = 0 }
    !inside { say($0) }
    END {
      if (inside) exit 5
      if (!met) { say("# hardbake: " name); body(); say("# hardbake: end") }
      if (old == new) exit 3
      printf "%s", new
      if (!met) exit 4
    }' "$1") || result=$?
  case $result in
    0) ;;
    3) block_changed=false ;;
    4) block_met=false ;;
    5)
      fail "$1 has lost the line '# hardbake: end'" \
        "put it back behind the last of the lines that follow '# hardbake: $2'"
      ;;
    *) return "$result" ;; # awk has said why
  esac
}
