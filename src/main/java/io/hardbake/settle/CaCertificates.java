package io.hardbake.settle;

import io.hardbake.io.Sha256;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/**
 * What the postinst of ca-certificates, update-ca-certificates(8) and {@code openssl rehash} leave
 * behind on a fresh installation: {@code /etc/ca-certificates.conf}, and in {@code /etc/ssl/certs}
 * a link to each certificate, a link by the hash of its subject, and the bundle.
 *
 * <p>Certificates in {@code /usr/local/share/ca-certificates} are taken in too. Hooks in {@code
 * /etc/ca-certificates/update.d} are not run.
 */
final class CaCertificates {
  private static final AbsolutePath CONF = AbsolutePath.of("/etc/ca-certificates.conf");
  private static final AbsolutePath SHIPPED = AbsolutePath.of("/usr/share/ca-certificates");
  private static final AbsolutePath LOCAL = AbsolutePath.of("/usr/local/share/ca-certificates");
  private static final AbsolutePath STORE = AbsolutePath.of("/etc/ssl/certs");
  private static final AbsolutePath BUNDLE = STORE.child("ca-certificates.crt");
  private static final AbsolutePath POSTINST =
      AbsolutePath.of("/var/lib/dpkg/info/ca-certificates.postinst");

  /** A line of the configuration that names a file; one after "!" is not trusted. */
  private static final Pattern NAMING = Pattern.compile("[^#!\\x00][^\\x00]*");

  private static final Pattern HASH_LINK = Pattern.compile("[0-9a-f]{8}\\.r?[0-9]+");

  private static final Pattern REHASHED =
      Pattern.compile(".*\\.(pem|crt|cer)", Pattern.CASE_INSENSITIVE);

  private final TreeEditor editor;
  private final FileTree.Builder tree;
  private final BodyFacts facts;
  private final Content postinst;
  private final ByteArrayOutputStream bundle = new ByteArrayOutputStream();

  /** The text of the configuration is the postinst's. */
  private CaCertificates(TreeEditor editor, BodyFacts facts, Content postinst) {
    this.editor = editor;
    this.tree = editor.tree();
    this.facts = facts;
    this.postinst = postinst;
  }

  /** Needs dpkg's copy of the postinst in the tree. */
  static void write(TreeEditor editor, BodyFacts facts) throws IOException {
    Content postinst =
        editor
            .tree()
            .file(POSTINST)
            .orElseThrow(() -> new IllegalStateException("no file " + POSTINST))
            .content();
    CaCertificates certificates = new CaCertificates(editor, facts, postinst);
    certificates.writeConf();
    certificates.update();
  }

  /**
   * {@code update-ca-certificates --fresh}, for a tree in which a recipe put, replaced or removed
   * certificates. A configuration of the recipe's own says which of the shipped ones are trusted.
   *
   * @param before the tree without what the recipe did
   * @param touched the recipe's paths
   * @return whether there was something to do
   */
  static boolean refresh(
      TreeEditor editor, BodyFacts facts, FileTree before, Collection<AbsolutePath> touched)
      throws IOException {
    // A recipe's certificates count even where it removes dpkg's records.
    Optional<RegularFile> postinst = before.file(POSTINST);
    if (before.file(BUNDLE).isEmpty()
        || postinst.isEmpty()
        || touched.stream().noneMatch(CaCertificates::concerns)) {
      return false;
    }
    CaCertificates certificates = new CaCertificates(editor, facts, postinst.get().content());
    if (!certificates.isDirectory(STORE)) {
      return false;
    }
    certificates.clear();
    if (!touched.contains(CONF) || editor.tree().file(CONF).isEmpty()) {
      certificates.writeConf();
    }
    certificates.update();
    return true;
  }

  private static boolean concerns(AbsolutePath path) {
    return path.equals(CONF)
        || List.of(SHIPPED, LOCAL).stream()
            .anyMatch(
                directory ->
                    path.equals(directory) || path.isBelow(directory) || directory.isBelow(path));
  }

  private boolean isDirectory(AbsolutePath path) {
    return tree.resolve(path).flatMap(tree::get).filter(Directory.class::isInstance).isPresent();
  }

  /** Removes what an earlier update made, and all other links that lead nowhere. */
  private void clear() {
    tree.remove(BUNDLE);
    AbsolutePath store = tree.resolve(STORE).orElseThrow();
    removeLinks(
        store,
        (path, link) ->
            HASH_LINK.matcher(path.name()).matches()
                || link.target().startsWith(SHIPPED.value() + "/")
                || link.target().startsWith(LOCAL.value() + "/"));
    // Only now: what led to one of those leads nowhere.
    removeLinks(store, (path, link) -> tree.resolve(path).isEmpty());
  }

