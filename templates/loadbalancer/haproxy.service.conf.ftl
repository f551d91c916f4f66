# First boot writes the controllers' addresses into haproxy.cfg.

[Unit]
Requires=hardbake-firstboot.service
After=hardbake-firstboot.service

[Service]
# haproxy checks its configuration as it starts, and hardbake-watch before it changes what a running
# one has. Once more before that doubles the time to start.
ExecStartPre=
RestartSec=5
