# haproxy.cfg takes the controllers' addresses from the environment.

[Unit]
Requires=hardbake-node.service
After=hardbake-node.service

[Service]
EnvironmentFile=/etc/hardbake/node.env
EnvironmentFile=/run/hardbake/cluster.env
RestartSec=5
