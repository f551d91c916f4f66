[Unit]
Description=Kubernetes Controller Manager
Documentation=https://github.com/kubernetes/kubernetes
Requires=hardbake-firstboot.service
After=hardbake-firstboot.service kube-apiserver.service

[Service]
ExecStartPre=/usr/lib/hardbake/healthy https://127.0.0.1:6443/healthz
ExecStart=/usr/local/bin/kube-controller-manager \
  --bind-address=0.0.0.0 \
  --cluster-cidr=[=podCidr] \
  --cluster-name=[=clusterName] \
  --cluster-signing-cert-file=/var/lib/kubernetes/ca.pem \
  --cluster-signing-key-file=/var/lib/kubernetes/ca-key.pem \
  --kubeconfig=/var/lib/kubernetes/kube-controller-manager.kubeconfig \
  --leader-elect=true \
  --root-ca-file=/var/lib/kubernetes/ca.pem \
  --service-account-private-key-file=/var/lib/kubernetes/service-account-key.pem \
  --service-cluster-ip-range=[=serviceCidr] \
  --use-service-account-credentials=true \
  --v=2
TimeoutStartSec=infinity
Restart=on-failure
RestartSec=5

[Install]
WantedBy=multi-user.target
