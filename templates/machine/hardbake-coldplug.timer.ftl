# A machine may wait for its credentials for days; its devices need not.

[Unit]
Description=Coldplug the other devices of a machine that is not ready yet

[Timer]
OnBootSec=2min
Unit=hardbake-coldplug.service

[Install]
WantedBy=timers.target
