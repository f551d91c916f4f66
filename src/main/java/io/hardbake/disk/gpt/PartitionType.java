package io.hardbake.disk.gpt;

import java.util.UUID;

/** What a partition is for; the numbers are the ones that firmware, GRUB and systemd know. */
public enum PartitionType {
  /** Holds GRUB's core image, without a file system. */
  BIOS_BOOT("21686148-6449-6e6f-744e-656564454649"),
  EFI_SYSTEM("c12a7328-f81f-11d2-ba4b-00a0c93ec93b"),
  /** Any Linux file system. */
  LINUX("0fc63daf-8483-4772-8e79-3d69d8477de4");

  private final UUID guid;

  PartitionType(String guid) {
    this.guid = UUID.fromString(guid);
  }

  UUID guid() {
    return guid;
  }
}
