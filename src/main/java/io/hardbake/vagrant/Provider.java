package io.hardbake.vagrant;

import java.util.Locale;

/** What runs the machines of a box. */
public enum Provider {
  LIBVIRT,
  VIRTUALBOX;

  /** Vagrant's word for it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
