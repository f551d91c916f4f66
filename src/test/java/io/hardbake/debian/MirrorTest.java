package io.hardbake.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MirrorTest {
  private static final URI MAIN = URI.create("http://mirror.example.org/debian");
  private static final URI SECURITY = URI.create("http://mirror.example.org/security");

  private static final String PARAGRAPH =
      "Types: deb\nURIs: http://mirror.example.org/debian\nSuites: bookworm\nComponents: main\n";

  @TempDir Path root;

  @BeforeEach
  void makeDebian() throws IOException {
    write("etc/os-release", "NAME=\"Debian GNU/Linux\"\nID=debian\n");
  }

  private void write(String path, String text) throws IOException {
    Files.createDirectories(root.resolve(path).getParent());
    Files.writeString(root.resolve(path), text);
  }

  private Mirror choose() {
    return Mirror.choose("bookworm", List.of(), List.of(), root);
  }

  @Test
  void readsDeb822() throws Exception {
    write(
        "etc/apt/sources.list.d/debian.sources",
        """
        # the release
        Types: deb deb-src
        URIs: http://mirror.example.org/debian
        Suites: bookworm bookworm-updates
        Components: main
        Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

        Types: deb
        URIs: http://mirror.example.org/security
        Suites: bookworm-security
        Components: main contrib
        """);
    Mirror mirror = choose();
    assertEquals(List.of(MAIN), mirror.main());
    assertEquals(List.of(SECURITY), mirror.security());
    assertTrue(mirror.source().endsWith("debian.sources"), mirror.source());
  }

  @Test
  void readsOneLineFormat() throws Exception {
    write(
        "etc/apt/sources.list",
        """
        # deb http://old.example.org/debian bookworm main
        deb-src http://src.example.org/debian bookworm main
        deb [arch=amd64 signed-by=/x/debian-archive-keyring.gpg] http://mirror.example.org/debian bookworm main # ours
        deb http://mirror.example.org/security bookworm-security main
        """);
    assertEquals(List.of(MAIN), choose().main());
    assertEquals(List.of(SECURITY), choose().security());
  }

  @Test
  void passesOverWhatIsNotDebiansOwn() throws Exception {
    write(
        "etc/apt/sources.list.d/vendor.list",
        """
        deb [signed-by=/usr/share/keyrings/vendor.gpg] https://vendor.example.org/apt bookworm main
        deb https://vendor.example.org/apt bookworm stable
        deb mirror+file:/etc/apt/mirrors.list bookworm main
        deb cdrom:[Debian]/ bookworm main
        deb http://user:secret@mirror.example.org/debian bookworm main
        deb http://mirror.example.org/debian trixie main
        deb [broken http://mirror.example.org/debian bookworm main
        """);
    write(
        "etc/apt/sources.list.d/off.sources",
        """
        Types: deb
        URIs: http://x.example.org
        Suites: bookworm
        Components: main
        Enabled: no
        """);
    write("etc/apt/sources.list.d/bad.sources", "this is no deb822\n");
    assertEquals(Mirror.PUBLIC, choose());
  }

  @ParameterizedTest
  @ValueSource(strings = {"no", "No", "FALSE", "without", "off", "Disable", "0"})
  void whatIsSwitchedOffIsPassedOver(String word) throws Exception {
    write("etc/apt/sources.list.d/off.sources", PARAGRAPH + "Enabled: " + word + "\n");
    assertEquals(Mirror.PUBLIC, choose());
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "1", "none"})
  void whatIsNotSwitchedOffCounts(String word) throws Exception {
    write("etc/apt/sources.list.d/on.sources", PARAGRAPH + "Enabled: " + word + "\n");
    assertEquals(List.of(MAIN), choose().main());
  }

  @Test
  void aLineOfBlanksSeparatesParagraphs() throws Exception {
    write(
        "etc/apt/sources.list.d/debian.sources",
        " \n"
            + PARAGRAPH
            + " \t\n\n"
            + PARAGRAPH.replace("debian", "security").replace("worm", "worm-security")
            + "  ");
    assertEquals(List.of(MAIN), choose().main());
    assertEquals(List.of(SECURITY), choose().security());
  }

  @Test
  void takesNothingFromAnotherSystem() throws Exception {
    write("etc/os-release", "ID=ubuntu\nID_LIKE=debian\n");
    write("etc/apt/sources.list", "deb http://mirror.example.org/debian bookworm main\n");
    assertEquals(Mirror.PUBLIC, choose());
  }

  @Test
  void whatIsAskedForWins() throws Exception {
    write("etc/apt/sources.list", "deb http://mirror.example.org/debian bookworm main\n");
    URI own = URI.create("https://own.example.org/debian");
    Mirror mirror = Mirror.choose("bookworm", List.of(own), List.of(), root);
    assertEquals(List.of(own), mirror.main());
    assertEquals(Mirror.PUBLIC.security(), mirror.security());
  }
}
