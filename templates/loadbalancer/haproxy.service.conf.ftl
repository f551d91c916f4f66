# First boot writes the controllers' addresses into haproxy.cfg.

[Unit]
Requires=hardbake-firstboot.service
After=hardbake-firstboot.service

[Service]
RestartSec=5
