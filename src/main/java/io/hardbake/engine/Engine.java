package io.hardbake.engine;

import io.hardbake.failure.BakeException;
import io.hardbake.oci.BakedImage;
import io.hardbake.progress.Progress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A container engine that answers. Safe for use by several threads. What it refuses, or cannot do
 * any more, is a {@link io.hardbake.failure.HostException}.
 */
public interface Engine extends AutoCloseable {
  /**
   * The engine of the environment ({@code DOCKER_HOST} and its kin, and docker's contexts), or the
   * one at {@code address}, such as {@code unix:///var/run/docker.sock}. Podman's service answers
   * in the same way.
   */
  static Engine connect(Optional<URI> address) throws BakeException {
    return new DockerEngine(DockerConnection.open(address));
  }

  EngineFacts facts();

  /** The engine's own ID of {@code image}, if it has that very image, under whatever name. */
  Optional<String> find(BakedImage image) throws BakeException;

  /** Reads the archive, sends it once it was found whole, and makes sure that it arrived. */
  void load(BakedImage image, Progress progress) throws BakeException, InterruptedException;

  List<Network> networks() throws BakeException;

  /**
   * A bridge network of its own.
   *
   * @return nothing when another network of the engine has addresses of {@code subnet}
   */
  Optional<Network> createNetwork(String name, Subnet subnet, Map<String, String> labels)
      throws BakeException;

  /**
   * The names of the containers in a network, by ID, whoever made them: those because of which the
   * engine would not remove it. None in a network that is gone.
   */
  Map<String, String> members(Network network) throws BakeException;

  /** Removes a network that no machine is in; one that is gone already is no failure. */
  void removeNetwork(Network network) throws BakeException;

  /** All machines with {@code label}, running or not. */
  List<Machine> machines(String label, String value) throws BakeException;

  /** Makes a machine, not started yet, and gives its ID. */
  String create(MachineSpec machine) throws BakeException;

  /** Unpacks {@code tar} below {@code directory} of a machine, which need not run. */
  void copyInto(String machine, String directory, byte[] tar) throws BakeException;

  void start(String machine) throws BakeException;

  /** Lets a machine go on that was paused. */
  void resume(String machine) throws BakeException;

  /**
   * Ends a machine and removes it with its volumes; when this returns it is gone, whoever removed
   * it. One that was gone already is no failure.
   */
  void remove(String machine) throws BakeException, InterruptedException;

  /**
   * Runs a command in a running machine to its end, which has to be near: one that is not over in a
   * minute, as on a disk that hangs, did not succeed.
   */
  Output run(String machine, List<String> command) throws BakeException, InterruptedException;

  /** Gives what a command in a running machine says, line by line, until it ends. */
  void read(String machine, List<String> command, Consumer<String> lines)
      throws BakeException, InterruptedException;

  /**
   * The same for a command that does not end by itself. Where the caller is interrupted or dies, it
   * does not run on in the machine.
   */
  void follow(String machine, List<String> command, Consumer<String> lines)
      throws BakeException, InterruptedException;

  /**
   * The last lines on a machine's console, which outlive it: what systemd and first boot said, and
   * the only words of a machine that did not come up. Without control sequences.
   */
  List<String> console(String machine, int lines) throws BakeException, InterruptedException;

  @Override
  void close();
}
