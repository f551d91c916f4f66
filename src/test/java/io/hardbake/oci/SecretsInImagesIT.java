package io.hardbake.oci;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardbake.Oracle;
import io.hardbake.credentials.CredentialFile;
import io.hardbake.credentials.CredentialRequest;
import io.hardbake.credentials.Credentials;
import io.hardbake.credentials.KeyKind;
import io.hardbake.image.Image;
import io.hardbake.image.Ledger;
import io.hardbake.progress.Progress;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Layer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No secret is ever baked: every file of every layer is read, also those that a later one hides.
 */
final class SecretsInImagesIT {
  /**
   * Keys, not talk of keys: programs and manuals hold the line that begins a key, but no base64
   * after it. In JSON and in Go source a line ends with a backslash and an n.
   */
  private static final Pattern SECRET =
      Pattern.compile(
          "-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----(?:\\s|\\\\[rn])+"
              + "(?:[A-Za-z-]+: [^\\n]*\\n)*\\s*[A-Za-z0-9+/]{32}"
              + "|(?:client-key-data|secret): *\"?[A-Za-z0-9+/]{20}");

  /** GnuTLS tests itself with keys that are in its source, known to the whole world. */
  private static final Pattern PUBLIC = Pattern.compile("usr/lib/[^/]+/libgnutls\\.so\\.[0-9.]+");

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"controller", "loadbalancer"})
  void noLayerOfARoleHoldsAKey(String role) throws Exception {
    Path archive = Path.of("target/images", role + "-amd64.oci.tar");
    Oracle.require(Files.exists(archive), archive + " is missing: make images");
    assertEquals(
        List.of(),
        secrets(archive).stream().filter(file -> !PUBLIC.matcher(file).matches()).toList());
  }

  @ParameterizedTest
  @EnumSource
  void aPlantedKeyIsFoundInEveryLayer(KeyKind kind) throws Exception {
    Path credentials = directory.resolve("credentials");
    Credentials.ofThisMachine()
        .make(
            credentials,
            new CredentialRequest(
                CredentialRequest.DEFAULT_CONTROLLERS,
                CredentialRequest.DEFAULT_LOAD_BALANCER,
                List.of(),
                kind,
                CredentialRequest.DEFAULT_LEAF_VALIDITY));
    FileTree.Builder tree = Specimen.base().toBuilder();
    List<String> expected = new ArrayList<>();
    for (CredentialFile file : CredentialFile.values()) {
      byte[] content = Files.readAllBytes(credentials.resolve(file.fileName()));
      put(tree, "/var/lib/kubernetes/" + file.fileName(), content);
      put(tree, "/usr/share/doc/" + file.fileName() + ".gz", gzip(content));
      if (file.isSecret()) {
        expected.add("usr/share/doc/" + file.fileName() + ".gz");
        expected.add("var/lib/kubernetes/" + file.fileName());
      }
    }
    // What programs and manuals have is none.
    put(tree, "/usr/bin/tool", "\0-----BEGIN RSA PRIVATE KEY-----\0-----END".getBytes(ISO_8859_1));
    put(tree, "/etc/example", "secret: <BASE 64 ENCODED SECRET>\n".getBytes(ISO_8859_1));
    Layer planted = tree.freeze().minus(Specimen.base(), "planted");

    Image image = Specimen.image();
    for (int at = 0; at <= image.layers().size(); at++) {
      List<Layer> layers = new ArrayList<>(image.layers());
      layers.add(at, planted);
      assertEquals(expected.stream().sorted().toList(), secrets(emit(image, layers, at)));
    }
  }

  @Test
  void keysOfOtherToolsAreFound() {
    String body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";
    for (String text :
        List.of(
            "-----BEGIN PRIVATE KEY-----\n" + body,
            "-----BEGIN OPENSSH PRIVATE KEY-----\r\n" + body,
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n" + body,
            "{\"key\": \"-----BEGIN EC PRIVATE KEY-----\\n" + body)) {
      assertEquals(true, SECRET.matcher(text).find(), text);
    }
  }

  private Path emit(Image image, List<Layer> layers, int at) throws Exception {
    DirectoryCache cache =
        new DirectoryCache(Files.createDirectory(directory.resolve("cache" + at)));
    Image altered =
        new Image(
            image.role() + at,
            image.architecture(),
            layers,
            image.tree(),
            image.containerLayer(),
            image.container(),
            image.machine(),
            image.box(),
            image.annotations(),
            image.created());
    return new OciArchive(cache, Ledger.blank(), Progress.silent(), 1)
        .emit(altered, directory)
        .file();
  }

  private static void put(FileTree.Builder tree, String path, byte[] content) {
    tree.put(AbsolutePath.of(path), new RegularFile(Specimen.META, Content.of(content)));
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  /** The files with a secret in them, of all layers, in order. */
  private static List<String> secrets(Path archive) throws Exception {
    TreeSet<String> found = new TreeSet<>();
    ArchiveReader reader = ArchiveReader.open(archive);
    int files = 0;
    for (ArchiveReader.Blob layer : reader.layers()) {
      try (InputStream raw = reader.open(layer);
          TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(raw))) {
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          if (entry.isFile() && !entry.isLink() && !entry.isSymbolicLink()) {
            files++;
            if (hasSecret(tar.readAllBytes())) {
              found.add(entry.getName().replaceFirst("^(\\./|/)", ""));
            }
          }
        }
      }
    }
    assertEquals(true, files > 5, "files were read: " + files);
    return List.copyOf(found);
  }

  private static boolean hasSecret(byte[] content) throws IOException {
    if (SECRET.matcher(new String(content, ISO_8859_1)).find()) {
      return true;
    }
    if (content.length < 2 || content[0] != 0x1f || (content[1] & 0xff) != 0x8b) {
      return false;
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(content))) {
      return SECRET.matcher(new String(in.readAllBytes(), ISO_8859_1)).find();
    } catch (ZipException e) {
      return false; // It only begins like gzip.
    }
  }
}
