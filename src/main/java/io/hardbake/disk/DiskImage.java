package io.hardbake.disk;

import java.io.IOException;
import java.util.SortedMap;

/** A disk kept in a file of some format. */
public interface DiskImage extends ReadableDisk {
  /** What the file says besides the disk's bytes, by name: {@code format}, {@code compression}. */
  SortedMap<String, String> facts();

  /**
   * Looks at what the format keeps twice or counts, and that reading does not need.
   *
   * @param findings takes what is wrong
   * @throws IOException if the file cannot be read
   */
  void check(Findings findings) throws IOException;
}
