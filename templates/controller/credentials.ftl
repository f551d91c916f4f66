#!/bin/sh
# Puts the credentials in place, and checks what is there.
#
#   credentials RUN
#
# New ones are taken as a set: all are checked before any is moved, and they stay where they came
# from until all are in place. So a cut at any point leaves either set, or a mixture that the next
# pass completes.
#
# What a place offered before is not new: a disk stays attached and provisioners bring the same files
# at each start, while those in use may have been renewed since. /var/lib/hardbake/credentials-seed
# and credentials-cidata hold the digests of what the two offered last.
# shellcheck source=../functions
. "${0%/*}/../functions"

run=$1
target=$root/var/lib/kubernetes
directory=$root/var/lib/hardbake/seed
incoming=$target/.incoming
pairs='ca kubernetes service-account'
kubeconfigs='kube-controller-manager kube-scheduler admin'
files='encryption-config.yaml'
service_cidr="[=serviceCidr]"
key_end='-----END PUBLIC KEY-----'
for name in $pairs; do
  files="$files $name.pem $name-key.pem"
done
for name in $kubeconfigs; do
  files="$files $name.kubeconfig"
done
umask 077

remedy="make them with: hardbake credentials; then put them into $directory"

# place_of FILE: $place, the new one, if there is a new one.
place_of() {
  place=$target/$1
  if [ -e "$incoming/$1" ]; then
    place=$incoming/$1
  fi
}

refuse() { # FILE WHAT [REMEDY]
  if [ -e "$incoming/$1" ]; then
    rm -rf "$incoming"
    fail "$from/$1 $2" "${3:-$remedy}"
  fi
  fail "$target/$1 $2" "${3:-$remedy}"
}

# What follows asks openssl for as much at once as it answers: each call takes an emulated machine a
# third of a second.

check_pair() {
  place_of "$1.pem"
  certificate=$place
  lasts=true
  public=$(openssl x509 -in "$certificate" -noout -pubkey -checkend 604800 2>/dev/null) || lasts=false
  case $public in
    *"$key_end"*) ;;
    *) refuse "$1.pem" "is no whole certificate" ;;
  esac
  place_of "$1-key.pem"
  private=$(openssl pkey -in "$place" -pubout 2>/dev/null) ||
    refuse "$1-key.pem" "is no whole key"
  [ "${public%%"$key_end"*}" = "${private%%"$key_end"*}" ] ||
    refuse "$1-key.pem" "is not the key of $1.pem" "put the two that belong together into $directory"
  if ! $lasts; then
    expires='expires:'
    openssl x509 -in "$certificate" -noout -checkend 0 >/dev/null || expires='expired on'
    echo "$1.pem $expires $(openssl x509 -in "$certificate" -noout -enddate | cut -d= -f2)" \
      >>"$run/warnings"
  fi
}

# Leaves its certificate for check_signatures.
check_kubeconfig() {
  place_of "$1.kubeconfig"
  server=false
  certificate=
  key=
  fields=$(sed -En 's/^ *(server|client-certificate-data|client-key-data): */\1 /p' "$place")
  while read -r field text; do
    case $field in
      server) case $text in https://*) server=true ;; esac ;;
      client-certificate-data) certificate=${certificate:-$text} ;;
      client-key-data) key=${key:-$text} ;;
    esac
  done <<END
$fields
END
  $server || refuse "$1.kubeconfig" "names no server"
  printf '%s\n' "$certificate" | base64 -d >"$run/$1.pem" 2>/dev/null || :
  printf '%s\n' "$key" | base64 -d 2>/dev/null | openssl pkey -noout 2>/dev/null ||
    refuse "$1.kubeconfig" "has no whole key"
}

# The clock of a machine that just started may be wrong, so time alone refuses nothing.
check_signatures() {
  place_of ca.pem
  ca=$place
  set --
  for name in $pairs; do
    place_of "$name.pem"
    set -- "$@" "$place"
  done
  for name in $kubeconfigs; do
    set -- "$@" "$run/$name.pem"
  done
  signed=$newline$(openssl verify -no_check_time -CAfile "$ca" "$@" 2>/dev/null)$newline || :
  for certificate in "$@"; do
    case $signed in
      *"$newline$certificate: OK$newline"*) ;;
      *)
        name=${certificate##*/}
        if [ "$certificate" = "$run/$name" ]; then
          refuse "${name%.pem}.kubeconfig" "has no certificate that the CA in ca.pem signed"
        fi
        refuse "$name" "was not signed by the CA in ca.pem"
        ;;
    esac
  done
}

