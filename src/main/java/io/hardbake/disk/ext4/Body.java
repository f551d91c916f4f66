package io.hardbake.disk.ext4;

import io.hardbake.disk.Segment;
import io.hardbake.tree.Content;
import io.hardbake.tree.SparseContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the blocks of an inode hold.
 *
 * @param size in bytes
 * @param pieces in order, not overlapping; all else is zero and takes no blocks
 */
record Body(long size, List<Piece> pieces) {
  static final Body EMPTY = new Body(0, List.of());

  Body {
    pieces = List.copyOf(pieces);
  }

  /**
   * Bytes at a place of the body.
   *
   * @param offset within the body
   */
  record Piece(long offset, long length, Source source) {
    long end() {
      return offset + length;
    }
  }

  /** Makes a part of a piece into a segment of the volume. */
  @FunctionalInterface
  interface Source {
    /**
     * The segment of a part.
     *
     * @param position in the volume
     * @param from the part's first byte within the piece
     */
    Segment segment(long position, long from, long length) throws IOException;
  }

  static Body of(Content content) {
    if (content instanceof SparseContent sparse) {
      List<Piece> pieces = new ArrayList<>();
      sparse.parts().forEach((offset, part) -> pieces.add(piece(offset, part)));
      return new Body(sparse.size().bytes(), pieces);
    }
    long size = content.size().bytes();
    return size == 0 ? EMPTY : new Body(size, List.of(piece(0, content)));
  }

  private static Piece piece(long offset, Content content) {
    return new Piece(
        offset,
        content.size().bytes(),
        (position, from, length) -> Segment.of(position, content, from, length));
  }

  /** Bytes that do not change any more. */
  static Body of(byte[] bytes) {
    Source source =
        (position, from, length) ->
            length == bytes.length
                ? Segment.of(position, bytes)
                : Segment.of(
                    position,
                    Arrays.copyOfRange(
                        bytes, Math.toIntExact(from), Math.toIntExact(from + length)));
    return new Body(bytes.length, List.of(new Piece(0, bytes.length, source)));
  }

  static Body of(ByteBuffer whole) {
    byte[] bytes = new byte[whole.capacity()];
    whole.get(0, bytes);
    return of(bytes);
  }

  /** The blocks of the body that pieces touch, as rows that are as long as can be. */
  List<BlockRun> runs() {
    List<BlockRun> runs = new ArrayList<>();
    for (Piece piece : pieces) {
      long start = piece.offset() / Block.BYTES;
      long end = (piece.end() - 1) / Block.BYTES + 1;
      BlockRun last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
      if (last == null || last.end() < start) {
        runs.add(new BlockRun(start, end - start));
      } else if (last.end() < end) {
        runs.set(runs.size() - 1, new BlockRun(last.start(), end - last.start()));
      }
    }
    return runs;
  }

  /** The blocks that the body takes. */
  long blocks() {
    return runs().stream().mapToLong(BlockRun::count).sum();
  }

  /** The body's segments once its blocks have their places. */
  List<Segment> segments(List<Extent> extents) throws IOException {
    List<Segment> segments = new ArrayList<>();
    int i = 0;
    for (Piece piece : pieces) {
      while (end(extents.get(i)) <= piece.offset()) {
        i++;
      }
      for (int j = i; j < extents.size(); j++) {
        Extent extent = extents.get(j);
        long from = Math.max(piece.offset(), Block.offset(extent.logical()));
        long end = Math.min(piece.end(), end(extent));
        if (from >= end) {
          break;
        }
        long position = Block.offset(extent.physical() - extent.logical()) + from;
        segments.add(piece.source().segment(position, from - piece.offset(), end - from));
      }
    }
    return segments;
  }

  private static long end(Extent extent) {
    return Block.offset(extent.logical() + extent.count());
  }
}
