#!/bin/sh
# Runs the maintainer scripts that did not run when this machine was baked, with dpkg itself.
set -eu

marker=/var/lib/hardbake/unconfigured
disabled=/var/lib/hardbake/disabled
policy=/usr/sbin/policy-rc.d

# A script that starts its service would wait for units that wait for this one. So nothing starts
# from a script (101: forbidden); what they enabled starts below, in the usual order. One of ours
# may be there already: the power failed before it was taken away.
ours='#!/bin/sh
# of hardbake-configure, and for as long as it runs
exit 101'
allow() { :; }
if [ ! -e "$policy" ] || [ "$(cat "$policy")" = "$ours" ]; then
  allow() { rm -f "$policy"; }
  trap allow EXIT
  printf '%s\n' "$ours" >"$policy.part"
  chmod 0755 "$policy.part"
  mv "$policy.part" "$policy"
fi

export DEBIAN_FRONTEND=noninteractive

# dpkg runs a preinst before it unpacks, and here it never unpacked: so it is made up for.
while read -r package; do
  for script in "/var/lib/dpkg/info/$package.preinst" "/var/lib/dpkg/info/$package":*.preinst; do
    if [ -x "$script" ]; then
      DPKG_MAINTSCRIPT_PACKAGE=$package DPKG_MAINTSCRIPT_NAME=preinst \
        DPKG_MAINTSCRIPT_ARCH=[=architecture] "$script" install </dev/null
    fi
  done
done <"$marker"

# A file of the recipe's may stand where a package's own configuration file belongs. Nobody is here
# to be asked which one to keep, so it is the recipe's.
dpkg --force-confdef --force-confold --configure -a

# A script that enables a unit enables those along with it that the unit names by Also=, whatever
# the recipe says of them.
if [ -e "$disabled" ]; then
  while read -r link; do
    if [ -L "$link" ]; then
      rm "$link"
    fi
  done <"$disabled"
  rm "$disabled"
fi
# Without the marker this never runs again, so the policy goes first.
allow
sync "${policy%/*}"
rm "$marker"

systemctl daemon-reload
systemctl --no-block start default.target
