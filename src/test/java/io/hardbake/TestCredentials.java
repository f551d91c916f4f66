package io.hardbake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What the earlier chapters of the tutorial leave in /var/lib/kubernetes, made by openssl: a CA,
 * the certificates, the kubeconfigs and the encryption key.
 */
public final class TestCredentials {
  private final Path directory;

  private TestCredentials(Path directory) {
    this.directory = directory;
  }

  /**
   * Makes them in {@code directory}; {@code names} are host names and addresses of the API's
   * certificate.
   */
  public static TestCredentials make(Path directory, List<String> names)
      throws IOException, InterruptedException {
    TestCredentials credentials = new TestCredentials(directory);
    credentials.run(
        "req -x509 -newkey rsa:2048 -nodes -keyout ca-key.pem -out ca.pem -days 2 -subj /CN=Kubernetes");
    List<String> sans = new ArrayList<>();
    for (String name : names) {
      sans.add((name.matches("[0-9.]+") ? "IP:" : "DNS:") + name);
    }
    sans.add("IP:10.32.0.1"); // as in the tutorial: the first address of the services
    credentials.certificate("kubernetes", "/O=Kubernetes/CN=kubernetes", sans);
    credentials.certificate("service-account", "/O=Kubernetes/CN=service-accounts", List.of());
    credentials.kubeconfig("admin", "/O=system:masters/CN=admin");
    for (String component : List.of("kube-controller-manager", "kube-scheduler")) {
      credentials.kubeconfig(component, "/O=system:" + component + "/CN=system:" + component);
    }
    Files.writeString(
        directory.resolve("encryption-config.yaml"),
        """
        kind: EncryptionConfig
        apiVersion: v1
        resources:
          - resources: [secrets]
            providers:
              - aescbc:
                  keys:
                    - name: key1
                      secret: %s
              - identity: {}
        """
            .formatted(Base64.getEncoder().encodeToString(new byte[32])));
    return credentials;
  }

  /** The files that a controller needs, and admin.kubeconfig. */
  public List<Path> files() {
    return List.of(
            "ca.pem",
            "ca-key.pem",
            "kubernetes.pem",
            "kubernetes-key.pem",
            "service-account.pem",
            "service-account-key.pem",
            "encryption-config.yaml",
            "kube-controller-manager.kubeconfig",
            "kube-scheduler.kubeconfig",
            "admin.kubeconfig")
        .stream()
        .map(directory::resolve)
        .toList();
  }

  private void certificate(String name, String subject, List<String> sans)
      throws IOException, InterruptedException {
    run(
        "req -newkey rsa:2048 -nodes -keyout %s-key.pem -out %s.csr -subj %s"
            .formatted(name, name, subject));
    StringBuilder extensions = new StringBuilder("extendedKeyUsage=serverAuth,clientAuth\n");
    if (!sans.isEmpty()) {
      extensions.append("subjectAltName=").append(String.join(",", sans)).append('\n');
    }
    Files.writeString(directory.resolve(name + ".ext"), extensions);
    run(
        "x509 -req -in %s.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -out %s.pem -days 2 -extfile %s.ext"
            .formatted(name, name, name));
  }

  private void kubeconfig(String name, String subject) throws IOException, InterruptedException {
    certificate(name, subject, List.of());
    Files.writeString(
        directory.resolve(name + ".kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters:
          - name: test
            cluster:
              certificate-authority-data: %s
              server: https://127.0.0.1:6443
        users:
          - name: test
            user:
              client-certificate-data: %s
              client-key-data: %s
        contexts:
          - name: test
            context: {cluster: test, user: test}
        current-context: test
        """
            .formatted(base64("ca.pem"), base64(name + ".pem"), base64(name + "-key.pem")));
  }

  private String base64(String file) throws IOException {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(directory.resolve(file)));
  }

  private void run(String arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ", -1)));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("openssl " + arguments + " failed: " + output);
    }
  }
}
