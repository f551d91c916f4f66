package io.hardbake.vagrant;

import io.hardbake.disk.Volume;
import io.hardbake.disk.VolumeFile;
import io.hardbake.failure.BakeException;
import io.hardbake.image.Ledger;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.nio.file.Path;

/** A box before it is written: its tar, whose disk is compressed already. */
public record BoxPlan(BoxSettings settings, Provider provider, Volume tar) {
  /** Writes the box into a directory, whole under its final name, unless it stands there. */
  public Box write(Path directory, Ledger ledger, Progress progress)
      throws IOException, BakeException, InterruptedException {
    Path file = directory.resolve(settings.fileName(provider));
    return new Box(settings, provider, VolumeFile.write(tar, file, ledger, progress));
  }
}
