package io.hardbake.vagrant;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hardbake.disk.Volume;
import io.hardbake.disk.cluster.ClusterPacker;
import io.hardbake.disk.qcow2.Compression;
import io.hardbake.disk.qcow2.Qcow2;
import io.hardbake.disk.vmdk.Vmdk;
import io.hardbake.failure.BakeException;
import io.hardbake.image.Artifact;
import io.hardbake.io.Size;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A box that was written.
 *
 * @param file the tar, whole under its final name
 */
public record Box(BoxSettings settings, Provider provider, Artifact file) {
  static final String VMDK_NAME = "box-disk001.vmdk";

  /**
   * Compresses a disk and plans the box around it.
   *
   * @param disk as it is without a box, a whole number of 512-byte sectors
   * @param qcow2 how a disk in that format is compressed
   */
  public static BoxPlan plan(
      BoxSettings settings, Provider provider, Volume disk, Compression qcow2, ClusterPacker packer)
      throws IOException, BakeException, InterruptedException {
    String name = settings.fileName(provider);
    List<BoxTar.Member> members = new ArrayList<>();
    members.add(text("metadata.json", Documents.metadata(settings, provider, disk.size())));
    members.add(text("info.json", Documents.info(settings)));
    members.add(text("Vagrantfile", Documents.vagrantfile(settings, provider)));
    switch (provider) {
      case LIBVIRT ->
          members.add(new BoxTar.Member("box.img", Qcow2.file(name, disk, qcow2, packer)));
      case VIRTUALBOX -> {
        Volume vmdk = Vmdk.file(name, disk, VMDK_NAME, id(disk), packer);
        members.add(text("box.ovf", new Ovf(settings, disk.size(), vmdk.size()).text()));
        members.add(new BoxTar.Member(VMDK_NAME, vmdk));
      }
    }
    return new BoxPlan(settings, provider, BoxTar.plan(members, settings.time()));
  }

  private static BoxTar.Member text(String name, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return new BoxTar.Member(name, Volume.builder(new Size(bytes.length)).add(0, bytes).build());
  }

  /** A UUID that follows from what is on the disk. */
  static UUID id(Volume disk) {
    return disk.identity(0, disk.size().bytes()).uuid();
  }
}
