package io.hardbake.disk.initramfs;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A cpio archive in the "new ASCII" format, as the kernel unpacks it into its first root. Entries
 * stand in the order in which they are added, a directory before what it holds; owner and times are
 * zero, and inode numbers count from one.
 *
 * @see <a href="https://docs.kernel.org/driver-api/early-userspace/buffer-format.html">initramfs
 *     buffer format</a>
 */
final class CpioArchive {
  private static final String MAGIC = "070701"; // newc, without checksums
  private static final int ALIGNMENT = 4;

  private static final int DIRECTORY = 0040000;
  private static final int REGULAR = 0100000;
  private static final int SYMLINK = 0120000;
  private static final int CHARACTER = 0020000;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int inode;

  /** Adds a directory; names have no leading slash. */
  void directory(String name, int mode) {
    entry(name, DIRECTORY | mode, 2, 0, 0, new byte[0]);
  }

  void file(String name, int mode, byte[] body) {
    entry(name, REGULAR | mode, 1, 0, 0, body);
  }

  void symlink(String name, String target) {
    entry(name, SYMLINK | 0777, 1, 0, 0, target.getBytes(StandardCharsets.UTF_8));
  }

  void character(String name, int mode, int major, int minor) {
    entry(name, CHARACTER | mode, 1, major, minor, new byte[0]);
  }

  /** Ends the archive. */
  byte[] finish() {
    inode = -1;
    entry("TRAILER!!!", 0, 1, 0, 0, new byte[0]);
    return out.toByteArray();
  }

  private void entry(String name, int mode, int links, int major, int minor, byte[] body) {
    byte[] nameBytes = (name + "\0").getBytes(StandardCharsets.UTF_8);
    // spotless:off
    text(MAGIC);                  //   0  c_magic
    hex(++inode);                 //   6  c_ino
    hex(mode);                    //  14  c_mode
    hex(0);                       //  22  c_uid
    hex(0);                       //  30  c_gid
    hex(links);                   //  38  c_nlink
    hex(0);                       //  46  c_mtime
    hex(body.length);             //  54  c_filesize
    hex(0);                       //  62  c_maj, of the device that holds the file
    hex(0);                       //  70  c_min
    hex(major);                   //  78  c_rmaj
    hex(minor);                   //  86  c_rmin
    hex(nameBytes.length);        //  94  c_namesize, with the NUL
    hex(0);                       // 102  c_chksum
    // spotless:on
    out.writeBytes(nameBytes);
    pad();
    out.writeBytes(body);
    pad();
  }

  private void hex(int value) {
    text(String.format(Locale.ROOT, "%08X", value));
  }

  private void text(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private void pad() {
    while (out.size() % ALIGNMENT != 0) {
      out.write(0);
    }
  }
}
