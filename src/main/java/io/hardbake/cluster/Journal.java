package io.hardbake.cluster;

import io.hardbake.engine.Engine;
import io.hardbake.engine.Machine;
import io.hardbake.failure.BakeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** What machines wrote down: their journals, or the console of one that does not run. */
public final class Journal {
  private final Engine engine;

  Journal(Engine engine) {
    this.engine = engine;
  }

  /**
   * What to read.
   *
   * @param unit such as {@code etcd}; the whole journal without
   * @param lines how many of the last
   * @param follow whether to go on with what is written from now on
   */
  public record Filter(Optional<String> unit, int lines, boolean follow) {}

  /** Takes lines as they come, from several threads where journals are followed. */
  @FunctionalInterface
  public interface Reader {
    void line(String machine, String text);
  }

  void read(List<Machine> machines, Filter filter, Reader reader)
      throws BakeException, IOException, InterruptedException {
    if (filter.follow()) {
      SideBySide.map(
          machines,
          machine -> {
            read(machine, filter, reader);
            return machine;
          });
    } else {
      for (Machine machine : machines) {
        read(machine, filter, reader);
      }
    }
  }

  private void read(Machine machine, Filter filter, Reader reader)
      throws BakeException, InterruptedException {
    String name = machine.labels().getOrDefault(Label.MACHINE, machine.name());
    if (!machine.runs()) {
      reader.line(name, "(%s; from its console)".formatted(machine.state()));
      engine.console(machine.id(), filter.lines()).forEach(line -> reader.line(name, line));
      return;
    }
    List<String> command =
        new ArrayList<>(
            List.of("journalctl", "--no-pager", "--quiet", "--lines", "" + filter.lines()));
    filter.unit().ifPresent(unit -> command.addAll(List.of("--unit", unit)));
    AtomicBoolean silent = new AtomicBoolean(true);
    Consumer<String> lines =
        line -> {
          silent.set(false);
          reader.line(name, line);
        };
    if (filter.follow()) {
      command.add("--follow");
      engine.follow(machine.id(), command, lines);
    } else {
      engine.read(machine.id(), command, lines);
    }
    if (silent.get() && filter.unit().isPresent() && filter.lines() > 0) {
      // Journals are not asked which units there are: one that never ran looks like a typing error.
      reader.line(name, "(nothing from a unit %s)".formatted(filter.unit().get()));
    }
  }
}
