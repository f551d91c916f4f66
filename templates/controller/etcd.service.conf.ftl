# Debian's etcd.service, turned into a member of the TLS cluster of Kubernetes the Hard Way.

[Unit]
Requires=hardbake-firstboot.service
After=hardbake-firstboot.service

[Service]
# etcd refuses to start when a variable and a flag say the same thing, and Debian's unit sets two.
Environment=
Environment=MEMBERSHIP=
[#if architecture != "amd64"]
Environment=ETCD_UNSUPPORTED_ARCH=[=architecture]
[/#if]
EnvironmentFile=
EnvironmentFile=/etc/hardbake/node.env
EnvironmentFile=-/run/etcd/membership
UnsetEnvironment=ETCD_SERVERS

# The keys belong to root; etcd runs as its own user and gets copies that only it can read.
RuntimeDirectory=etcd
RuntimeDirectoryMode=0700
ExecStartPre=+/usr/bin/install -o etcd -g etcd -m 0400 -t /run/etcd /var/lib/kubernetes/ca.pem /var/lib/kubernetes/kubernetes.pem /var/lib/kubernetes/kubernetes-key.pem
ExecStartPre=+/usr/lib/hardbake/rejoin /run/etcd/membership

ExecStart=
ExecStart=/usr/bin/etcd \
  --name=${NODE_NAME} \
  --cert-file=/run/etcd/kubernetes.pem \
  --key-file=/run/etcd/kubernetes-key.pem \
  --peer-cert-file=/run/etcd/kubernetes.pem \
  --peer-key-file=/run/etcd/kubernetes-key.pem \
  --trusted-ca-file=/run/etcd/ca.pem \
  --peer-trusted-ca-file=/run/etcd/ca.pem \
  --peer-client-cert-auth \
  --client-cert-auth \
  --initial-advertise-peer-urls=https://${NODE_NAME}:2380 \
  --listen-peer-urls=https://${INTERNAL_IP}:2380 \
  --listen-client-urls=https://${INTERNAL_IP}:2379,https://127.0.0.1:2379 \
  --advertise-client-urls=https://${NODE_NAME}:2379 \
  --initial-cluster-token=[=etcdToken] \
  --initial-cluster=${INITIAL_CLUSTER} \
  --initial-cluster-state=new \
  --data-dir=/var/lib/etcd \
  $MEMBERSHIP
ExecStartPost=+/usr/lib/hardbake/founded
# Members that starve need long to take a machine in.
TimeoutStartSec=5min
Restart=on-failure
RestartSec=5
