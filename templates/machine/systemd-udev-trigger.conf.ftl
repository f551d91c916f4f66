# Disks, networks, the serial console and the power button. hardbake-coldplug.service has the rest:
# hundreds of consoles, ACPI's tables, drivers for the processor.

[Service]
ExecStart=
ExecStart=-udevadm trigger --type=devices --action=add --prioritized-subsystem=block,net[#list coldplugFirst as each] --subsystem-match=[=each][/#list]
ExecStart=-udevadm trigger --type=devices --action=add --sysname-match=ttyS0 --sysname-match=ttyAMA0 --sysname-match=hvc0 --sysname-match=LNXPWRBN:* --sysname-match=PNP0C0C:*
