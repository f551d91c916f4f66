#!/bin/sh
# Runs the maintainer scripts that did not run when this machine was baked, with dpkg itself.
set -eu

marker=/var/lib/hardbake/unconfigured
policy=/usr/sbin/policy-rc.d

# A script that starts its service would wait for units that wait for this one. So nothing starts
# from a script (policy-rc.d, 101: forbidden); what they enabled starts below, in the usual order.
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 0755 "$policy"
  trap 'rm -f "$policy"' EXIT
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

dpkg --configure -a
rm "$marker"

systemctl daemon-reload
systemctl --no-block start default.target
