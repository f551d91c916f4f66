package io.hardbake.credentials;

import java.util.Arrays;
import java.util.List;

/** The files of a set of credentials, with the tutorial's names, in the order they are listed. */
public enum CredentialFile {
  CA("ca.pem", false, true),
  CA_KEY("ca-key.pem", true, true),
  KUBERNETES("kubernetes.pem", false, true),
  KUBERNETES_KEY("kubernetes-key.pem", true, true),
  SERVICE_ACCOUNT("service-account.pem", false, true),
  SERVICE_ACCOUNT_KEY("service-account-key.pem", true, true),
  CONTROLLER_MANAGER("kube-controller-manager.pem", false, false),
  CONTROLLER_MANAGER_KEY("kube-controller-manager-key.pem", true, false),
  SCHEDULER("kube-scheduler.pem", false, false),
  SCHEDULER_KEY("kube-scheduler-key.pem", true, false),
  ADMIN("admin.pem", false, false),
  ADMIN_KEY("admin-key.pem", true, false),
  CONTROLLER_MANAGER_KUBECONFIG("kube-controller-manager.kubeconfig", true, true),
  SCHEDULER_KUBECONFIG("kube-scheduler.kubeconfig", true, true),
  ADMIN_KUBECONFIG("admin.kubeconfig", true, true),
  REMOTE_KUBECONFIG("remote.kubeconfig", true, false),
  ENCRYPTION_CONFIG("encryption-config.yaml", true, true);

  private final String fileName;
  private final boolean secret;
  private final boolean onController;

  CredentialFile(String fileName, boolean secret, boolean onController) {
    this.fileName = fileName;
    this.secret = secret;
    this.onController = onController;
  }

  public String fileName() {
    return fileName;
  }

  /** Whether its mode is 0600; that of the others is 0644. */
  public boolean isSecret() {
    return secret;
  }

  /** What a controller needs, in /var/lib/kubernetes. A load balancer needs nothing of it. */
  public static List<CredentialFile> onController() {
    return Arrays.stream(values()).filter(file -> file.onController).toList();
  }
}
