package io.hardbake.io;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where a mirror is, as people write it. */
public final class DirectoryOrUrl {
  private DirectoryOrUrl() {}

  /**
   * The address that a word names: a URL of http or https, or a directory, as a path or as a URL of
   * file. Whether anything is there is not asked.
   *
   * @throws URISyntaxException if it is none of these; nothing is fetched by any other scheme
   */
  public static URI parse(String word) throws URISyntaxException {
    if (word.matches("https?:.*")) {
      URI url = new URI(word);
      if (url.getHost() == null) {
        throw new URISyntaxException(word, "no host");
      }
      return url;
    }
    if (word.isBlank() || (word.contains("://") && !word.startsWith("file:"))) {
      throw new URISyntaxException(word, "neither a path nor a URL of http, https or file");
    }
    try {
      Path directory = word.startsWith("file:") ? Path.of(new URI(word)) : Path.of(word);
      return directory.toAbsolutePath().normalize().toUri();
    } catch (InvalidPathException e) {
      throw new URISyntaxException(word, e.getReason());
    } catch (IllegalArgumentException e) { // such as file://host/ or file:relative
      throw new URISyntaxException(word, String.valueOf(e.getMessage()));
    }
  }
}
