package io.hardbake.kubernetes;

import io.hardbake.image.Architecture;
import io.hardbake.io.Sha512;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Small stand-ins for what the release host serves. */
public final class Fakes {
  private Fakes() {}

  /** An ELF header (64 bits, little-endian) and some text. */
  static byte[] elf(int machine, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(64 + body.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
    file.putShort(16, (short) 2);
    file.putShort(18, (short) machine);
    file.position(64);
    file.put(body);
    return file.array();
  }

  /** The four binaries, each with its name in it. */
  public static Map<String, byte[]> binaries(Architecture architecture) {
    Map<String, byte[]> binaries = new LinkedHashMap<>();
    // Not in the order of NAMES: nobody promises one.
    for (String name :
        List.of("kubectl", "kube-scheduler", "kube-apiserver", "kube-controller-manager")) {
      binaries.put(name, elf(architecture.elfMachine(), "I am " + name));
    }
    return binaries;
  }

  /** A server tarball: the binaries among other things, as the real one has them. */
  public static byte[] tarball(Map<String, byte[]> binaries) throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    members.put("kubernetes/LICENSES", new byte[1000]);
    members.put("kubernetes/server/bin/kube-apiserver.docker_tag", new byte[] {'v'});
    binaries.forEach(
        (name, body) -> {
          members.put("kubernetes/server/bin/" + name + ".tar", new byte[5000]);
          members.put("kubernetes/server/bin/" + name, body);
        });
    members.put("kubernetes/kubernetes-src.tar.gz", new byte[100_000]);
    return tarGz(members);
  }

  static byte[] tarGz(Map<String, byte[]> members) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      for (Map.Entry<String, byte[]> member : members.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(member.getKey());
        entry.setSize(member.getValue().length);
        entry.setMode(0755);
        tar.putArchiveEntry(entry);
        tar.write(member.getValue());
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  /** Version {@code version} for {@code architecture} from wherever it can be had. */
  static KubernetesRequest request(KubernetesVersion version, Architecture architecture) {
    return new KubernetesRequest(
        version,
        architecture,
        KubernetesRequest.Choice.AUTO,
        Optional.empty(),
        Optional.empty(),
        false);
  }

  /** The same request from the store alone. */
  static KubernetesRequest offline(KubernetesRequest of) {
    return new KubernetesRequest(
        of.version(), of.architecture(), of.choice(), of.mirror(), of.pin(), true);
  }

  static KubernetesPins pins(KubernetesVersion version, Architecture architecture, byte[] tarball) {
    Properties lines = new Properties();
    lines.setProperty(version + "/" + architecture + "/server.sha512", Sha512.of(tarball).hex());
    return new KubernetesPins(lines);
  }
}
