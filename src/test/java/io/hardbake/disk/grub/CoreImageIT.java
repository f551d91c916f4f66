package io.hardbake.disk.grub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.PackageFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMAInputStream;

/** Our core image beside grub-mkimage's, from the same files. */
class CoreImageIT {
  private static final CoreSettings SETTINGS =
      CoreSettings.forRoot(UUID.fromString("6f1f4c36-5c5b-4c0f-9a35-0d1f9d9a9a10"), 3);
  private static final byte PROPERTIES = 0x5d; // lc=3 lp=0 pb=2

  @TempDir Path directory;
  private GrubFiles files;

  @BeforeEach
  void takeGrub() throws Exception {
    Oracle.require("grub-mkimage");
    files = new GrubFiles(PackageFiles.of("grub-pc-bin").directory("/usr/lib/grub/i386-pc"));
    PackageFiles.write(files.files(), directory.resolve("i386-pc"));
  }

  @Test
  void unpacksToTheSameBytesAsThatOfGrubMkimage() throws Exception {
    byte[] theirs = mkimage(SETTINGS);
    byte[] ours = CoreImage.assemble(files, SETTINGS, CoreCache.none()).at(1);
    assertArrayEquals(unpacked(theirs), unpacked(ours));
    // Beside the compressed size, the two small programs before the stream are equal as well.
    ByteBuffer.wrap(theirs).putInt(512 + 0x08, ByteBuffer.wrap(ours).getInt(512 + 0x08));
    int decompressorEnd = 512 + files.bytes("lzma_decompress.img").length;
    assertArrayEquals(
        Arrays.copyOfRange(theirs, 512, decompressorEnd),
        Arrays.copyOfRange(ours, 512, decompressorEnd));
    assertTrue(
        ours.length <= theirs.length * 1.02, ours.length + " bytes, theirs " + theirs.length);
  }

  /** Negative control: the comparison sees a module more, another prefix, another config. */
  @Test
  void aDifferenceInAnyIngredientIsSeen() throws Exception {
    byte[] theirs = unpacked(mkimage(SETTINGS));
    List<String> more = new ArrayList<>(SETTINGS.modules());
    more.add("hexdump");
    for (CoreSettings other :
        List.of(
            new CoreSettings(more, SETTINGS.config(), SETTINGS.prefix()),
            new CoreSettings(SETTINGS.modules(), SETTINGS.config(), "(,gpt2)/boot/grub"),
            new CoreSettings(SETTINGS.modules(), "halt\n", SETTINGS.prefix()))) {
      byte[] ours = unpacked(CoreImage.assemble(files, other, CoreCache.none()).at(1));
      assertFalse(Arrays.equals(theirs, ours), other.toString());
    }
  }

  @Test
  void keepsWhatGrubSetupKeepsOfTheBootSector() throws Exception {
    byte[] code = CoreImage.assemble(files, SETTINGS, CoreCache.none()).bootCode(2048);
    byte[] original = files.bytes("boot.img");
    ByteBuffer expected = ByteBuffer.wrap(Arrays.copyOf(original, CoreImage.BOOT_CODE));
    expected.order(ByteOrder.LITTLE_ENDIAN).putLong(0x5c, 2048).putShort(0x66, (short) 0x9090);
    Arrays.fill(expected.array(), 0x03, 0x5a, (byte) 0);
    assertEquals((byte) 0xff, original[0x64], "boot.img says so itself");
    assertArrayEquals(expected.array(), code);
  }

  private byte[] mkimage(CoreSettings settings) throws IOException {
    Path config = Files.writeString(directory.resolve("early.cfg"), settings.config());
    Path image = directory.resolve("core.img");
    List<String> command =
        new ArrayList<>(
            List.of(
                "grub-mkimage", "-O", "i386-pc", "-d", directory.resolve("i386-pc").toString()));
    command.addAll(List.of("-c", config.toString(), "-p", settings.prefix()));
    command.addAll(List.of("-o", image.toString()));
    command.addAll(settings.modules());
    Oracle.run(command).succeeded();
    return Files.readAllBytes(image);
  }

  private byte[] unpacked(byte[] core) throws Exception {
    int decompressor = files.bytes("lzma_decompress.img").length;
    ByteBuffer in = ByteBuffer.wrap(core).order(ByteOrder.LITTLE_ENDIAN);
    int compressed = in.getInt(512 + 0x08);
    int size = in.getInt(512 + 0x0c);
    ByteArrayInputStream stream = new ByteArrayInputStream(core, 512 + decompressor, compressed);
    try (LZMAInputStream lzma = new LZMAInputStream(stream, size, PROPERTIES, 1 << 16)) {
      byte[] payload = lzma.readAllBytes();
      assertEquals(size, payload.length);
      return payload;
    }
  }
}
