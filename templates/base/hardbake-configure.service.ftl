# Configures what the bake left unpacked: packages whose scripts hardbake does not stand in for.
# Mostly there is none, and the marker below is missing.

[Unit]
Description=Configure packages that were baked unpacked
ConditionPathExists=/var/lib/hardbake/unconfigured
After=local-fs.target systemd-tmpfiles-setup.service
Before=hardbake-hostkeys.service hardbake-firstboot.service ssh.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/lib/hardbake/configure
# A script may want what is not there yet. Until it succeeds, firstboot keeps the services waiting.
Restart=on-failure
RestartSec=15
TimeoutStartSec=infinity

[Install]
WantedBy=multi-user.target
