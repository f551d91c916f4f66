# No host key is ever baked: every machine would have the same. Each makes its own at first boot.

[Unit]
Description=Make the ssh host keys of this machine
Documentation=file:/usr/lib/hardbake/hostkeys
ConditionPathExistsGlob=|!/etc/ssh/ssh_host_*_key
ConditionPathExists=|/etc/ssh/host-keys.part
After=local-fs.target
Before=ssh.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/lib/hardbake/hostkeys
# On one processor the role comes first; ssh waits for these keys either way.
Nice=10

[Install]
WantedBy=ssh.service
