package io.hardbake.image;

import io.hardbake.failure.BakeException;
import java.io.IOException;
import java.nio.file.Path;

/** Knows nothing: all is written, always. */
public final class BlankLedger implements Ledger {
  @Override
  public Artifact artifact(Path file, String key, Writer writer)
      throws IOException, BakeException, InterruptedException {
    return writer.write();
  }
}
