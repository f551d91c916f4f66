package io.hardbake.disk.kernel;

import io.hardbake.tree.Content;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A kernel module that does nothing, with the sections that indexes are made from. */
public final class ModuleBuilder {
  private static final int HEADER = 64;
  private static final List<String> SECTIONS =
      List.of("", ".modinfo", "__ksymtab_strings", ".symtab", ".strtab", ".shstrtab");

  private final List<String> info = new ArrayList<>();
  private final List<String> exports = new ArrayList<>();
  private final List<String> imports = new ArrayList<>();
  private boolean checksums = true;

  public ModuleBuilder info(String... lines) {
    info.addAll(List.of(lines));
    return this;
  }

  ModuleBuilder exports(String... symbols) {
    exports.addAll(List.of(symbols));
    return this;
  }

  ModuleBuilder imports(String... symbols) {
    imports.addAll(List.of(symbols));
    return this;
  }

  /** Without CONFIG_MODVERSIONS: exported symbols have no checksums. */
  ModuleBuilder withoutChecksums() {
    checksums = false;
    return this;
  }

  public Content build() {
    ByteArrayOutputStream strings = new ByteArrayOutputStream();
    strings.write(0);
    List<byte[]> symbols = new ArrayList<>(List.of(new byte[24]));
    imports.forEach(name -> symbols.add(symbol(strings, name, 0)));
    if (checksums) {
      exports.forEach(name -> symbols.add(symbol(strings, "__crc_" + name, 1)));
    }
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    symbols.forEach(table::writeBytes);
    String namespace = exports.isEmpty() ? "" : "\0namespace\0";
    return Content.of(
        file(
            List.of(
                new byte[0],
                bytes(String.join("\0", info) + "\0"),
                bytes(String.join("\0\0", exports) + namespace),
                table.toByteArray(),
                strings.toByteArray(),
                bytes(String.join("\0", SECTIONS) + "\0"))));
  }

  private static byte[] file(List<byte[]> bodies) {
    int table = HEADER + bodies.stream().mapToInt(body -> body.length).sum();
    ByteBuffer out =
        ByteBuffer.allocate(table + HEADER * bodies.size()).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0x464c457f).put((byte) 2).put((byte) 1);
    out.putLong(0x28, table);
    out.putShort(0x3c, (short) bodies.size());
    out.putShort(0x3e, (short) (bodies.size() - 1));
    int at = HEADER;
    int name = 0;
    for (int i = 0; i < bodies.size(); i++) {
      byte[] body = bodies.get(i);
      out.position(at);
      out.put(body);
      int header = table + HEADER * i;
      out.putInt(header, name).putInt(header + 4, 1);
      out.putLong(header + 0x18, at).putLong(header + 0x20, body.length);
      at += body.length;
      name += SECTIONS.get(i).length() + 1;
    }
    return out.array();
  }

  private static byte[] symbol(ByteArrayOutputStream strings, String name, int section) {
    ByteBuffer symbol = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    symbol.putInt(strings.size()).putShort(6, (short) section);
    strings.writeBytes(bytes(name + "\0"));
    return symbol.array();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