secrets_of() { # FILE
  sed -n 's/^.*secret: *//p' "$1" | tr -d "\"'\r "
}

# length_of SECRETS: $length, the bytes of the first.
length_of() {
  length=$(printf '%s\n' "$1" | head -n 1 | base64 -d 2>/dev/null | wc -c)
}

check_encryption() {
  place_of encryption-config.yaml
  length_of "$(secrets_of "$place")"
  case $length in
    16 | 24 | 32) ;;
    *) refuse encryption-config.yaml "has no key of 16, 24 or 32 bytes" ;;
  esac
}

# Without the key that Secrets are written with, the first one, nobody could read them any more.
check_key_in_use() {
  if [ -e "$incoming/encryption-config.yaml" ] && [ -s "$target/encryption-config.yaml" ] &&
    [ -e "$root/var/lib/etcd/member" ]; then
    used=$(secrets_of "$target/encryption-config.yaml" | head -n 1)
    case $newline$(secrets_of "$incoming/encryption-config.yaml") in
      *"$newline$used"*) ;; # Or its beginning, if the file is damaged.
      *)
        refuse encryption-config.yaml "lacks the key that this cluster's Secrets are written with" \
          "keep it: cp $target/encryption-config.yaml $directory/; for a new, empty cluster, on all controllers: systemctl stop etcd, then rm -r $root/var/lib/etcd/member"
        ;;
    esac
  fi
}

# first_address CIDR: of the first network. Nothing where that is no IPv4 network: kube-apiserver has
# its own words for what it does not take.
first_address() (
  network=${1%%,*}
  case $network in
    *[!0-9./]* | 0[0-9]* | *[./]0[0-9]*) exit ;;
  esac
  IFS=./
  # shellcheck disable=SC2086 # its numbers
  set -- $network
  [ $# -eq 5 ] && [ "$5" -le 32 ] || exit 0
  first=$((($1 << 24 | $2 << 16 | $3 << 8 | $4) >> (32 - $5) << (32 - $5) | 1))
  echo "$((first >> 24)).$((first >> 16 & 255)).$((first >> 8 & 255)).$((first & 255))"
)

# Controllers call it by its name, pods at the first address of the services' network, as
# kubernetes.default, and the machine's own services at 127.0.0.1.
check_names() {
  value "$run/node.env" NODE_NAME
  address=$(first_address "$service_cidr")
  place_of kubernetes.pem
  names=$(openssl x509 -in "$place" -noout -ext subjectAltName \
    -checkhost "$value" ${address:+-checkip "$address"} 2>/dev/null) || :
  case $names in
    *"Hostname $value does match"*) ;;
    *) refuse kubernetes.pem "does not name this machine, $value" ;;
  esac
  case $names in
    *"IP $address does match"*) ;;
    *)
      [ -z "$address" ] ||
        refuse_address "$address" "at which pods call the API"
      ;;
  esac
  case $names in
    *'IP Address:127.0.0.1'[!0-9]*) ;;
    *) refuse_address 127.0.0.1 "at which the machine's own services call the API" ;;
  esac
}

refuse_address() { # ADDRESS WHY
  refuse kubernetes.pem "does not name $1, $2" \
    "make it anew with: hardbake credentials --renew --san $1; then put all of them into $directory"
}

check() {
  : >"$run/warnings"
  missing=''
  for file in $files; do
    place_of "$file"
    [ -s "$place" ] || missing="$missing $file"
  done
  if [ -n "$missing" ]; then
    rm -rf "$incoming"
    fail "credentials are missing in $target:$missing" "$remedy"
  fi
  for name in $pairs; do
    check_pair "$name"
  done
  for name in $kubeconfigs; do
    check_kubeconfig "$name"
  done
  check_signatures
  check_encryption
  check_names
}

