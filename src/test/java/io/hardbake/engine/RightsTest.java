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
  @CsvSource({
    "1, 20.10.24+dfsg1, OWN_HIERARCHIES",
    "'', 19.03.15, OWN_HIERARCHIES",
    "2, 20.10.24+dfsg1, PRIVILEGED",
    "2, 27.5.1, PRIVILEGED",
    "2, 28.0.0, WRITABLE_CGROUPS",
    "2, 29.1.3-ce, WRITABLE_CGROUPS",
    "2, 4.3.1, PRIVILEGED",
    "2, dev, PRIVILEGED"
  })
  void followTheHostAndTheEngine(String cgroups, String engine, Rights rights) {
    assertEquals(rights, Rights.of(cgroups, engine));
  }

  @ParameterizedTest
  @EnumSource(Rights.class)
  void neverReachTheHostsOwnCgroups(Rights rights) {
    HostConfig host = HostConfig.newHostConfig();
    rights.grant(host);
    assertEquals("private", host.getCgroupnsMode());
  }

  /** AppArmor's say comes after the capabilities', but for who is privileged. */
  @ParameterizedTest
  @EnumSource(Rights.class)
  void includeMounts(Rights rights) {
    HostConfig host = HostConfig.newHostConfig();
    rights.grant(host);
    List<String> options = host.getSecurityOpts();
    boolean unconfined = options != null && options.contains("apparmor=unconfined");
    assertEquals(rights != Rights.PRIVILEGED, unconfined);
  }

  @Test
  void privilegedIsTheLastResort() {
    for (Rights rights : Rights.values()) {
      HostConfig host = HostConfig.newHostConfig();
      rights.grant(host);
      if (rights != Rights.PRIVILEGED) {
        assertNull(host.getPrivileged());
      }
    }
  }
}
