package io.hardbake.settle;

import io.hardbake.Oracle;
import io.hardbake.io.Sha256;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A directory that could be a machine's root, read as GNU tar sees it and entered by chroot in
 * namespaces of its own.
 */
record Rootfs(Path directory) {
  private static final String XATTR = "SCHILY.xattr.";

  /** Numbers differ between trees, names do not: these files are compared by what they say. */
  private static final List<String> ACCOUNT_FILES = List.of("passwd", "group", "shadow", "gshadow");

  /** Records in the order in which packages happened to come; it has no meaning. */
  private static final List<String> WITHOUT_ORDER =
      List.of("/var/lib/dpkg/diversions", "/var/lib/dpkg/triggers/File");

  /**
   * What stands at a path.
   *
   * @param owner user and group by name
   * @param body digest, link target, or what an account file says
   */
  record Node(String type, int mode, String owner, String body, SortedMap<String, String> xattrs) {
    @Override
    public String toString() {
      return "%s %04o %s %s %s".formatted(type, mode, owner, body, xattrs);
    }
  }

  /** Everything but what is mounted over: /proc and /sys. */
  SortedMap<String, Node> scan() throws IOException, InterruptedException {
    Process tar =
        new ProcessBuilder(
                "tar",
                "-cf",
                "-",
                "--sort=name",
                "--numeric-owner",
                "--format=posix",
                "--xattrs",
                "--xattrs-include=*",
                "-C",
                directory.toString(),
                "--exclude=./proc/*",
                "--exclude=./sys/*",
                ".")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    SortedMap<String, Node> nodes = new TreeMap<>();
    Map<Integer, String> users = names("passwd");
    Map<Integer, String> groups = names("group");
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(
            new BufferedInputStream(tar.getInputStream(), 1 << 20),
            StandardCharsets.UTF_8.name())) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        String path = path(entry.getName());
        if (entry.isLink()) {
          nodes.put(path, nodes.get(path(entry.getLinkName())));
        } else {
          String owner =
              users.get((int) entry.getLongUserId())
                  + ":"
                  + groups.get((int) entry.getLongGroupId());
          String body = body(path, entry, in, groups);
          nodes.put(
              path, new Node(type(entry), entry.getMode() & 07777, owner, body, xattrs(entry)));
        }
      }
    }
    if (tar.waitFor() != 0) {
      throw new IOException("tar exits with " + tar.exitValue());
    }
    return nodes;
  }

  private static String path(String name) {
    return "/" + name.replaceFirst("^\\./?", "").replaceFirst("/$", "");
  }

  private static String type(TarArchiveEntry entry) {
    return entry.isDirectory()
        ? "directory"
        : entry.isSymbolicLink() ? "link" : entry.isFile() ? "file" : "device";
  }

  private static String body(
      String path, TarArchiveEntry entry, TarArchiveInputStream in, Map<Integer, String> groups)
      throws IOException {
    if (entry.isSymbolicLink()) {
      return entry.getLinkName();
    }
    if (!entry.isFile()) {
      return "";
    }
    byte[] bytes = in.readAllBytes();
    for (String file : ACCOUNT_FILES) {
      if (path.equals("/etc/" + file)) {
        return accounts(file, new String(bytes, StandardCharsets.UTF_8), groups);
      }
    }
    if (WITHOUT_ORDER.contains(path)) {
      return new String(bytes, StandardCharsets.UTF_8)
          .lines()
          .sorted()
          .collect(Collectors.joining("\n"));
    }
    return Sha256.of(bytes).hex();
  }

  /** The lines sorted, without the numbers that are dealt out and the day of the last change. */
  private static String accounts(String file, String text, Map<Integer, String> groups) {
    return text.lines()
        .map(
            line -> {
              String[] f = line.split(":", -1);
              switch (file) {
                case "passwd" -> {
                  f[2] = "";
                  f[3] = groups.getOrDefault(Integer.parseInt(f[3]), "?");
                }
                case "group", "shadow" -> f[2] = "";
                default -> {}
              }
              return String.join(":", f);
            })
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private static SortedMap<String, String> xattrs(TarArchiveEntry entry) {
    SortedMap<String, String> xattrs = new TreeMap<>();
    entry
        .getExtraPaxHeaders()
        .forEach(
            (key, value) -> {
              if (key.startsWith(XATTR)) {
                xattrs.put(
                    key.substring(XATTR.length()),
                    Sha256.of(value.getBytes(StandardCharsets.UTF_8)).hex());
              }
            });
    return xattrs;
  }

  private Map<Integer, String> names(String file) throws IOException {
    Map<Integer, String> names = new HashMap<>();
    for (String line : Files.readAllLines(directory.resolve("etc").resolve(file))) {
      String[] f = line.split(":", -1);
      names.put(Integer.parseInt(f[2]), f[0]);
    }
    return names;
  }

  /** The paths that differ, each with what stands there on either side. */
  static SortedMap<String, String> difference(
      SortedMap<String, Node> real, SortedMap<String, Node> baked) {
    SortedMap<String, String> difference = new TreeMap<>();
    real.forEach(
        (path, node) -> {
          Node other = baked.get(path);
          if (!node.equals(other)) {
            difference.put(path, other == null ? "only real: " + node : node + " <> " + other);
          }
        });
    baked.forEach(
        (path, node) -> {
          if (!real.containsKey(path)) {
            difference.put(path, "only baked: " + node);
          }
        });
    return difference;
  }

  /**
   * Runs a command in the tree, with /proc, the host's devices and an empty /run, for the command's
   * time only.
   */
  Oracle.Result run(String... command) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "sh",
                "-ec",
                "mount -t proc proc \"$0/proc\"; mount --rbind /dev \"$0/dev\";"
                    + " mount -t tmpfs tmpfs \"$0/run\"; mkdir -m 1777 \"$0/run/lock\";"
                    + " exec chroot \"$0\" \"$@\"",
                directory.toString()));
    all.addAll(List.of(command));
    return Oracle.run(
        all,
        Duration.ofMinutes(5),
        Map.of("DEBIAN_FRONTEND", "noninteractive", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin"));
  }
}
