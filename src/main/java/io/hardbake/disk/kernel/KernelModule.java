package io.hardbake.disk.kernel;

import io.hardbake.disk.kernel.ElfObject.Symbol;
import io.hardbake.tree.Content;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A kernel module, as its file describes it. Compared by identity: a kernel has each module once.
 */
public final class KernelModule {
  private static final String SUFFIX = ".ko";
  private static final String CHECKSUM = "__crc_";

  private final String path;
  private final Content content;
  private final List<String> info;
  private final List<String> exports;
  private final List<String> imports;

  private KernelModule(String path, Content content, ElfObject elf) {
    this.path = path;
    this.content = content;
    this.info = List.copyOf(elf.strings(".modinfo"));
    List<Symbol> symbols = elf.symbols();
    this.exports = exports(elf, symbols);
    this.imports = symbols.stream().filter(Symbol::undefined).map(Symbol::name).toList();
  }

  /**
   * A kernel with CONFIG_MODVERSIONS has a checksum beside each exported symbol, which names it;
   * the section of names has other words too, such as name spaces.
   */
  private static List<String> exports(ElfObject elf, List<Symbol> symbols) {
    List<String> names = new ArrayList<>();
    for (Symbol symbol : symbols) {
      if (symbol.name().startsWith(CHECKSUM)) {
        names.add(symbol.name().substring(CHECKSUM.length()));
      }
    }
    return List.copyOf(names.isEmpty() ? elf.strings("__ksymtab_strings") : names);
  }

  /** Whether a file name is one of a module, whatever its compression. */
  static boolean isModule(String path) {
    return path.matches(".*\\.ko(\\.[a-z0-9]+)?");
  }

  /**
   * Reads a module.
   *
   * @throws IllegalArgumentException if the file is none, or a compressed one
   */
  static KernelModule read(String path, Content content) throws IOException {
    if (!path.endsWith(SUFFIX)) {
      throw new IllegalArgumentException("compressed modules are not supported");
    }
    return new KernelModule(path, content, new ElfObject(content.bytes()));
  }

  /** Below {@code /lib/modules/VERSION}: {@code kernel/drivers/block/virtio_blk.ko}. */
  public String path() {
    return path;
  }

  public Content content() {
    return content;
  }

  /** Symbols that it gives to others. */
  List<String> exports() {
    return exports;
  }

  /** Symbols that it takes from others or from the kernel, in the order of its symbol table. */
  List<String> imports() {
    return imports;
  }

  /** Its name as the kernel has it: the file's, with underscores. */
  public String name() {
    return nameOf(path);
  }

  static String nameOf(String path) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    int dot = file.indexOf('.');
    return (dot < 0 ? file : file.substring(0, dot)).replace('-', '_');
  }

  /** All values of a key of its {@code .modinfo}, such as {@code alias}. */
  public List<String> values(String key) {
    List<String> values = new ArrayList<>();
    String prefix = key + "=";
    for (String line : info) {
      if (line.startsWith(prefix)) {
        values.add(line.substring(prefix.length()));
      }
    }
    return values;
  }

  /** The modules it says it needs, by name. */
  public List<String> depends() {
    List<String> names = new ArrayList<>();
    for (String value : values("depends")) {
      for (String name : value.split(",", -1)) {
        if (!name.isEmpty()) {
          names.add(name.replace('-', '_'));
        }
      }
    }
    return names;
  }

  /** The modules it wants loaded before it where they are to be had: {@code softdep=pre: …}. */
  public List<String> wantedBefore() {
    List<String> names = new ArrayList<>();
    for (String value : values("softdep")) {
      boolean pre = false;
      for (String word : value.split("\\s+", -1)) {
        if (word.endsWith(":")) {
          pre = word.equals("pre:");
        } else if (pre && !word.isEmpty()) {
          names.add(word.replace('-', '_'));
        }
      }
    }
    return names;
  }

  @Override
  public String toString() {
    return path;
  }
}
