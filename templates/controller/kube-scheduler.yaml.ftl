[#-- The versions overlap: the newest one that each release has served since its beginning. --]
[#if kubernetes.atLeast("1.25")]
apiVersion: kubescheduler.config.k8s.io/v1
[#elseif kubernetes.atLeast("1.23")]
apiVersion: kubescheduler.config.k8s.io/v1beta3
[#elseif kubernetes.atLeast("1.19")]
apiVersion: kubescheduler.config.k8s.io/v1beta1
[#else]
apiVersion: kubescheduler.config.k8s.io/v1alpha1
[/#if]
kind: KubeSchedulerConfiguration
clientConnection:
  kubeconfig: "/var/lib/kubernetes/kube-scheduler.kubeconfig"
leaderElection:
  leaderElect: true