# What tells one state of the files from another without opening them. And the day: what expires
# has to be said on a machine that stays up, too.
state_of_files() {
  date +%F
  value "$run/node.env" NODE_NAME
  echo "$value"
  (cd "$target" && stat -c '%n %s %Y %Z' ./*)
}

is_checked() {
  [ "$(state_of_files 2>/dev/null)" = "$(cat "$run/credentials-checked" 2>/dev/null)" ]
}

# Whether those in place will do, without any new one.
is_whole() {
  is_checked || { (check) 2>/dev/null && state_of_files >"$run/credentials-checked"; }
}

# files_in PLACE: $present, those of the files that are there.
files_in() {
  present=
  for file in $files; do
    if [ -e "$1/$file" ]; then
      present="$present $file"
    fi
  done
}

# look_at PLACE: $present, the files there; $digests of them; $known, of those it offered before.
look_at() {
  offered=$root/var/lib/hardbake/credentials-${1##*/}
  known=
  if [ -e "$offered" ]; then
    known=$(cat "$offered")$newline
  fi
  files_in "$1"
  digests=
  if [ -n "$present" ]; then
    # shellcheck disable=SC2086 # a list of words
    digests=$(cd "$1" && sha256sum $present)$newline
  fi
}

# line_of FILE DIGESTS: $line, its own, if there is one.
line_of() {
  line=
  case $2 in
    *"  $1$newline"*)
      line=${2%%"  $1$newline"*}
      line="${line##*"$newline"}  $1$newline"
      ;;
  esac
}

# Of what was looked at: from now on it is known.
remember() {
  all=
  for file in $files; do
    line_of "$file" "$digests"
    if [ -z "$line" ]; then
      line_of "$file" "$known"
    fi
    all=$all$line
  done
  if [ "$all" != "$known" ]; then
    replace "$offered" "${all%"$newline"}"
  fi
}

take() {
  look_at "$from"
  fresh=
  for file in $present; do
    line_of "$file" "$known"
    before=$line
    line_of "$file" "$digests"
    if [ "$line" != "$before" ] || [ ! -s "$target/$file" ]; then
      fresh="$fresh $file"
    fi
  done
  # Somebody has put them there; they are what mends a damaged set, known or not.
  if [ "$from" = "$directory" ] && [ "$fresh" != "$present" ] && ! is_whole; then
    fresh=$present
  fi
  # shellcheck disable=SC2086 # a list of words
  in_place=$(cd "$target" && sha256sum $present 2>/dev/null)$newline || :
  new=false
  stays=
  set --
  for file in $present; do
    line_of "$file" "$in_place"
    before=$line
    line_of "$file" "$digests"
    case "$fresh " in
      *" $file "*)
        set -- "$@" "$from/$file"
        [ "$line" = "$before" ] || new=true
        ;;
      *) [ "$line" = "$before" ] || stays="$stays $file" ;;
    esac
  done
  if [ -n "$stays" ]; then
    echo "$from has what it had before; what is newer in $target stays:$stays"
  fi
  if $new; then
    mkdir "$incoming"
    cp "$@" "$incoming/"
    check
    check_key_in_use
    chmod 0600 "$incoming"/*
    set --
    for file in "$incoming"/*; do
      case $file in
        *-key.pem) ;;
        *.pem) set -- "$@" "$file" ;;
      esac
    done
    [ $# = 0 ] || chmod 0644 "$@"
    sync "$incoming"/*
    # First: after a pass that was cut off here, the next one may find nothing new.
    : >"$run/restart"
    mv "$incoming"/* "$target/"
    sync "$target"
    state_of_files >"$run/credentials-checked"
    echo "credentials from $from are in place"
    rmdir "$incoming"
  fi
  remember
  # The directory's word counts, also once its files are moved.
  if [ "$from" = "$directory" ] && [ -d "$run/cidata" ]; then
    look_at "$run/cidata"
    remember
  fi
}

if [ ! -d "$target" ]; then
  mkdir -p "$target"
fi
# What a pass that was cut off had copied is neither what was offered nor what is in place.
if [ -e "$incoming" ]; then
  rm -rf "$incoming"
fi
from=
if [ -e "$run/seed/credentials" ]; then
  while [ -z "$from" ] && IFS= read -r place; do
    files_in "$place"
    if [ -n "$present" ]; then
      from=$place
    fi
  done <"$run/seed/credentials"
fi
if [ -n "$from" ]; then
  take
  # Moved, not copied; what is mounted read-only stays.
  # shellcheck disable=SC2086 # a list of words
  (cd "$from" && rm -f $files 2>/dev/null) || :
fi
if ! is_checked; then
  rm -f "$run/credentials-checked"
  check
  state_of_files >"$run/credentials-checked"
fi
