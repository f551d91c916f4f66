#!/bin/sh
# Puts the credentials in place, and checks what is there.
#
#   credentials RUN
#
# New ones are taken as a set: all are checked before any is moved, and they stay where they came
# from until all are in place. So a cut at any point leaves either set, or a mixture that the next
# pass completes.
# shellcheck source=../functions
. "${0%/*}/../functions"

run=$1
target=$root/var/lib/kubernetes
incoming=$target/.incoming
pairs='ca kubernetes service-account'
kubeconfigs='kube-controller-manager kube-scheduler admin'
files='encryption-config.yaml'
for name in $pairs; do
  files="$files $name.pem $name-key.pem"
done
for name in $kubeconfigs; do
  files="$files $name.kubeconfig"
done
umask 077

remedy="make them with: hardbake credentials; then put them into $root/var/lib/hardbake/seed"

# place_of FILE: the new one, if there is a new one.
place_of() {
  if [ -e "$incoming/$1" ]; then
    echo "$incoming/$1"
  else
    echo "$target/$1"
  fi
}

refuse() { # FILE WHAT
  if [ -e "$incoming/$1" ]; then
    rm -rf "$incoming"
    fail "$from/$1 $2" "$remedy"
  fi
  fail "$target/$1 $2" "$remedy"
}

check_pair() {
  certificate=$(place_of "$1.pem")
  key=$(place_of "$1-key.pem")
  public=$(openssl x509 -in "$certificate" -noout -pubkey 2>/dev/null) ||
    refuse "$1.pem" "is no whole certificate"
  private=$(openssl pkey -in "$key" -pubout 2>/dev/null) ||
    refuse "$1-key.pem" "is no whole key"
  [ "$public" = "$private" ] || refuse "$1-key.pem" "is not the key of $1.pem"
  # The clock of a machine that just started may be wrong, so time alone refuses nothing.
  openssl verify -no_check_time -CAfile "$(place_of ca.pem)" "$certificate" >/dev/null 2>&1 ||
    refuse "$1.pem" "was not signed by the CA in ca.pem"
  openssl x509 -in "$certificate" -noout -checkend 604800 >/dev/null ||
    echo "$1.pem expires: $(openssl x509 -in "$certificate" -noout -enddate | cut -d= -f2)" \
      >>"$run/warnings"
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

check_encryption() {
  length=$(sed -n 's/^.*secret: *//p' "$(place_of encryption-config.yaml)" | head -n 1 |
    tr -d '"' | base64 -d 2>/dev/null | wc -c)
  case $length in
    16 | 24 | 32) ;;
    *) refuse encryption-config.yaml "has no key of 16, 24 or 32 bytes" ;;
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
}

# What tells one state of the files from another without opening them.
state_of_files() {
  value "$run/node.env" NODE_NAME
  echo "$value"
  (cd "$target" && stat -c '%n %s %Y %Z' ./*)
}

take() {
  rm -rf "$incoming"
  mkdir "$incoming"
  new=false
  for file in $files; do
    if [ -e "$from/$file" ]; then
      cp "$from/$file" "$incoming/$file"
      cmp -s "$incoming/$file" "$target/$file" || new=true
    fi
  done
  if $new; then
    check
    for file in "$incoming"/*; do
      case $file in
        *-key.pem | *.kubeconfig | *.yaml) chmod 0600 "$file" ;;
        *) chmod 0644 "$file" ;;
      esac
      sync "$file"
    done
    mv "$incoming"/* "$target/"
    sync "$target"
    state_of_files >"$run/credentials-checked"
    : >"$run/restart"
    echo "credentials from $from are in place"
  fi
  rm -rf "$incoming"
}

mkdir -p "$target"
if [ -e "$run/seed/credentials" ]; then
  from=$(cat "$run/seed/credentials")
  take
  # Moved, not copied; what is mounted read-only stays.
  for file in $files; do
    rm -f "$from/$file" 2>/dev/null || :
  done
fi
rm -rf "$incoming"
if [ "$(state_of_files 2>/dev/null)" != "$(cat "$run/credentials-checked" 2>/dev/null)" ]; then
  rm -f "$run/credentials-checked"
  check
  state_of_files >"$run/credentials-checked"
fi
