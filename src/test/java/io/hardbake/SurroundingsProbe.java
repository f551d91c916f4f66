package io.hardbake;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.TimeZone;

/**
 * Says what a process sees of its {@link Surroundings}; on its own on the class path, in whichever
 * JDK it is asked about.
 */
final class SurroundingsProbe {
  private SurroundingsProbe() {}

  public static void main(String[] arguments) throws Exception {
    String[] templates = new File(arguments[0], "images").list();
    Path file = Files.createTempFile(Path.of(arguments[1]), "made", "");
    Path made = Files.createFile(file.resolveSibling(file.getFileName() + ".umask"));
    say("DIRECTORY", Path.of("").toAbsolutePath().getFileName());
    say("USER", Files.getOwner(made));
    say("UMASK", Files.getPosixFilePermissions(made).size());
    say("TIME_ZONE", TimeZone.getDefault().getID());
    say("LOCALE", Locale.getDefault() + " " + String.format("%d", 1).equals("1"));
    say("CLOCK", Instant.now().toString().substring(0, 4));
    say("JDK", System.getProperty("java.specification.version"));
    say("CORES", Runtime.getRuntime().availableProcessors());
    say("FILE_ORDER", String.join(" ", templates == null ? new String[0] : templates));
  }

  private static void say(String dimension, Object value) {
    System.out.println(dimension + "=" + value);
  }
}
