package io.hardbake.engine;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps what a stream says, but for standard error; a console's is not told apart. */
final class Words extends ResultCallback.Adapter<Frame> {
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();

  @Override
  public void onNext(Frame frame) {
    if (frame.getStreamType() != StreamType.STDERR) {
      stdout.writeBytes(frame.getPayload());
    }
  }

  String stdout() {
    return stdout.toString(StandardCharsets.UTF_8);
  }
}
