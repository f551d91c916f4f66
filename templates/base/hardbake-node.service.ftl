# The gate before the services of the role: they start once the values of this machine are known
# and make sense. Whatever finds the values writes /etc/hardbake/node.env before this unit starts;
# after a change, `systemctl restart hardbake-node` restarts what depends on it.

[Unit]
Description=Values of this node, checked
Documentation=file:/usr/lib/hardbake/node
After=hardbake-configure.service

[Service]
Type=oneshot
RemainAfterExit=yes
RuntimeDirectory=hardbake
RuntimeDirectoryPreserve=yes
ExecStart=/usr/lib/hardbake/node /etc/hardbake/node.env /run/hardbake/cluster.env

[Install]
WantedBy=multi-user.target
