package io.hardbake.disk.kernel;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.hardbake.failure.IntegrityException;
import io.hardbake.tree.Content;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Made-up modules: what they say, in which order they load, and what the indexes say of them. */
class KernelModulesTest {
  private final SortedMap<String, Content> files = new TreeMap<>();

  KernelModulesTest() {
    files.put(
        "modules.order",
        Content.of("kernel/d/disk-driver.ko\nkernel/b/bus.ko\nkernel/c/core.ko\n"));
    files.put("modules.builtin", Content.of("kernel/f/ext4.ko\nkernel/l/built-in.ko\n"));
    files.put(
        "modules.builtin.modinfo",
        Content.of("ext4.license=GPL\0ext4.alias=fs-ext4\0built_in.alias=x[a-c]-y\0"));
    files.put(
        "kernel/d/disk-driver.ko",
        new ModuleBuilder()
            .info("alias=pci:v1-d*", "depends=bus,core", "softdep=pre: extra-alias post: late")
            .imports("bus_call", "core_call", "printk")
            .build());
    files.put(
        "kernel/b/bus.ko",
        new ModuleBuilder()
            .info("depends=core,ext4", "alias=char-major-10-235", "alias=devname:bus/control")
            .exports("bus_call")
            .imports("core_call")
            .build());
    files.put(
        "kernel/c/core.ko",
        new ModuleBuilder().info("depends=", "alias=bad]").exports("core_call").build());
    files.put("kernel/x/extra.ko", new ModuleBuilder().info("alias=extra-alias").build());
  }

  private KernelModules modules() throws Exception {
    return KernelModules.of("1.0-test", files);
  }

  private String index(String name) throws Exception {
    return requireNonNull(ModuleIndexes.of(modules()).get(name)).text();
  }

  private static List<String> names(List<KernelModule> modules) {
    return modules.stream().map(KernelModule::name).toList();
  }

  @Test
  void areInTheKernelsOrderAndUnlistedOnesLast() throws Exception {
    assertEquals(List.of("disk_driver", "bus", "core", "extra"), names(modules().all()));
  }

  @Test
  void loadAfterWhatTheyNeed() throws Exception {
    KernelModules modules = modules();
    assertEquals(
        List.of("core", "extra", "bus", "disk_driver"),
        names(modules.loadOrder(List.of("core", "disk_driver", "ext4", "no_such_driver"))));
    assertTrue(modules.has("built_in"));
    assertFalse(modules.has("no_such_driver"));
  }

  @Test
  void cannotLoadWithoutWhatTheyNeed() {
    files.remove("kernel/c/core.ko");
    IntegrityException e =
        assertThrows(IntegrityException.class, () -> modules().loadOrder(List.of("bus")));
    assertEquals(
        "kernel 1.0-test cannot be used: kernel/b/bus.ko needs core, which is missing",
        e.getMessage());
  }

  @Test
  void areIndexedAsDepmodDoes() throws Exception {
    assertEquals(
        """
        kernel/d/disk-driver.ko: kernel/b/bus.ko kernel/c/core.ko
        kernel/b/bus.ko: kernel/c/core.ko
        kernel/c/core.ko:
        kernel/x/extra.ko:
        """,
        index("modules.dep"));
    assertTrue(index("modules.alias").contains("alias pci:v1-d* disk_driver\n"));
    assertTrue(index("modules.alias.bin").contains("ci:v1_d*"), "the trie's keys have _");
    assertFalse(index("modules.alias.bin").contains("bad"), "brackets do not match");
    assertTrue(index("modules.builtin.alias.bin").contains("[a-c]_y"), "but not in brackets");
    assertTrue(index("modules.symbols").contains("alias symbol:core_call core\n"));
    assertFalse(index("modules.symbols").contains("namespace"));
    assertEquals(
        "# Device nodes to trigger on-demand module loading.\nbus bus/control c10:235\n",
        index("modules.devname"));
    assertTrue(
        index("modules.softdep").endsWith("softdep disk_driver pre: extra-alias post: late\n"));
  }

  @Test
  void mayHaveNoChecksums() throws Exception {
    files.put(
        "kernel/c/core.ko", new ModuleBuilder().exports("core_call").withoutChecksums().build());
    assertTrue(index("modules.dep").contains("kernel/b/bus.ko: kernel/c/core.ko\n"));
  }

