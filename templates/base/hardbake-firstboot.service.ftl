# The gate before the services of the role: they start once the values of this machine are known
# and make sense. It waits as long as it has to, and goes on by itself when what is missing arrives.

[Unit]
Description=First boot: this machine's place in the cluster
Documentation=file:/usr/lib/hardbake/firstboot
After=hardbake-configure.service systemd-tmpfiles-setup.service network.target

[Service]
Type=oneshot
RemainAfterExit=yes
RuntimeDirectory=hardbake
RuntimeDirectoryPreserve=yes
ExecStart=/usr/lib/hardbake/firstboot
Restart=on-failure
RestartSec=1
TimeoutStartSec=infinity
# All else that starts at the same time can wait for it, not the other way round.
Nice=-10
StandardOutput=journal+console

[Install]
WantedBy=multi-user.target
