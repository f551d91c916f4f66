package io.hardbake.disk.ext4;

import java.util.UUID;

/**
 * The hash by which directory indexes are sorted: "half MD4", with the file system's seed, and with
 * bytes that have a sign, as on amd64. The superblock says both, so every kernel follows.
 *
 * @see <a
 *     href="https://docs.kernel.org/filesystems/ext4/directory.html#hash-tree-directories">ext4,
 *     Hash Tree Directories</a>
 */
final class DirectoryHash {
  /** DX_HASH_HALF_MD4. */
  static final int VERSION = 1;

  private static final int WORDS = 8;
  private static final int K2 = 0x5a827999; // of MD4: the square roots of 2 and 3
  private static final int K3 = 0x6ed9eba1;

  private static final int[] ROTATE_1 = {3, 7, 11, 19};
  private static final int[] ROTATE_2 = {3, 5, 9, 13};
  private static final int[] ROTATE_3 = {3, 9, 11, 15};
  private static final int[] ORDER_2 = {1, 3, 5, 7, 0, 2, 4, 6};
  private static final int[] ORDER_3 = {3, 7, 2, 6, 1, 5, 0, 4};

  /** Means the end of a directory to readdir, so no name may have it. */
  private static final int END = 0xfffffffe;

  private final int[] seed;

  DirectoryHash(UUID seed) {
    byte[] bytes = Checksum.bytes(seed);
    int[] words = new int[4];
    boolean zero = true;
    for (int i = 0; i < words.length; i++) {
      for (int j = 3; j >= 0; j--) {
        words[i] = (words[i] << 8) | (bytes[4 * i + j] & 0xff);
      }
      zero &= words[i] == 0;
    }
    this.seed = zero ? new int[] {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476} : words;
  }

  /**
   * The hash, unsigned, in the upper half; the minor hash, which only orders equal ones, in the
   * lower.
   */
  long of(byte[] name) {
    int[] state = seed.clone();
    int[] in = new int[WORDS];
    int from = 0;
    do {
      words(name, from, in);
      transform(state, in);
      from += 4 * WORDS;
    } while (from < name.length);
    int hash = state[1] & ~1; // the lowest bit marks a hash that continues from another leaf
    if (hash == END) {
      hash = END - 2;
    }
    return ((hash & 0xffffffffL) << 32) | (state[2] & 0xffffffffL);
  }

  /** 32 bytes as words, padded with the number of bytes that are left. */
  private static void words(byte[] name, int from, int[] in) {
    int left = name.length - from;
    int pad = (left & 0xff) | ((left & 0xff) << 8);
    pad |= pad << 16;
    for (int word = 0; word < WORDS; word++) {
      int value = pad;
      for (int i = 4 * word; i < Math.min(4 * word + 4, left); i++) {
        value = name[from + i] + (value << 8); // with its sign
      }
      in[word] = value;
    }
  }

  /** MD4 with half of its steps. */
  private static void transform(int[] state, int[] in) {
    int[] s = state.clone();
    for (int i = 0; i < 8; i++) {
      int at = -i & 3;
      int b = s[(at + 1) & 3];
      int c = s[(at + 2) & 3];
      int d = s[(at + 3) & 3];
      s[at] = Integer.rotateLeft(s[at] + (d ^ (b & (c ^ d))) + in[i], ROTATE_1[i & 3]);
    }
    for (int i = 0; i < 8; i++) {
      int at = -i & 3;
      int b = s[(at + 1) & 3];
      int c = s[(at + 2) & 3];
      int d = s[(at + 3) & 3];
      int f = (b & c) + ((b ^ c) & d);
      s[at] = Integer.rotateLeft(s[at] + f + in[ORDER_2[i]] + K2, ROTATE_2[i & 3]);
    }
    for (int i = 0; i < 8; i++) {
      int at = -i & 3;
      int f = s[(at + 1) & 3] ^ s[(at + 2) & 3] ^ s[(at + 3) & 3];
      s[at] = Integer.rotateLeft(s[at] + f + in[ORDER_3[i]] + K3, ROTATE_3[i & 3]);
    }
    for (int i = 0; i < state.length; i++) {
      state[i] += s[i];
    }
  }
}