  @Test
  void areRefusedWhenDamagedCompressedOrDouble() throws Exception {
    byte[] whole = requireNonNull(files.get("kernel/c/core.ko")).bytes();
    int read = whole.length - 24; // nothing is of interest at the end of the last header
    for (int length = 0; length < read; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(
          IllegalArgumentException.class, () -> KernelModule.read("a.ko", Content.of(cut)));
    }
    files.put("kernel/z/core.ko", Content.of(whole));
    assertProblem("kernel/c/core.ko and kernel/z/core.ko have one name");
    files.remove("kernel/z/core.ko");
    files.put("kernel/z/zip.ko.xz", Content.of(whole));
    assertProblem("kernel/z/zip.ko.xz: compressed modules are not supported");
  }

  /** One byte at a time: it makes no difference, or the kernel is refused in words. */
  @Test
  void areRefusedInWordsWhenABytesIsWrong() throws Exception {
    Random random = new Random(1);
    List<String> paths = files.keySet().stream().filter(KernelModule::isModule).toList();
    int refused = 0;
    int taken = 0;
    for (int i = 0; i < 5000; i++) {
      String path = paths.get(random.nextInt(paths.size()));
      Content whole = requireNonNull(files.get(path));
      byte[] bytes = whole.bytes();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      files.put(path, Content.of(bytes));
      try {
        ModuleIndexes.of(modules());
        taken++;
      } catch (IntegrityException e) {
        String problem = String.valueOf(e.getMessage());
        assertTrue(problem.startsWith("kernel 1.0-test cannot be used: "), problem);
        assertTrue(problem.contains(path), problem);
        refused++;
      } catch (RuntimeException e) {
        fail("round " + i, e);
      }
      files.put(path, whole);
    }
    assertTrue(refused > 500 && taken > 500, refused + " were refused, " + taken + " taken");
  }

  @Test
  void areRefusedWhereNoIndexCanBeMade() {
    files.put("kernel/x/extra.ko", new ModuleBuilder().info("alias=größe").build());
    assertUnusable(
        "kernel/x/extra.ko: an index holds nothing but ASCII: größe extra", this::indexes);
    files.put("kernel/x/extra.ko", new ModuleBuilder().imports("a_call").exports("b_call").build());
    files.put("kernel/y/other.ko", new ModuleBuilder().imports("b_call").exports("a_call").build());
    assertUnusable(
        "modules need each other in a circle: [kernel/x/extra.ko, kernel/y/other.ko]",
        this::indexes);
  }

  private void indexes() throws Exception {
    ModuleIndexes.of(modules());
  }

  private static void assertUnusable(String problem, Executable action) {
    IntegrityException e = assertThrows(IntegrityException.class, action);
    assertEquals("kernel 1.0-test cannot be used: " + problem, e.getMessage());
  }

  private void assertProblem(String problem) {
    assertUnusable(problem, this::modules);
  }

  /** By hand, after the picture in {@link IndexTrie}. */
  @Test
  void aTrieIsWrittenChildrenFirst() {
    IndexTrie trie = new IndexTrie();
    trie.add("abc", "one", 7);
    trie.add("abd", "two", 1);
    trie.add("ab", "root", 3);
    trie.add("ab", "first", 2);
    trie.add("ab", "also", 2);
    String expected =
        "b007f457 00020001 20000050" // header
            + " 00000001 00000007 6f6e6500" // 0x0c: c, one value
            + " 00000001 00000001 74776f00" // 0x18: d, one value
            + " 6200 63 64 4000000c 40000018" // 0x24: prefix b, children c and d
            + " 00000003 00000002 616c736f00 00000002 666972737400 00000003 726f6f7400"
            + " 61 61 e0000024"; // 0x50: the root, one child
    assertArrayEquals(HexFormat.of().parseHex(expected.replace(" ", "")), trie.encode());
    assertThrows(IllegalArgumentException.class, () -> trie.add("é", "x", 0));
    assertArrayEquals(
        HexFormat.of().parseHex("b007f457000200010000000c"), new IndexTrie().encode());
  }
}
