package io.hardbake.bake;

import io.hardbake.failure.UsageException;
import io.hardbake.vagrant.Provider;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A kind of file that a role is baked into. */
public enum Format {
  /** An image archive for container engines. */
  OCI,

  /** A disk for QEMU and all that is built on it. */
  QCOW2,

  /** A Vagrant box for vagrant-libvirt. */
  LIBVIRT,

  /** A Vagrant box for VirtualBox, which on other processors than PCs' has no machine for it. */
  VIRTUALBOX;

  /** The format that a word on the command line means. */
  public static Format parse(String word) throws UsageException {
    for (Format format : values()) {
      if (format.toString().equals(word)) {
        return format;
      }
    }
    throw new UsageException(
        "there is no format " + word,
        "the formats are "
            + Arrays.stream(values()).map(Format::toString).collect(Collectors.joining(", ")));
  }

  /** The one of the boxes for a provider. */
  static Format of(Provider provider) {
    return switch (provider) {
      case LIBVIRT -> LIBVIRT;
      case VIRTUALBOX -> VIRTUALBOX;
    };
  }

  /** Whether it holds a machine with a kernel of its own. */
  boolean isMachine() {
    return this != OCI;
  }

  /** Whether the disk in it is a qcow2 file. */
  boolean holdsQcow2() {
    return this == QCOW2 || this == LIBVIRT;
  }

  boolean isBox() {
    return this == LIBVIRT || this == VIRTUALBOX;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
