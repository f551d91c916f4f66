package io.hardbake.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.io.Size;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** One JSON object a line: {@code event} is begin, end, note, warning, result or failure. */
final class JsonConsole implements Console {
  private final ObjectMapper mapper = new ObjectMapper();
  private final PrintWriter out;

  JsonConsole(PrintWriter out) {
    this.out = out;
  }

  @Override
  public Task begin(String what, Size total) {
    long start = System.nanoTime();
    event(Map.of("event", "begin", "what", what, "bytes", total.bytes()));
    return new Task() {
      @Override
      public void advance(long bytes) {}

      @Override
      public void close() {
        double seconds = Math.round((System.nanoTime() - start) / 1e6) / 1e3;
        event(Map.of("event", "end", "what", what, "seconds", seconds));
      }
    };
  }

  @Override
  public void note(String line) {
    event(Map.of("event", "note", "text", line));
  }

  @Override
  public void warn(String problem, String remedy) {
    event(Map.of("event", "warning", "problem", problem, "remedy", remedy));
  }

  /** The last line of a command that failed; standard error says the same to people. */
  void failure(Failure failure) {
    event(
        Map.of(
            "event", "failure",
            "problem", failure.problem(),
            "remedy", failure.remedy(),
            "exit", failure.exitCode()));
  }

  @Override
  public void result(String line, Map<String, Object> fields) {
    Map<String, Object> all = new LinkedHashMap<>(fields);
    all.put("event", "result");
    all.put("text", line);
    event(all);
  }

  @Override
  public void heading(String line) {}

  @Override
  public void record(Map<String, Object> fields) {
    Map<String, Object> all = new LinkedHashMap<>(fields);
    all.put("event", "result");
    event(all);
  }

  @Override
  public void close() {
    out.flush();
  }

  private synchronized void event(Map<String, Object> fields) {
    Map<String, Object> ordered = new LinkedHashMap<>();
    ordered.put("event", fields.get("event"));
    fields.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> ordered.putIfAbsent(e.getKey(), e.getValue()));
    try {
      out.println(mapper.writeValueAsString(ordered));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    out.flush();
  }
}
