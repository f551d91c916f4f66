package io.hardbake.disk.grub;

import io.hardbake.failure.BakeException;
import java.io.IOException;

/**
 * Where compressed cores are kept between bakes and shared by the disks of a role: compressing one
 * takes longer than all else of a disk's plan.
 */
@FunctionalInterface
public interface CoreCache {
  /**
   * The bytes of this key, made by {@code maker} when they are not there yet.
   *
   * @param key all that the bytes follow from
   */
  byte[] stream(String key, Maker maker) throws IOException, BakeException, InterruptedException;

  /** Makes the bytes. */
  @FunctionalInterface
  interface Maker {
    byte[] make() throws IOException;
  }

  /** Keeps nothing. */
  static CoreCache none() {
    return (key, maker) -> maker.make();
  }
}
