package io.hardbake.progress;

import io.hardbake.io.Size;

/** Where steps, downloads and warnings are reported. Safe for use by several threads. */
public interface Progress {
  /**
   * Begins a piece of work.
   *
   * @param what in words: {@code "linux-base_4.9_all.deb"}, {@code "compressing controller"}
   * @param total how much there is to do, in bytes; {@link Size#ZERO} where that is not known
   */
  Task begin(String what, Size total);

  /** One line that a person should see, but that asks for nothing. */
  void note(String line);

  /** Something that went another way than asked; the bake goes on. */
  void warn(String problem, String remedy);

  /** A piece of work under way; closing it ends it. */
  interface Task extends AutoCloseable {
    /** So many bytes more are done. */
    void advance(long bytes);

    @Override
    void close();
  }

  /** Shows nothing. */
  static Progress silent() {
    return new Progress() {
      @Override
      public Task begin(String what, Size total) {
        return new Task() {
          @Override
          public void advance(long bytes) {}

          @Override
          public void close() {}
        };
      }

      @Override
      public void note(String line) {}

      @Override
      public void warn(String problem, String remedy) {}
    };
  }
}
