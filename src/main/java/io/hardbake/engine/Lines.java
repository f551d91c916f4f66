package io.hardbake.engine;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts a stream into lines: a frame ends anywhere, in the middle of a character too. */
final class Lines extends ResultCallback.Adapter<Frame> {
  private final Consumer<String> lines;
  private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

  Lines(Consumer<String> lines) {
    this.lines = lines;
  }

  @Override
  public void onNext(Frame frame) {
    for (byte each : frame.getPayload()) {
      if (each == '\n') {
        flush();
      } else {
        rest.write(each);
      }
    }
  }

  @Override
  public void onComplete() {
    if (rest.size() > 0) {
      flush();
    }
    super.onComplete();
  }

  private void flush() {
    lines.accept(rest.toString(StandardCharsets.UTF_8));
    rest.reset();
  }
}
