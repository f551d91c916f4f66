package io.hardbake.engine;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The least that systemd needs as a container's first process: a cgroup hierarchy that it may write
 * to, and CAP_SYS_ADMIN for its own mounts and for those of units that shut themselves in, such as
 * haproxy's.
 */
public enum Rights {
  /**
   * cgroup v1 and hybrid hosts: an own cgroup namespace, and a tmpfs on which systemd mounts the
   * hierarchies itself.
   */
  OWN_HIERARCHIES {
    @Override
    public void grant(HostConfig host) {
      super.grant(host);
      host.withTmpFs(Map.of("/sys/fs/cgroup", "rw"));
    }

    @Override
    public List<String> firstProcess(List<String> ofImage) {
      return ofImage;
    }
  },

  /**
   * cgroup v2 hosts: the container's own part of the hierarchy. Engines mount it read-only for
   * everybody who is not privileged, or does not ask in a way that only Docker 28 and later
   * understand; who may mount can make it writable again.
   */
  OWN_SUBTREE {
    @Override
    public List<String> firstProcess(List<String> ofImage) {
      String first = "mount -o remount,bind,rw /sys/fs/cgroup && exec \"$@\"";
      List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", first, "sh"));
      command.addAll(ofImage);
      return List.copyOf(command);
    }
  };

  /**
   * Docker's own profile for AppArmor refuses every mount whatever the capabilities (moby issue
   * 16429), and so does the label that SELinux gives containers. Engines whose host has neither
   * take no notice.
   */
  private static final List<String> MAY_MOUNT = List.of("apparmor=unconfined", "label=disable");

  /** Grants them to a container that is to be made. */
  public void grant(HostConfig host) {
    host.withCapAdd(Capability.SYS_ADMIN).withCgroupnsMode("private").withSecurityOpts(MAY_MOUNT);
  }

  /** What the container has to start instead of its image's own command, to start that. */
  public abstract List<String> firstProcess(List<String> ofImage);

  /**
   * What to grant.
   *
   * @param cgroupVersion of the engine's host: {@code 1} or {@code 2}; engines before 20.10 do not
   *     say it and know version 1 only
   */
  public static Rights of(String cgroupVersion) {
    return cgroupVersion.equals("2") ? OWN_SUBTREE : OWN_HIERARCHIES;
  }
}
