package io.hardbake.hygiene;

import io.hardbake.image.Finding;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry.RegularFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys with which somebody could log in (sshd(8), AUTHORIZED_KEYS FILE FORMAT). */
final class Logins {
  private static final List<Glob> FILES =
      List.of(
          Glob.of("**/.ssh/authorized_keys*"),
          Glob.of("/etc/ssh/authorized_keys**"),
          Glob.of("/etc/dropbear/authorized_keys*"));

  private static final Pattern KEY = Pattern.compile("(?:^|\\s)(AAAA[A-Za-z0-9+/]+={0,3})");

  /** All of them. */
  private static final Size LIMIT = Size.mib(1);

  private Logins() {}

  static List<Finding> check(Subject subject, Allowed allowed) throws IOException {
    List<Finding> findings = new ArrayList<>();
    Texts texts = new Texts(LIMIT);
    for (AbsolutePath path : subject.tree().entries().keySet()) {
      if (FILES.stream().anyMatch(glob -> glob.matches(path))) {
        // sshd reads what a link leads to.
        Optional<RegularFile> file = subject.tree().file(path);
        if (file.isPresent()) {
          String text = texts.read(path, file.get().content());
          check(path, text, subject.isBox(), allowed, findings);
        }
      }
    }
    return findings;
  }

  private static void check(
      AbsolutePath path, String text, boolean box, Allowed allowed, List<Finding> findings) {
    for (String line : text.split("\n", -1)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      Matcher key = KEY.matcher(line);
      String word = key.find() ? key.group(1) : line.strip();
      Sha256 fingerprint = Sha256.of(word.getBytes(StandardCharsets.US_ASCII));
      if (!(box && allowed.isLogin(path, fingerprint))) {
        String problem = "lets in whoever has the key " + name(line);
        findings.add(
            box
                ? Rule.H07.unless(
                    path.value(),
                    problem,
                    Lines.line("login", path.value(), fingerprint.toString(), "REASON"))
                : Rule.H07.finding(path.value(), problem));
      }
    }
  }

  /** The comment behind a key, as a rule its owner. */
  private static String name(String line) {
    String[] words = line.strip().split("\\s+", -1);
    return words[words.length - 1].startsWith("AAAA") ? "without a name" : words[words.length - 1];
  }
}
