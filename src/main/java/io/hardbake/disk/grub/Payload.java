package io.hardbake.disk.grub;

import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Size;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What the core image unpacks to: GRUB's kernel, and right behind it {@code struct
 * grub_module_info32} with the objects built in (include/grub/kernel.h).
 */
final class Payload {
  private static final int MODULE_MAGIC = 0x676d696d; // "gmim", GRUB module info magic
  private static final int INFO_BYTES = 12;
  private static final int HEADER_BYTES = 8;
  private static final int ALIGNMENT = 4;

  private Payload() {}

  /** {@code enum} of include/grub/kernel.h: OBJ_TYPE_… */
  private enum ObjectType {
    ELF(0),
    CONFIG(2),
    PREFIX(3);

    private final int code;

    ObjectType(int code) {
      this.code = code;
    }
  }

  static byte[] of(GrubFiles files, CoreSettings settings) throws IntegrityException, IOException {
    ByteArrayOutputStream objects = new ByteArrayOutputStream();
    List<String> modules = ModuleOrder.parse(files.text("moddep.lst")).closure(settings.modules());
    for (String module : modules) {
      add(objects, ObjectType.ELF, files.bytes(module + ".mod"));
    }
    add(objects, ObjectType.CONFIG, text(settings.config()));
    add(objects, ObjectType.PREFIX, text(settings.prefix()));

    byte[] kernel = KernelImage.segment(files.bytes("kernel.img"));
    ByteBuffer info = ByteBuffer.allocate(INFO_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    // spotless:off
    info.putInt(MODULE_MAGIC);                            // 0x0  le32  magic
    info.putInt(INFO_BYTES);                              // 0x4  le32  offset of the first object
    info.putInt(Math.addExact(INFO_BYTES, objects.size())); // 0x8  le32  size, this header included
    // spotless:on
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    payload.writeBytes(kernel);
    payload.writeBytes(info.array());
    objects.writeTo(payload);
    return payload.toByteArray();
  }

  /** {@code struct grub_module_header} and the object; its size counts the header and padding. */
  private static void add(ByteArrayOutputStream objects, ObjectType type, byte[] object) {
    int padded = Math.toIntExact(new Size(object.length).blocks(ALIGNMENT) * ALIGNMENT);
    ByteBuffer entry = ByteBuffer.allocate(HEADER_BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
    // spotless:off
    entry.putInt(type.code);                              // 0x0  le32  type
    entry.putInt(HEADER_BYTES + padded);                  // 0x4  le32  size
    entry.put(object);                                    // 0x8
    // spotless:on
    objects.writeBytes(entry.array());
  }

  private static byte[] text(String text) {
    return (text + "\0").getBytes(StandardCharsets.UTF_8);
  }
}
