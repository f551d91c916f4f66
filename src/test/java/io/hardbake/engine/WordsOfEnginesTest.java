package io.hardbake.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.exception.InternalServerErrorException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import io.hardbake.failure.HostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What engines and consoles say, made fit for people. */
final class WordsOfEnginesTest {
  @ParameterizedTest
  @CsvSource({
    "Bind for 127.0.0.1:6443 failed: port is already allocated, --recreate",
    "listen tcp4 127.0.0.1:6443: bind: address already in use, --port",
    "network with name hardbake already exists, --name",
    "operation is not permitted on predefined bridge network, --name",
    "network hardbake has active endpoints, docker network disconnect -f",
    "hardbake has associated containers with it: network is being used, docker network disconnect"
        + " -f",
    "Conflict. The container name \"/x\" is already in use by container \"1\"., --name",
    "write /var/lib/docker/tmp: no space left on device, docker system df",
    "error setting rlimit type 7: operation not permitted, default_ulimits",
    "connect: Connection refused, DOCKER_HOST",
    "something else, engine's own log"
  })
  void aRemedyForEachFailure(String words, String remedy) {
    HostException e =
        EngineTrouble.of("starting it", new IllegalStateException("x", new Exception(words)));
    assertEquals("starting it failed: " + words, e.getMessage());
    assertTrue(e.remedy().contains(remedy), e.remedy());
  }

  @Test
  void quotesAreTakenOutOfTheEnginesJson() {
    assertEquals(
        "no such \"thing\"",
        EngineTrouble.rootMessage(
            new InternalServerErrorException("{\"message\":\"no such \\\"thing\\\"\"}\n")));
  }

  /** A regular expression that goes back needs a stack frame for each character. */
  @Test
  void longAnswersAreReadToo() {
    String words = "x\\\"".repeat(50_000);
    assertEquals(
        words.replace("\\", ""),
        EngineTrouble.rootMessage(
            new InternalServerErrorException("{\"message\":\"" + words + "\"}\n")));
  }

  @Test
  void podmanHasMoreToSay() {
    assertEquals(
        "runc: denied",
        EngineTrouble.rootMessage(
            new InternalServerErrorException(
                "{\"cause\":\"c\",\"message\":\"runc: denied\",\"response\":500}\n")));
  }

  @Test
  void consolesLoseTheirColours() {
    assertEquals(
        "[  OK  ] Started nginx.\nwelcome\n",
        Terminal.plain(
            "\u001b[[0;32m  OK  \u001b[0m] Started \u001b[0;1;39mnginx\u001b[0m.\r\nwelcome\r\n"
                .replace("\u001b[[", "[\u001b[")));
  }

  @Test
  void framesEndAnywhere() {
    List<String> said = new ArrayList<>();
    Lines lines = new Lines(said::add);
    byte[] text = "fünf\nsechs\n\nsieben".getBytes(StandardCharsets.UTF_8);
    for (byte each : text) {
      lines.onNext(new Frame(StreamType.STDOUT, new byte[] {each}));
    }
    lines.onComplete();
    assertEquals(List.of("fünf", "sechs", "", "sieben"), said);
  }
}
