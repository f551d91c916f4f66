package io.hardbake.kubernetes.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.IntegrityException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SourceTarballTest {
  @TempDir Path directory;
  private Path root;

  /** A member: with a {@code target} a symbolic link, else a file. */
  private record Member(String name, String target, long time, int mode) {
    static Member file(String name) {
      return new Member(name, "", 0, 0644);
    }

    static Member link(String name, String target) {
      return new Member(name, target, 0, 0777);
    }
  }

  @BeforeEach
  void makeRoot() throws IOException {
    root = Files.createDirectories(directory.resolve("a/root"));
  }

  @Test
  void unpacksWithoutTheTopDirectory() throws Exception {
    Instant newest =
        unpack(
            List.of(
                new Member("k-1.2/bin/tool", "", 1_600_000_000, 0755),
                new Member("k-1.2/doc", "", 1_500_000_000, 0644),
                Member.link("k-1.2/vendor/x", "../bin"),
                Member.file("k-1.2/unwanted/file")));
    assertEquals(Instant.ofEpochSecond(1_600_000_000), newest);
    assertTrue(Files.isExecutable(root.resolve("bin/tool")));
    assertFalse(Files.isExecutable(root.resolve("doc")));
    assertEquals("bin/tool", Files.readString(root.resolve("vendor/x/tool")).substring(6));
    assertFalse(Files.exists(root.resolve("unwanted")));
  }

  @Test
  void refusesNamesThatLeadOutside() throws Exception {
    for (String name : List.of("k/../../evil", "k//etc/evil", "k/./x", "k/a/../../../evil")) {
      assertRefused(List.of(Member.file(name)), "leads outside");
    }
  }

  @Test
  void refusesLinksThatLeadOutside() throws Exception {
    for (String target : List.of("/etc", "..", "../x", "a/../../..")) {
      assertRefused(List.of(Member.link("k/link", target)), "is outside");
    }
  }

  @Test
  void refusesToWriteThroughALink() throws Exception {
    assertRefused(List.of(Member.link("k/link", "dir"), Member.file("k/link/file")), "comes twice");
    assertRefused(List.of(Member.link("k/a", "dir"), Member.link("k/a/b", "x")), "is no directory");
  }

  @Test
  void refusesNamesThatComeTwice() throws Exception {
    assertRefused(List.of(Member.file("k/f"), Member.file("k/f")), "comes twice");
    assertRefused(List.of(Member.file("k/f"), Member.file("k/f/g")), "is no directory");
    assertRefused(List.of(Member.link("k/l", "x"), Member.link("k/l", "y")), "comes twice");
  }

  @Test
  void refusesWhatIsNoTarball() throws Exception {
    Path file = Files.writeString(directory.resolve("x.tar.gz"), "hello");
    assertThrows(
        IntegrityException.class,
        () -> new SourceTarball(file, "x.tar.gz").unpackInto(new HostTree(root), 1, name -> true));
  }

  @Test
  void readsWhatTheSourceSaysOfItself() throws Exception {
    Files.createDirectories(root.resolve("hack/lib"));
    Files.createDirectories(root.resolve("staging/src/k8s.io/component-base/version"));
    Path version = root.resolve("hack/lib/version.sh");
    Files.writeString(
        version, "  if [[ 'HEAD -> release-1.20, tag: v1.20.2' =~ tag:\\ x ]]; then\n");
    Files.writeString(
        root.resolve("staging/src/k8s.io/component-base/version/base.go"),
        "\tgitCommit    = \"" + "ab".repeat(20) + "\" // sha1 from git\n");
    SourceIdentity identity = SourceIdentity.read(root, Instant.EPOCH);
    assertEquals("v1.20.2", identity.gitVersion());
    assertEquals("1", identity.major());
    assertEquals("20", identity.minor());
    assertEquals("ab".repeat(20), identity.gitCommit());

    Files.writeString(version, "  if [[ '$Format:%D$' =~ tag:\\ x ]]; then\n");
    assertThrows(IntegrityException.class, () -> SourceIdentity.read(root, Instant.EPOCH));
  }

  private void assertRefused(List<Member> members, String reason) throws IOException {
    root = Files.createDirectories(Files.createTempDirectory(directory, "a").resolve("root"));
    IntegrityException e = assertThrows(IntegrityException.class, () -> unpack(members));
    assertTrue(String.valueOf(e.getMessage()).contains(reason), e.getMessage());
    assertFalse(Files.exists(root.resolveSibling("evil")));
  }

  private Instant unpack(List<Member> members) throws IOException, IntegrityException {
    Path file = directory.resolve("source.tar.gz");
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
      for (Member member : members) {
        put(tar, member);
      }
    }
    return new SourceTarball(file, "source.tar.gz")
        .unpackInto(new HostTree(root), 1, name -> !name.startsWith("unwanted"));
  }

  private static void put(TarArchiveOutputStream tar, Member member) throws IOException {
    boolean link = !member.target().isEmpty();
    TarArchiveEntry entry =
        new TarArchiveEntry(
            member.name(), link ? TarConstants.LF_SYMLINK : TarConstants.LF_NORMAL, true);
    byte[] body = link ? new byte[0] : member.name().getBytes(StandardCharsets.UTF_8);
    entry.setLinkName(member.target());
    entry.setSize(body.length);
    entry.setMode(member.mode());
    entry.setLastModifiedTime(FileTime.from(Instant.ofEpochSecond(member.time())));
    tar.putArchiveEntry(entry);
    tar.write(body);
    tar.closeArchiveEntry();
  }
}
