package io.hardbake.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Standard output, which remembers what a {@code PrintWriter} keeps to itself: that it failed. */
final class StandardOutput extends FilterOutputStream {
  private @Nullable IOException first;

  StandardOutput(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      first = first == null ? e : first;
      throw e;
    }
  }

  /** Why not all that was said came out; nothing where the reader went away, as head does. */
  synchronized Optional<Failure> failure() {
    if (first == null || String.valueOf(first.getMessage()).contains("Broken pipe")) {
      return Optional.empty();
    }
    return Optional.of(
        new Failure(
            "cannot write to standard output: " + first.getMessage(),
            "make room where it goes, or let it go elsewhere; then run the command again",
            Failure.HOST));
  }
}
