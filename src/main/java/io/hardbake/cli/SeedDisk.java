package io.hardbake.cli;

import io.hardbake.credentials.Member;
import io.hardbake.disk.Volume;
import io.hardbake.disk.VolumeReader;
import io.hardbake.disk.fat.FatFileSystem;
import io.hardbake.disk.fat.FatSettings;
import io.hardbake.failure.ShellWord;
import io.hardbake.failure.UsageException;
import io.hardbake.io.AtomicFile;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A disk that tells a machine who it is, as first boot reads it: labelled CIDATA, with files of
 * NoCloud's names. Equal files make equal disks.
 *
 * @param files by path
 */
record SeedDisk(SortedMap<AbsolutePath, Content> files) {
  private static final String LABEL = "CIDATA";

  /** As many as Linux follows. */
  private static final int MOST_LINKS = 40;

  /**
   * The disk of one machine.
   *
   * @param instance a first boot is the first of its instance
   * @param controllers all of them; none leaves it to the machine to find them by DNS
   * @param address at which others reach the machine, where it is not among the controllers'
   * @param credentials what a controller gets, by file name; a load balancer gets none
   */
  static SeedDisk of(
      Member node,
      String instance,
      List<Member> controllers,
      Optional<InetAddress> address,
      Map<String, Content> credentials) {
    StringBuilder userData = new StringBuilder();
    if (!controllers.isEmpty()) {
      userData.append(
          controllers.stream()
              .map(SeedDisk::controller)
              .collect(Collectors.joining(" ", "CONTROLLERS=\"", "\"\n")));
    }
    userData.append("NODE_NAME=%s\n".formatted(node.name()));
    address.ifPresent(each -> userData.append("INTERNAL_IP=%s\n".formatted(text(each))));
    SortedMap<AbsolutePath, Content> files = new TreeMap<>();
    credentials.forEach((name, content) -> files.put(AbsolutePath.ROOT.child(name), content));
    files.put(
        AbsolutePath.of("/meta-data"),
        Content.of("instance-id: %s\nlocal-hostname: %s\n".formatted(instance, node.name())));
    files.put(AbsolutePath.of("/user-data"), Content.of(userData.toString()));
    return new SeedDisk(files);
  }

  /**
   * Writes the disk, for its owner alone: there may be keys on it. Where the file is a link, what
   * it leads to is written.
   *
   * @throws UsageException where something else than a file stands
   */
  void write(Path file) throws IOException, UsageException {
    Path target = followed(file);
    Size contents = files.values().stream().map(Content::size).reduce(Size.ZERO, Size::plus);
    // Two MiB are the least that all readers take well; a cluster a file is lost at most.
    Size size = Size.mib(2 + 2 * contents.blocks(1 << 20));
    Volume volume =
        FatFileSystem.plan(new FatSettings(size, LABEL, serialNumber(), Instant.EPOCH), files);
    byte[] bytes = new byte[Math.toIntExact(size.bytes())];
    try (VolumeReader reader = volume.reader()) {
      reader.read(0, ByteBuffer.wrap(bytes));
    }
    AtomicFile.writeSecret(target, bytes);
  }

  /** A rename would take the place of a link, and of a device. */
  private static Path followed(Path file) throws IOException, UsageException {
    if (Files.isDirectory(file)) {
      throw new UsageException(file + " is a directory", "name a file in it, such as seed.img");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new UsageException(
          file + " is no regular file, and would be replaced by one",
          "write the disk to a file, and copy that: dd if=seed.img of=" + ShellWord.of(file));
    }
    Path at = file;
    for (int links = 0; Files.isSymbolicLink(at); links++) {
      if (links == MOST_LINKS) {
        throw new UsageException(file + " is a link that leads nowhere", "name another file");
      }
      at = at.resolveSibling(Files.readSymbolicLink(at));
    }
    return at;
  }

  /** Follows from the files. */
  private int serialNumber() {
    MessageDigest digest = Sha256.newDigest();
    files.forEach(
        (path, content) ->
            digest.update((path + " " + content.sha256() + "\n").getBytes(StandardCharsets.UTF_8)));
    return Integer.parseUnsignedInt(Sha256.of(digest).hex().substring(0, 8), 16);
  }

  private static String controller(Member member) {
    return member.addresses().isEmpty()
        ? member.name()
        : member.name() + "=" + text(member.addresses().get(0));
  }

  private static String text(InetAddress address) {
    return address.getHostAddress();
  }
}
