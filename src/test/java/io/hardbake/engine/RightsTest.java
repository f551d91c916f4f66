package io.hardbake.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.github.dockerjava.api.model.HostConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class RightsTest {
  @ParameterizedTest
  @CsvSource({"1, OWN_HIERARCHIES", "'', OWN_HIERARCHIES", "2, OWN_SUBTREE"})
  void followTheHost(String cgroups, Rights rights) {
    assertEquals(rights, Rights.of(cgroups));
  }

  @ParameterizedTest
  @EnumSource(Rights.class)
  void neverReachTheHostsOwnCgroupsAndAreNeverAll(Rights rights) {
    HostConfig host = HostConfig.newHostConfig();
    rights.grant(host);
    assertEquals("private", host.getCgroupnsMode());
    assertNull(host.getPrivileged());
  }

  /** AppArmor's say comes after the capabilities'. */
  @ParameterizedTest
  @EnumSource(Rights.class)
  void includeMounts(Rights rights) {
    HostConfig host = HostConfig.newHostConfig();
    rights.grant(host);
    assertEquals(List.of("apparmor=unconfined", "label=disable"), host.getSecurityOpts());
  }

  @Test
  void theImagesOwnCommandIsTheLastOfWhatIsStarted() {
    List<String> own = List.of("/sbin/init", "--log-level=debug");
    assertEquals(own, Rights.OWN_HIERARCHIES.firstProcess(own));
    List<String> started = Rights.OWN_SUBTREE.firstProcess(own);
    assertEquals(own, started.subList(started.size() - 2, started.size()));
  }
}
