package io.hardbake.cli;

import io.hardbake.cluster.Cluster;
import io.hardbake.cluster.ClusterName;
import io.hardbake.engine.Engine;
import io.hardbake.failure.ShellWord;
import io.hardbake.failure.UsageException;
import io.hardbake.progress.Progress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which all cluster commands know which one is meant. */
final class ClusterArguments {
  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = ClusterName.DEFAULT,
      description = "which cluster, of several side by side (default: ${DEFAULT-VALUE})")
  private String name = ClusterName.DEFAULT;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description =
          "where its credentials and kubeconfig are kept (default: target/cluster in the project,"
              + " target/cluster-NAME for another name)")
  private @Nullable Path directory;

  Cluster in(Engine engine, Progress progress) throws UsageException {
    return in(engine, progress, "");
  }

  /** The same; {@code images} has to be added to {@code up} so that it takes the same images. */
  Cluster in(Engine engine, Progress progress, String images) throws UsageException {
    return new Cluster(engine, ClusterName.parse(name), directory(), progress, again(), images);
  }

  /** What has to be added to a command so that it means the same cluster. */
  String again() {
    return (name.equals(ClusterName.DEFAULT) ? "" : " --name " + name)
        + (directory == null ? "" : " --directory " + ShellWord.of(directory));
  }

  private Path directory() {
    if (directory != null) {
      return directory;
    }
    String leaf = name.equals(ClusterName.DEFAULT) ? "cluster" : "cluster-" + name;
    return Path.of(System.getProperty("hardbake.home", "."), "target", leaf);
  }
}
