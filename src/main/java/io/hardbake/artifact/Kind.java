package io.hardbake.artifact;

import java.util.Locale;

/** What an output is, told by its first bytes and never by its name. */
public enum Kind {
  /** An image archive for container engines. */
  OCI,
  /** A disk: qcow2, VMDK or its bare bytes; the fact {@code format} says which. */
  DISK,
  LIBVIRT_BOX,
  VIRTUALBOX_BOX;

  /** For people and for {@code --json}: {@code oci}, {@code libvirt-box}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
