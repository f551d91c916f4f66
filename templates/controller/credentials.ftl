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
for name in $pairs; do
  files="$files $name.pem $name-key.pem"
done
for name in $kubeconfigs; do
  files="$files $name.kubeconfig"
done
umask 077

remedy="make them with: hardbake credentials; then put them into $directory"

# place_of FILE: the new one, if there is a new one.
place_of() {
  if [ -e "$incoming/$1" ]; then
    echo "$incoming/$1"
  else
    echo "$target/$1"
  fi
}

refuse() { # FILE WHAT [REMEDY]
  if [ -e "$incoming/$1" ]; then
    rm -rf "$incoming"
    fail "$from/$1 $2" "${3:-$remedy}"
  fi
  fail "$target/$1 $2" "${3:-$remedy}"
}

check_pair() {
  certificate=$(place_of "$1.pem")
  key=$(place_of "$1-key.pem")
  public=$(openssl x509 -in "$certificate" -noout -pubkey 2>/dev/null) ||
    refuse "$1.pem" "is no whole certificate"
  private=$(openssl pkey -in "$key" -pubout 2>/dev/null) ||
    refuse "$1-key.pem" "is no whole key"
  [ "$public" = "$private" ] || refuse "$1-key.pem" "is not the key of $1.pem" \
    "put the two that belong together into $directory"
  # The clock of a machine that just started may be wrong, so time alone refuses nothing.
  openssl verify -no_check_time -CAfile "$(place_of ca.pem)" "$certificate" >/dev/null 2>&1 ||
    refuse "$1.pem" "was not signed by the CA in ca.pem"
  if ! openssl x509 -in "$certificate" -noout -checkend 604800 >/dev/null; then
    expires='expires:'
    openssl x509 -in "$certificate" -noout -checkend 0 >/dev/null || expires='expired on'
    echo "$1.pem $expires $(openssl x509 -in "$certificate" -noout -enddate | cut -d= -f2)" \
      >>"$run/warnings"
  fi
}

check_kubeconfig() {
  kubeconfig=$(place_of "$1.kubeconfig")
  grep -q '^ *server: *https://' "$kubeconfig" || refuse "$1.kubeconfig" "names no server"
  sed -n 's/^ *client-certificate-data: *//p' "$kubeconfig" | base64 -d 2>/dev/null |
    openssl verify -no_check_time -CAfile "$(place_of ca.pem)" >/dev/null 2>&1 ||
    refuse "$1.kubeconfig" "has no certificate that the CA in ca.pem signed"
  sed -n 's/^ *client-key-data: *//p' "$kubeconfig" | base64 -d 2>/dev/null |
    openssl pkey -noout 2>/dev/null || refuse "$1.kubeconfig" "has no whole key"
}

secrets_of() { # FILE
  sed -n 's/^.*secret: *//p' "$1" | tr -d "\"'\r "
}

# length_of SECRETS: $length, the bytes of the first.
length_of() {
  length=$(printf '%s\n' "$1" | head -n 1 | base64 -d 2>/dev/null | wc -c)
}

check_encryption() {
  length_of "$(secrets_of "$(place_of encryption-config.yaml)")"
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

# Pods call the API at the first address of the services' network, as kubernetes.default.
check_service_address() {
  address=$(first_address "$service_cidr")
  [ -n "$address" ] || return 0
  case $(openssl x509 -in "$(place_of kubernetes.pem)" -noout -checkip "$address") in
    *'does match'*) ;;
    *)
      refuse kubernetes.pem "does not name $address, at which pods call the API" \
        "make it anew with: hardbake credentials --renew --san $address; then put all of them into $directory"
      ;;
  esac
}

check() {
  : >"$run/warnings"
  missing=''
  for file in $files; do
    [ -s "$(place_of "$file")" ] || missing="$missing $file"
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
  check_encryption
  value "$run/node.env" NODE_NAME
  case $(openssl x509 -in "$(place_of kubernetes.pem)" -noout -checkhost "$value") in
    *'does match'*) ;;
    *) refuse kubernetes.pem "does not name this machine, $value" ;;
  esac
  check_service_address
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
  mkdir "$incoming"
  new=false
  stays=
  for file in $present; do
    case "$fresh " in
      *" $file "*)
        cp "$from/$file" "$incoming/$file"
        cmp -s "$incoming/$file" "$target/$file" || new=true
        ;;
      *) cmp -s "$from/$file" "$target/$file" || stays="$stays $file" ;;
    esac
  done
  if [ -n "$stays" ]; then
    echo "$from has what it had before; what is newer in $target stays:$stays"
  fi
  if $new; then
    check
    check_key_in_use
    for file in "$incoming"/*; do
      case $file in
        *-key.pem | *.kubeconfig | *.yaml) chmod 0600 "$file" ;;
        *) chmod 0644 "$file" ;;
      esac
      sync "$file"
    done
    # First: after a pass that was cut off here, the next one may find nothing new.
    : >"$run/restart"
    mv "$incoming"/* "$target/"
    sync "$target"
    state_of_files >"$run/credentials-checked"
    echo "credentials from $from are in place"
  fi
  rm -rf "$incoming"
  remember
  # The directory's word counts, also once its files are moved.
  if [ "$from" = "$directory" ] && [ -d "$run/cidata" ]; then
    look_at "$run/cidata"
    remember
  fi
}

mkdir -p "$target"
# What a pass that was cut off had copied is neither what was offered nor what is in place.
rm -rf "$incoming"
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
