[Unit]
Description=RBAC objects of the cluster
Documentation=file:/etc/kubernetes/rbac/kube-apiserver-to-kubelet.yaml
Requires=hardbake-firstboot.service
After=hardbake-firstboot.service kube-apiserver.service

[Service]
Type=exec
ExecStart=/usr/lib/hardbake/rbac
Restart=on-failure
RestartSec=5

[Install]
WantedBy=multi-user.target
