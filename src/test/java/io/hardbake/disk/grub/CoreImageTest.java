package io.hardbake.disk.grub;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.IntegrityException;
import io.hardbake.image.Architecture;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMAInputStream;

/** A core image out of made-up files, field by field. */
class CoreImageTest {
  private static final CoreSettings SETTINGS =
      new CoreSettings(List.of("ext2", "search"), "search x\n", "(,gpt3)/boot/grub");
  private static final int DECOMPRESSOR = FakeGrub.DECOMPRESSOR;

  private final SortedMap<String, Content> files = new TreeMap<>();

  CoreImageTest() {
    FakeGrub.images().forEach(this::put);
    put(
        "moddep.lst",
        "search: extcmd\next2: fshelp\nfshelp:\nextcmd:\nself: self\nlost: nowhere\n");
    put("ext2.mod", "E");
    put("fshelp.mod", "FFFF");
    put("search.mod", "SSSSS");
    put("extcmd.mod", "XX");
  }

  private void put(String name, byte[] bytes) {
    files.put(name, Content.of(bytes));
  }

  private void put(String name, String text) {
    files.put(name, Content.of(text));
  }

  private CoreImage core() throws Exception {
    return CoreImage.assemble(new GrubFiles(files), SETTINGS, CoreCache.none());
  }

  @Test
  void unpacksToKernelModulesConfigAndPrefix() throws Exception {
    ByteBuffer core = ByteBuffer.wrap(core().at(2048)).order(ByteOrder.LITTLE_ENDIAN);
    int size = core.getInt(512 + 0x0c);
    ByteArrayInputStream stream =
        new ByteArrayInputStream(core.array(), 512 + DECOMPRESSOR, core.getInt(512 + 0x08));
    byte[] payload;
    try (LZMAInputStream in = new LZMAInputStream(stream, size, (byte) 0x5d, 1 << 16)) {
      payload = in.readAllBytes();
    }
    ByteBuffer expected = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    expected.put("kernel".getBytes(StandardCharsets.US_ASCII));
    expected.putInt(0x676d696d).putInt(12).putInt(size - "kernel".length());
    object(expected, 0, "FFFF");
    object(expected, 0, "E\0\0\0");
    object(expected, 0, "XX\0\0");
    object(expected, 0, "SSSSS\0\0\0");
    object(expected, 2, "search x\n\0\0\0");
    object(expected, 3, "(,gpt3)/boot/grub\0\0\0");
    assertEquals(0, expected.remaining());
    assertArrayEquals(expected.array(), payload);
  }

  private static void object(ByteBuffer out, int type, String body) {
    out.putInt(type).putInt(8 + body.length()).put(body.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void knowsItsOwnPlace() throws Exception {
    CoreImage image = core();
    ByteBuffer core = ByteBuffer.wrap(image.at(0x1_2345_6789L)).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(0, core.capacity() % 512);
    assertEquals(0x22, core.get(0));
    assertEquals(0, core.getLong(0x1e8), "the end of the block list");
    assertEquals(0x1_2345_678aL, core.getLong(0x1f4));
    assertEquals(core.capacity() / 512 - 1, core.getShort(0x1fc));
    assertEquals(0x820, core.getShort(0x1fe));
    ByteBuffer code =
        ByteBuffer.wrap(image.bootCode(0x1_2345_6789L)).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(440, code.capacity());
    assertEquals(0x11, code.get(0x02));
    assertEquals(0, code.get(0x03));
    assertEquals(0, code.get(0x59));
    assertEquals(0x11, code.get(0x5a));
    assertEquals(0x1_2345_6789L, code.getLong(0x5c));
    assertEquals((byte) 0xff, code.get(0x64));
    assertEquals(0x11, code.get(0x65));
    assertEquals((short) 0x9090, code.getShort(0x66));
    assertEquals(0x11, code.get(439));
    assertThrows(IllegalArgumentException.class, () -> image.at(0));
  }

  @Test
  void isTheSameEachTime() throws Exception {
    assertArrayEquals(core().at(34), core().at(34));
  }

  @Test
  void refusesFilesOfAnotherGrub() {
    put("lzma_decompress.img", new byte[0xe01]);
    assertProblem("lzma_decompress.img has 3585 bytes, at most 3584");
    put("lzma_decompress.img", new byte[DECOMPRESSOR]);
    put("boot.img", new byte[511]);
    assertProblem("boot.img is not one sector");
    put("boot.img", new byte[512]);
    put("kernel.img", "not ELF");
    assertProblem("kernel.img is no 32-bit ELF file");
    byte[] cut = FakeGrub.elf("kernel");
    put("kernel.img", Arrays.copyOf(cut, 118));
    assertProblem("kernel.img has no segment to load");
    files.remove("kernel.img");
    assertProblem("it has no kernel.img");
  }

  @Test
  void refusesMoreThanFitsIntoMemory() {
    byte[] random = new byte[460_000];
    new Random(1).nextBytes(random);
    put("ext2.mod", random);
    assertProblem("bytes, at most 454656 are possible");
  }

  private void assertProblem(String problem) {
    IntegrityException e = assertThrows(IntegrityException.class, this::core);
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(problem), message);
  }

  @Test
  void ordersModulesAsGrubMkimageDoes() throws Exception {
    ModuleOrder order =
        ModuleOrder.parse("a: b c\nb: d\nc: d e\nd:\ne:\nself: self\nlost: nowhere\n");
    assertEquals(List.of("e", "d", "c", "b", "a"), order.closure(List.of("a")));
    assertEquals(List.of("d", "b", "e", "c", "a"), order.closure(List.of("b", "a", "b")));
    assertThrows(IntegrityException.class, () -> order.closure(List.of("self")));
    assertThrows(IntegrityException.class, () -> order.closure(List.of("lost")));
    assertThrows(IntegrityException.class, () -> ModuleOrder.parse("no colon"));
  }

  @Test
  void putsSignedFilesWhereFirmwareLooks() throws Exception {
    UUID root = UUID.fromString("6f1f4c36-5c5b-4c0f-9a35-0d1f9d9a9a10");
    SortedMap<AbsolutePath, Content> esp =
        EfiFiles.of(Architecture.ARM64, Content.of("shim"), Content.of("grub"), root);
    assertEquals(
        List.of("/EFI/BOOT/BOOTAA64.EFI", "/EFI/BOOT/grubaa64.efi", "/EFI/debian/grub.cfg"),
        esp.keySet().stream().map(AbsolutePath::value).toList());
    assertEquals(
        "search.fs_uuid "
            + root
            + " root\nset prefix=($root)/boot/grub\nconfigfile $prefix/grub.cfg\n",
        requireNonNull(esp.get(AbsolutePath.of("/EFI/debian/grub.cfg"))).text());
    assertEquals(
        "/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed",
        EfiFiles.grub(Architecture.AMD64).value());
    assertEquals("/usr/lib/shim/shimx64.efi.signed", EfiFiles.shim(Architecture.AMD64).value());
  }
}
