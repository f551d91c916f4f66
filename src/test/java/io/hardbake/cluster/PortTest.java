package io.hardbake.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hardbake.failure.HostException;
import java.net.BindException;
import org.junit.jupiter.api.Test;

/** Which port is free. */
final class PortTest {
  private static final String HOST = "127.0.0.1";

  /** Below 1024 are ports that this user may not have, and the engine may. */
  @Test
  void theEngineDecidesWhereThisUserMayNotListen() throws Exception {
    assertEquals(443, Port.free(HOST, 443, "other", PortTest::denied));
  }

  @Test
  void whatIsInUseIsTaken() {
    HostException e =
        assertThrows(HostException.class, () -> Port.free(HOST, 443, "other", PortTest::inUse));
    assertEquals("port 443 of 127.0.0.1 is taken: Address already in use", e.getMessage());
    assertEquals("other", e.remedy());
  }

  private static int denied(String address, int port) throws BindException {
    throw new BindException("Permission denied");
  }

  private static int inUse(String address, int port) throws BindException {
    throw new BindException("Address already in use");
  }
}
