package io.hardbake.disk.initramfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.disk.kernel.KernelModules;
import io.hardbake.disk.kernel.ModuleBuilder;
import io.hardbake.failure.IntegrityException;
import io.hardbake.tree.Content;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.junit.jupiter.api.Test;

/** What an initramfs holds, read by another reader of cpio. */
class InitramfsTest {
  private static final Content BUSYBOX = Content.of("busybox");

  private final SortedMap<String, Content> files = new TreeMap<>();

  InitramfsTest() {
    files.put("modules.builtin", Content.of("kernel/fs/ext4.ko\nkernel/drivers/nvme.ko\n"));
    files.put("kernel/virtio_blk.ko", new ModuleBuilder().info("depends=virtio").build());
    files.put("kernel/virtio.ko", new ModuleBuilder().build());
    files.put("kernel/crc32c-intel.ko", new ModuleBuilder().build());
    files.put("kernel/sound.ko", new ModuleBuilder().build());
  }

  private Content initramfs() throws Exception {
    return Initramfs.of(KernelModules.of("1.0", files), BUSYBOX);
  }

  @Test
  void holdsTheDriversThatTheKernelHas() throws Exception {
    List<String> modules = names().stream().filter(name -> name.contains(".ko")).toList();
    assertEquals(
        List.of("modules/00-virtio.ko", "modules/01-virtio_blk.ko", "modules/02-crc32c_intel.ko"),
        modules);
  }

  @Test
  void holdsExtFourWhereThatIsAModule() throws Exception {
    files.put("modules.builtin", Content.of(""));
    files.put("kernel/fs/ext4.ko", new ModuleBuilder().info("softdep=pre: crc32c").build());
    files.put("kernel/crc.ko", new ModuleBuilder().info("alias=crc32c").build());
    assertTrue(
        names().containsAll(List.of("modules/03-crc.ko", "modules/04-ext4.ko")), names()::toString);
    files.remove("kernel/fs/ext4.ko");
    assertThrows(IntegrityException.class, this::initramfs);
  }

  @Test
  void isTheSameEachTime() throws Exception {
    assertArrayEquals(initramfs().bytes(), initramfs().bytes());
  }

  @Test
  void hasADirectoryBeforeWhatItHolds() throws Exception {
    List<String> names = names();
    for (String name : names) {
      int slash = name.lastIndexOf('/');
      if (slash > 0) {
        int parent = names.indexOf(name.substring(0, slash));
        assertTrue(parent >= 0 && parent < names.indexOf(name), name);
      }
    }
    assertTrue(names.contains("init"));
  }

  private List<String> names() throws Exception {
    List<String> names = new ArrayList<>();
    try (CpioArchiveInputStream cpio =
        new CpioArchiveInputStream(
            new GZIPInputStream(new ByteArrayInputStream(initramfs().bytes())))) {
      for (CpioArchiveEntry e = cpio.getNextEntry(); e != null; e = cpio.getNextEntry()) {
        names.add(e.getName());
        assertEquals(0, e.getTime());
        if (e.getName().equals("bin/sh")) {
          assertTrue(e.isSymbolicLink());
          assertEquals("busybox", new String(cpio.readAllBytes(), StandardCharsets.UTF_8));
        } else if (e.getName().equals("dev/console")) {
          assertTrue(e.isCharacterDevice());
          assertEquals(5, e.getRemoteDeviceMaj());
          assertEquals(1, e.getRemoteDeviceMin());
        }
      }
    }
    return names;
  }
}
