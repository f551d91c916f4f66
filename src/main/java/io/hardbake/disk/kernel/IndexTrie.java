package io.hardbake.disk.kernel;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A {@code modules.*.bin} file: a radix tree of ASCII keys, big-endian, every node written after
 * its children. There is no specification beside kmod's libkmod-index.
 *
 * <pre>
 *   file:  magic u32 │ version u32 │ root u32 │ nodes
 *   node:  [prefix NUL] [first u8 │ last u8 │ (last - first + 1) × child u32] [count u32 │ values]
 *   value: priority u32 │ text NUL
 * </pre>
 *
 * <p>What a node has is told by the upper bits of the number that leads to it; the lower ones are
 * its offset in the file. A child of 0 is none.
 */
final class IndexTrie {
  private static final int MAGIC = 0xb007f457;
  private static final int VERSION = 0x0002_0001;
  private static final int HEADER_BYTES = 12;

  private static final int HAS_PREFIX = 0x8000_0000;
  private static final int HAS_VALUES = 0x4000_0000;
  private static final int HAS_CHILDREN = 0x2000_0000;

  private final NavigableMap<String, List<Value>> values = new TreeMap<>();

  private record Value(int priority, String text) {}

  /**
   * Adds a value; those of one key are in the order of their priorities, and of equal ones the
   * later comes first.
   *
   * @throws IllegalArgumentException if a character is not ASCII
   */
  void add(String key, String text, int priority) {
    if (!isAscii(key) || !isAscii(text)) {
      throw new IllegalArgumentException("an index holds nothing but ASCII: " + key + " " + text);
    }
    List<Value> list = values.computeIfAbsent(key, k -> new ArrayList<>());
    int at = 0;
    while (at < list.size() && list.get(at).priority < priority) {
      at++;
    }
    list.add(at, new Value(priority, text));
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c > 0 && c < 0x80);
  }

  byte[] encode() {
    Output out = new Output();
    out.u32(MAGIC);
    out.u32(VERSION);
    out.u32(0);
    List<String> keys = List.copyOf(values.keySet());
    int root = keys.isEmpty() ? out.position() : node(keys, 0, true, out);
    byte[] file = out.bytes();
    ByteBuffer.wrap(file).putInt(HEADER_BYTES - 4, root);
    return file;
  }

  /**
   * Writes the node for keys that agree in their first {@code depth} characters.
   *
   * @param root whether it is the root, which never has a prefix
   * @return what leads to the node
   */
  private int node(List<String> keys, int depth, boolean root, Output out) {
    int start = root ? depth : depth + commonPrefix(keys, depth);
    String prefix = keys.get(0).substring(depth, start);
    boolean own = keys.get(0).length() == start;
    List<String> below = own ? keys.subList(1, keys.size()) : keys;
    int first = below.isEmpty() ? 0 : below.get(0).charAt(start);
    int last = below.isEmpty() ? -1 : below.get(below.size() - 1).charAt(start);
    int[] children = new int[last - first + 1];
    int from = 0;
    while (from < below.size()) {
      char c = below.get(from).charAt(start);
      int to = from;
      while (to < below.size() && below.get(to).charAt(start) == c) {
        to++;
      }
      children[c - first] = node(below.subList(from, to), start + 1, false, out);
      from = to;
    }
    int link = out.position();
    if (!prefix.isEmpty()) {
      out.text(prefix);
      link |= HAS_PREFIX;
    }
    if (children.length > 0) {
      out.u8(first);
      out.u8(last);
      for (int child : children) {
        out.u32(child);
      }
      link |= HAS_CHILDREN;
    }
    if (own) {
      List<Value> list = values.getOrDefault(keys.get(0), List.of());
      out.u32(list.size());
      for (Value value : list) {
        out.u32(value.priority);
        out.text(value.text);
      }
      link |= HAS_VALUES;
    }
    return link;
  }

  /** How many characters after {@code depth} all keys share: those of the first and the last. */
  private static int commonPrefix(List<String> keys, int depth) {
    String first = keys.get(0);
    String last = keys.get(keys.size() - 1);
    int end = Math.min(first.length(), last.length());
    int at = depth;
    while (at < end && first.charAt(at) == last.charAt(at)) {
      at++;
    }
    return at - depth;
  }

  private static final class Output {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    int position() {
      return bytes.size();
    }

    void u8(int value) {
      bytes.write(value);
    }

    void u32(int value) {
      bytes.write(value >>> 24);
      bytes.write(value >>> 16);
      bytes.write(value >>> 8);
      bytes.write(value);
    }

    void text(String text) {
      bytes.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
      bytes.write(0);
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }
  }
}
