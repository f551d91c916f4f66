package io.hardbake.disk.gpt;

import io.hardbake.Oracle;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** gdisk's judgement of a disk's partition tables, both of them. */
public final class GptCheck {
  /** Of a partition that fills its disk to the end, which is no damage. */
  private static final Pattern NOT_ALIGNED =
      Pattern.compile("Caution: Partition \\d+ doesn't (begin|end) on a \\d+-sector boundary");

  private GptCheck() {}

  /** sgdisk repairs in memory what it can, warns, and then finds no problems. */
  public static boolean isSound(Path disk) {
    String said = said(disk);
    String complaints = NOT_ALIGNED.matcher(said).replaceAll("");
    return said.contains("\nNo problems found")
        && Stream.of("Caution", "Warning", "ERROR", "not present", "Creating new GPT")
            .noneMatch(complaints::contains);
  }

  /** What sgdisk says of a disk, for whoever has to find out why it is not sound. */
  public static String said(Path disk) {
    Oracle.Result result = Oracle.run("sgdisk", "--verify", disk.toString());
    return result.stdout() + result.stderr();
  }
}
