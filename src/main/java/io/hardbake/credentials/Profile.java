package io.hardbake.credentials;

import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * Who a certificate speaks for. Kubernetes takes the common name for the user and the organization
 * for the group.
 */
enum Profile {
  /** Serves the API and etcd, and calls etcd, its peers and the kubelets. */
  KUBERNETES("kubernetes", "Kubernetes"),
  SERVICE_ACCOUNT("service-accounts", "Kubernetes"),
  CONTROLLER_MANAGER("system:kube-controller-manager", "system:kube-controller-manager"),
  SCHEDULER("system:kube-scheduler", "system:kube-scheduler"),
  ADMIN("admin", "system:masters");

  private final String user;
  private final String group;

  Profile(String user, String group) {
    this.user = user;
    this.group = group;
  }

  String user() {
    return user;
  }

  List<KeyPurposeId> purposes() {
    return switch (this) {
      case KUBERNETES -> List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth);
      case CONTROLLER_MANAGER, SCHEDULER, ADMIN -> List.of(KeyPurposeId.id_kp_clientAuth);
      // Only its public key is ever read, to check tokens: no purpose is defined for that.
      case SERVICE_ACCOUNT -> List.of();
    };
  }

  X500Name subject() {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.O, group)
        .addRDN(BCStyle.CN, user)
        .build();
  }
}
