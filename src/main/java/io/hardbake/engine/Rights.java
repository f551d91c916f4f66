package io.hardbake.engine;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The least that systemd needs as a container's first process: a cgroup hierarchy that it may write
 * to, and CAP_SYS_ADMIN for its own mounts and for those of units that shut themselves in, such as
 * haproxy's. AppArmor has a say in mounts, too, where the engine's host has it.
 */
enum Rights {
  /**
   * cgroup v1 and hybrid hosts: an own cgroup namespace, and a tmpfs on which systemd mounts the
   * hierarchies itself.
   */
  OWN_HIERARCHIES {
    @Override
    void grant(HostConfig host) {
      host.withCapAdd(Capability.SYS_ADMIN)
          .withCgroupnsMode("private")
          .withSecurityOpts(List.of(MAY_MOUNT))
          .withTmpFs(Map.of("/sys/fs/cgroup", "rw"));
    }
  },

  /**
   * cgroup v2 hosts with an engine that can mount the container's own part of the hierarchy
   * writable.
   */
  WRITABLE_CGROUPS {
    @Override
    void grant(HostConfig host) {
      host.withCapAdd(Capability.SYS_ADMIN)
          .withCgroupnsMode("private")
          .withSecurityOpts(List.of(MAY_MOUNT, "writable-cgroups=true"));
    }
  },

  /** cgroup v2 hosts with other engines, which mount it read-only for everybody else. */
  PRIVILEGED {
    @Override
    void grant(HostConfig host) {
      host.withPrivileged(true).withCgroupnsMode("private");
    }
  };

  /**
   * Docker's own profile for AppArmor refuses every mount, whatever the capabilities (moby issue
   * 16429). Engines whose host has no AppArmor take no notice.
   */
  private static final String MAY_MOUNT = "apparmor=unconfined";

  /** Docker 28.0 brought writable-cgroups (moby pull request 48828). */
  private static final int FIRST_WITH_WRITABLE_CGROUPS = 28;

  private static final Pattern MAJOR = Pattern.compile("([0-9]{1,4})\\..*");

  abstract void grant(HostConfig host);

  /**
   * What to grant.
   *
   * @param cgroupVersion of the engine's host: {@code 1} or {@code 2}; engines before 20.10 do not
   *     say it and know version 1 only
   * @param engineVersion such as {@code 28.2.2}; Podman's numbers are lower
   */
  static Rights of(String cgroupVersion, String engineVersion) {
    if (!cgroupVersion.equals("2")) {
      return OWN_HIERARCHIES;
    }
    Matcher major = MAJOR.matcher(engineVersion);
    return major.matches() && Integer.parseInt(major.group(1)) >= FIRST_WITH_WRITABLE_CGROUPS
        ? WRITABLE_CGROUPS
        : PRIVILEGED;
  }
}
