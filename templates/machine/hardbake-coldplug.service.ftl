# The devices that systemd-udev-trigger.service left out here, so that this machine is ready sooner.
# Started by hardbake-ready.service, or by a timer on a machine that is not ready for long.

[Unit]
Description=Coldplug the devices that starting does not need
Documentation=file:/etc/systemd/system/systemd-udev-trigger.service.d/hardbake.conf
After=systemd-udev-trigger.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=-udevadm trigger --type=all --action=add --prioritized-subsystem=module,tpmrm,tty,input[#list coldplugFirst as each] --subsystem-nomatch=[=each][/#list]
Nice=19
