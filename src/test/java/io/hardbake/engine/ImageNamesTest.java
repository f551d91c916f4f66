package io.hardbake.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectImageCmd;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.command.TagImageCmd;
import com.github.dockerjava.api.exception.NotFoundException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Sha256;
import io.hardbake.oci.BakedImage;
import io.hardbake.progress.Progress;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What engines call an image that was loaded. */
final class ImageNamesTest {
  private static final Sha256 ID = Sha256.of(new byte[0]);
  private static final BakedImage IMAGE =
      new BakedImage(
          Path.of("web.oci.tar"),
          List.of("hardbake/web:v1", "hardbake/web:latest"),
          ID,
          ID,
          "amd64");

  /** The engine's images by name. */
  private final Map<String, String> engine = new HashMap<>();

  private final ImageLoad load =
      new ImageLoad(
          proxy(
              DockerClient.class,
              (method, words) ->
                  method.equals("inspectImageCmd")
                      ? command(InspectImageCmd.class, () -> inspect((String) words[0]))
                      : command(
                          TagImageCmd.class,
                          () -> tag((String) words[0], words[1] + ":" + words[2]))),
          Progress.silent());

  @Test
  void whatTookTheFirstNameOnlyIsGivenTheOthers() throws Exception {
    engine.put("hardbake/web:v1", "sha256:" + ID);
    load.confirm(IMAGE);
    assertEquals("sha256:" + ID, engine.get("hardbake/web:latest"));
  }

  /** Those that the image of an earlier bake has, as with docker. */
  @Test
  void theOtherNamesMoveToIt() throws Exception {
    engine.put("hardbake/web:v1", "sha256:" + ID);
    engine.put("hardbake/web:latest", "sha256:other");
    load.confirm(IMAGE);
    assertEquals("sha256:" + ID, engine.get("hardbake/web:latest"));
  }

  /** It is the engine that has to give it. */
  @Test
  void theFirstNameIsNotTakenFromAnotherImage() {
    engine.put("hardbake/web:v1", "sha256:other");
    engine.put("hardbake/web:latest", "sha256:another");
    assertThrows(IntegrityException.class, () -> load.confirm(IMAGE));
    assertEquals(
        Map.of("hardbake/web:v1", "sha256:other", "hardbake/web:latest", "sha256:another"), engine);
  }

  private @Nullable Object tag(String image, String name) {
    engine.put(name, engine.getOrDefault(image, ""));
    return null;
  }

  private InspectImageResponse inspect(String name) {
    String id = engine.get(name);
    if (id == null) {
      throw new NotFoundException(name);
    }
    return new InspectImageResponse().withId(id);
  }

  private static <T> T command(Class<T> type, Supplier<@Nullable Object> exec) {
    return proxy(type, (method, words) -> exec.get());
  }

  private interface Call {
    @Nullable Object to(String method, Object[] words);
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, words) -> call.to(method.getName(), words)));
  }
}
