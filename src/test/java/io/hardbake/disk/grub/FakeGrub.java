package io.hardbake.disk.grub;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** Files of {@code i386-pc} that boot nothing, of the form that a core image is assembled from. */
public final class FakeGrub {
  static final int DECOMPRESSOR = 100;

  private FakeGrub() {}

  /** All that the core image of a disk takes, by name. */
  public static SortedMap<String, byte[]> files() {
    SortedMap<String, byte[]> files = images();
    List<String> modules = CoreSettings.forRoot(new UUID(0, 0), 3).modules();
    files.put("moddep.lst", bytes(String.join(":\n", modules) + ":\n"));
    modules.forEach(module -> files.put(module + ".mod", bytes("module " + module)));
    return files;
  }

  /** All but modules. */
  static SortedMap<String, byte[]> images() {
    SortedMap<String, byte[]> files = new TreeMap<>();
    byte[] boot = new byte[512];
    Arrays.fill(boot, (byte) 0x11);
    byte[] diskboot = new byte[512];
    Arrays.fill(diskboot, 0, 0x1e8, (byte) 0x22);
    diskboot[0x1fe] = 0x20;
    diskboot[0x1ff] = 0x08;
    files.put("boot.img", boot);
    files.put("diskboot.img", diskboot);
    files.put("lzma_decompress.img", new byte[DECOMPRESSOR]);
    files.put("kernel.img", elf("kernel"));
    return files;
  }

  /** An ELF file whose second segment is the one to load. */
  static byte[] elf(String segment) {
    byte[] body = segment.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer out = ByteBuffer.allocate(116 + body.length + 7).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0x464c457f).put((byte) 1).put((byte) 1);
    out.putInt(0x1c, 52).putShort(0x2c, (short) 2);
    out.putInt(52, 0x6474e551);
    out.putInt(84, 1).putInt(84 + 4, 116).putInt(84 + 0x10, body.length);
    out.putInt(84 + 0x14, body.length + 1000);
    out.position(116);
    out.put(body);
    return out.array();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
