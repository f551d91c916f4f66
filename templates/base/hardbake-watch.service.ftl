# Addresses in DNS change, machines come late, credentials are renewed: this follows.

[Unit]
Description=Follow changes of this machine's place in the cluster
Documentation=file:/usr/lib/hardbake/firstboot
Requires=hardbake-firstboot.service
After=hardbake-firstboot.service

[Service]
ExecStart=/usr/lib/hardbake/firstboot watch
Restart=always
RestartSec=15
Nice=10

[Install]
WantedBy=multi-user.target
