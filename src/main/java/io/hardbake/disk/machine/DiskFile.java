package io.hardbake.disk.machine;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.disk.DiskImage;
import io.hardbake.disk.RawDisk;
import io.hardbake.disk.qcow2.Qcow2Disk;
import io.hardbake.disk.vmdk.VmdkDisk;
import io.hardbake.failure.HostException;
import io.hardbake.io.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens the disks that hardbake writes, whatever their format. */
public final class DiskFile {
  private DiskFile() {}

  /**
   * Opens a disk that is a file of its own.
   *
   * @throws DamagedDiskException if the file is not of its format
   * @throws HostException if this machine cannot run what decompresses it
   */
  public static DiskImage open(Path file) throws IOException, HostException {
    return open(file, 0, new Size(Files.size(file)));
  }

  /**
   * Opens a disk that lies in a file, such as a member of a tar that is not compressed. Its format
   * is recognized by its first bytes; what is neither qcow2 nor VMDK is taken as it is.
   *
   * @param offset the disk's first byte within the file
   * @throws DamagedDiskException if the bytes are not of their format
   * @throws HostException if this machine cannot run what decompresses it
   */
  public static DiskImage open(Path file, long offset, Size length)
      throws IOException, HostException {
    RawDisk bytes = RawDisk.open(file, offset, length);
    try {
      ByteBuffer beginning = ByteBuffer.allocate((int) Math.min(Integer.BYTES, length.bytes()));
      bytes.read(0, beginning);
      if (Qcow2Disk.recognizes(beginning.flip())) {
        return Qcow2Disk.open(bytes);
      }
      return VmdkDisk.recognizes(beginning) ? VmdkDisk.open(bytes) : bytes;
    } catch (IOException | HostException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }
}