  private void removeLinks(AbsolutePath directory, BiPredicate<AbsolutePath, Symlink> which) {
    for (Map.Entry<AbsolutePath, Entry> child :
        new TreeMap<>(tree.children(directory)).entrySet()) {
      if (child.getValue() instanceof Symlink link && which.test(child.getKey(), link)) {
        tree.remove(child.getKey());
      }
    }
  }

  private void update() throws IOException {
    for (AbsolutePath certificate : selected()) {
      add(certificate);
    }
    for (AbsolutePath certificate : below(LOCAL)) {
      add(certificate);
    }
    rehash();
    editor.write(BUNDLE, 0644, Owner.ROOT, Content.of(bundle.toByteArray()));
  }

  /** The shipped files that the configuration names, whatever they are called. */
  private List<AbsolutePath> selected() throws IOException {
    return tree.file(CONF)
        .orElseThrow()
        .content()
        .text()
        .lines()
        .map(String::strip)
        .filter(line -> NAMING.matcher(line).matches())
        .map(line -> SHIPPED.resolve("./" + line))
        .filter(path -> path.isBelow(SHIPPED) && tree.file(path).isPresent())
        .toList();
  }

  /** As the configuration names a shipped certificate. */
  private static String name(AbsolutePath shipped) {
    return shipped.value().substring(SHIPPED.value().length() + 1);
  }

  /**
   * All shipped certificates are trusted: so the question of the package is answered by default.
   */
  private void writeConf() throws IOException {
    StringBuilder text = new StringBuilder(HereDocument.writtenTo(CONF, postinst.text()));
    for (AbsolutePath certificate : below(SHIPPED)) {
      text.append(name(certificate)).append('\n');
    }
    editor.write(CONF, text.toString());
  }

  /**
   * As {@code find -L … -type f -name '*.crt' | sort} does in the C locale, which orders by octet:
   * links are followed, and are part of the paths.
   */
  private Set<AbsolutePath> below(AbsolutePath directory) {
    Set<AbsolutePath> found = new TreeSet<>((a, b) -> a.value().compareTo(b.value()));
    find(directory, new ArrayDeque<>(), found);
    return found;
  }

  /** Goes into no directory that it is in already: links may lead in a circle. */
  private void find(AbsolutePath directory, Deque<AbsolutePath> within, Set<AbsolutePath> found) {
    Optional<AbsolutePath> real = tree.resolve(directory);
    if (real.isEmpty() || within.contains(real.get())) {
      return;
    }
    within.push(real.get());
    for (AbsolutePath child : tree.children(real.get()).keySet()) {
      AbsolutePath path = directory.child(child.name());
      if (isDirectory(path)) {
        find(path, within, found);
      } else if (path.name().endsWith(".crt") && tree.file(path).isPresent()) {
        found.add(path);
      }
    }
    within.pop();
  }

  private void add(AbsolutePath certificate) throws IOException {
    String base = certificate.name().replaceFirst("\\.crt$", "");
    String name =
        base.replace(' ', '_').replace('(', '=').replace(')', '=').replace(',', '_') + ".pem";
    editor.link(STORE.child(name), certificate.value());
    byte[] text = tree.file(certificate).orElseThrow().content().bytes();
    bundle.writeBytes(text);
    if (text.length > 0 && text[text.length - 1] != '\n') {
      bundle.write('\n');
    }
  }

  /** {@code openssl rehash}: files in order, equal subjects numbered, equal certificates once. */
  private void rehash() throws IOException {
    AbsolutePath store = tree.resolve(STORE).orElseThrow();
    Map<String, Set<Sha256>> known = new TreeMap<>();
    for (AbsolutePath path : List.copyOf(tree.children(store).keySet())) {
      Optional<Certificate> certificate = onlyCertificate(path);
      if (certificate.isEmpty()) {
        continue;
      }
      String hash = certificate.get().subjectHash();
      Set<Sha256> alike = known.computeIfAbsent(hash, h -> new LinkedHashSet<>());
      if (alike.add(certificate.get().digest())) {
        editor.link(store.child(hash + "." + (alike.size() - 1)), path.name());
      }
    }
  }

  /** Empty for a file of another name, too. */
  private Optional<Certificate> onlyCertificate(AbsolutePath path) throws IOException {
    Optional<RegularFile> file = tree.file(path);
    return file.isPresent() && REHASHED.matcher(path.name()).matches()
        ? facts.certificate(file.get().content())
        : Optional.empty();
  }
}
