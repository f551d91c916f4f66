[Unit]
Description=Kubernetes Scheduler
Documentation=https://github.com/kubernetes/kubernetes
Requires=hardbake-firstboot.service
After=hardbake-firstboot.service kube-apiserver.service

[Service]
ExecStartPre=/usr/lib/hardbake/healthy https://127.0.0.1:6443/healthz
ExecStart=/usr/local/bin/kube-scheduler \
  --config=/etc/kubernetes/config/kube-scheduler.yaml \
  --v=2
TimeoutStartSec=infinity
Restart=on-failure
RestartSec=5

[Install]
WantedBy=multi-user.target
