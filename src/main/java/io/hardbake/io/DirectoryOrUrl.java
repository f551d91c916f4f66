package io.hardbake.io;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Where a mirror is, as people write it. */
public final class DirectoryOrUrl {
  /**
   * An at sign in the authority, or behind what has a colon and is no host and port. Slashes too
   * many or too few hide none; but behind {@code file:}, one or three of them begin a path.
   */
  private static final Pattern WITH_CREDENTIALS =
      Pattern.compile(
          "file:(?://)?[^/?#]*@.*|(?!file:)[a-z][a-z0-9+.-]*:/*[^/?#]*@.*"
              + "|https?:/*(?!\\[)[^/?#]*:[^/?#]*[^0-9/?#].*@.*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private DirectoryOrUrl() {}

  /**
   * A name, and maybe a password, in front of a host. They would be sent to nobody, and stand in
   * messages, so the address is refused, in words that do not repeat it.
   */
  public static final class CredentialsException extends URISyntaxException {
    /** For whoever wrote the address. */
    public static final String REMEDY =
        "name a mirror that asks for no password; or bring the files of this one into a directory"
            + " by other means, and name the directory";

    CredentialsException() {
      super("", "an address with a name or a password in it, which hardbake does not send");
    }

    /** What is wrong, without the address. */
    public String problem() {
      return getReason();
    }
  }

  /**
   * Refuses an address with a name or a password in it.
   *
   * @throws CredentialsException if it has
   */
  public static void refuseCredentials(String word) throws CredentialsException {
    if (WITH_CREDENTIALS.matcher(word).matches()) {
      throw new CredentialsException();
    }
  }

  /**
   * The address that a word names: a URL of http or https, or a directory, as a path or as a URL of
   * file. Whether anything is there is not asked.
   *
   * @throws CredentialsException if a name or a password is in it
   * @throws URISyntaxException if it is none of these; nothing is fetched by any other scheme
   */
  public static URI parse(String word) throws URISyntaxException {
    refuseCredentials(word);
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
