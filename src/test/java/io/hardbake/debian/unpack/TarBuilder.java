package io.hardbake.debian.unpack;

import io.hardbake.io.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;

/**
 * Builds tars block by block, so that it can build wrong ones too. What it writes is read by GNU
 * tar in the oracles' tests.
 */
public final class TarBuilder {
  private static final byte[] USTAR = "ustar".getBytes(StandardCharsets.US_ASCII);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int mode = -1;
  private String uid = "0";
  private String gid = "0";
  private long mtime = 1_600_000_000L;
  private boolean ended;

  public TarBuilder directory(String name) {
    return member('5', name, "", new byte[0], 0755);
  }

  public TarBuilder file(String name, String text) {
    return file(name, text.getBytes(StandardCharsets.UTF_8));
  }

  public TarBuilder file(String name, byte[] body) {
    return member('0', name, "", body, 0644);
  }

  public TarBuilder symlink(String name, String target) {
    return member('2', name, target, new byte[0], 0777);
  }

  public TarBuilder hardLink(String name, String target) {
    return member('1', name, target, new byte[0], 0644);
  }

  /** The next member's mode, instead of its type's usual one. */
  public TarBuilder mode(int next) {
    this.mode = next;
    return this;
  }

  /** The next member's owner. */
  public TarBuilder owner(int user, int group) {
    this.uid = Integer.toOctalString(user);
    this.gid = Integer.toOctalString(group);
    return this;
  }

  /** The next member's time. */
  public TarBuilder mtime(long seconds) {
    this.mtime = seconds;
    return this;
  }

  /** Extended attributes of the next member, in a pax header. */
  TarBuilder xattrs(SortedMap<String, Bytes> xattrs) {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    for (Map.Entry<String, Bytes> e : xattrs.entrySet()) {
      records.writeBytes(paxRecord("SCHILY.xattr." + e.getKey(), e.getValue().toArray()));
    }
    return extension('x', records.toByteArray());
  }

  /** One record of a pax header for the next member. */
  TarBuilder pax(String key, String value) {
    return extension('x', paxRecord(key, value.getBytes(StandardCharsets.UTF_8)));
  }

  TarBuilder extension(char type, byte[] body) {
    header(type, "././@LongLink", "", Long.toOctalString(body.length), 0644);
    return raw(body, true);
  }

  TarBuilder member(char type, String name, String target, byte[] body, int usualMode) {
    header(type, name, target, Long.toOctalString(body.length), mode < 0 ? usualMode : mode);
    mode = -1;
    uid = "0";
    gid = "0";
    mtime = 1_600_000_000L;
    return raw(body, true);
  }

  /** A header with a size as it is given, and no body. */
  TarBuilder header(char type, String name, String target, String size, int modeBits) {
    byte[] block = new byte[512];
    put(block, 0, name);
    put(block, 100, "%07o".formatted(modeBits));
    put(block, 108, "0000000".substring(uid.length()) + uid);
    put(block, 116, "0000000".substring(gid.length()) + gid);
    put(block, 124, size);
    put(block, 136, "%011o".formatted(mtime));
    block[156] = (byte) type;
    put(block, 157, target);
    put(block, 257, "ustar\00000");
    put(block, 265, "names");
    put(block, 297, "do-not-count");
    checksum(block);
    return raw(block, false);
  }

  TarBuilder raw(byte[] bytes, boolean padded) {
    out.writeBytes(bytes);
    if (padded) {
      out.writeBytes(new byte[(512 - bytes.length % 512) % 512]);
    }
    return this;
  }

  /** Leaves out the blocks of zeros at the end. */
  TarBuilder withoutEnd() {
    ended = true;
    return this;
  }

  public byte[] build() {
    byte[] end = new byte[ended ? 0 : 1024];
    byte[] members = out.toByteArray();
    byte[] whole = Arrays.copyOf(members, members.length + end.length);
    return whole;
  }

  /** Bytes in which every header has a fitting checksum: what lies behind it is met at once. */
  public static byte[] withChecksums(byte[] bytes) {
    byte[] tar = bytes.clone();
    for (int at = 0; at + 512 <= tar.length; at += 512) {
      if (Arrays.equals(tar, at + 257, at + 262, USTAR, 0, 5)) {
        checksum(tar, at);
      }
    }
    return tar;
  }

  static void checksum(byte[] block) {
    checksum(block, 0);
  }

  static void checksum(byte[] tar, int at) {
    Arrays.fill(tar, at + 148, at + 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += tar[at + i] & 0xff;
    }
    byte[] digits = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, tar, at + 148, digits.length);
  }

  static byte[] paxRecord(String key, byte[] value) {
    byte[] start = (" " + key + "=").getBytes(StandardCharsets.UTF_8);
    int length = start.length + value.length + 1;
    int total = length + Integer.toString(length).length();
    total = length + Integer.toString(total).length();
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    record.writeBytes(Integer.toString(total).getBytes(StandardCharsets.US_ASCII));
    record.writeBytes(start);
    record.writeBytes(value);
    record.write('\n');
    return record.toByteArray();
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }
}
