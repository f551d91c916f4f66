package io.hardbake.settle;

import io.hardbake.image.Architecture;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ldconfig}: the links that lead from each library's soname to its file, and {@code
 * /etc/ld.so.cache}, byte for byte as glibc 2.36 writes it (elf/ldconfig.c, elf/cache.c).
 *
 * <p>Not covered, for Debian ships none of it any more: libraries of a second word size, and the
 * hardware directories that came before {@code glibc-hwcaps}.
 */
final class LdCache {
  private static final AbsolutePath CACHE = AbsolutePath.of("/etc/ld.so.cache");
  private static final AbsolutePath LDCONFIG = AbsolutePath.of("/sbin/ldconfig");
  private static final String HWCAPS = "glibc-hwcaps";

  /** {@code FLAG_ELF_LIBC6} with {@code FLAG_X8664_LIB64} or {@code FLAG_AARCH64_LIB64}. */
  private static final int AMD64_FLAGS = 0x0303;

  private static final int ARM64_FLAGS = 0x0a03;

  private static final Pattern GENERATOR =
      Pattern.compile("\0(ldconfig \\([ -~]{1,200} release version [ -~]{1,20})\0");

  private final TreeEditor editor;
  private final FileTree.Builder tree;
  private final Architecture architecture;
  private final BodyFacts facts;
  private final List<LdCacheEntry> entries = new ArrayList<>();

  private LdCache(TreeEditor editor, Architecture architecture, BodyFacts facts) {
    this.editor = editor;
    this.facts = facts;
    this.tree = editor.tree();
    this.architecture = architecture;
  }

  /** Does what {@code ldconfig} does, once all libraries are in the tree. */
  static void write(TreeEditor editor, Architecture architecture, BodyFacts facts)
      throws IOException {
    LdCache cache = new LdCache(editor, architecture, facts);
    cache.write(
        cache
            .version()
            .orElseThrow(
                () -> new IllegalStateException(LDCONFIG + " does not say which version it is")));
  }

  private void write(String generator) throws IOException {
    searchAll();
    byte[] bytes = LdCacheFile.encode(entries, generator);
    editor.write(CACHE, 0644, Owner.ROOT, Content.of(bytes));
  }

  /**
   * Does it again for a tree in which a recipe put or removed libraries, or names other directories
   * for them.
   *
   * @param before the tree without what the recipe did
   * @param touched the recipe's paths
   * @return whether there was something to do
   */
  static boolean refresh(
      TreeEditor editor,
      Architecture architecture,
      BodyFacts facts,
      FileTree before,
      Collection<AbsolutePath> touched)
      throws IOException {
    LdCache old = new LdCache(editor.over(before.toBuilder()), architecture, facts);
    LdCache now = new LdCache(editor, architecture, facts);
    // Libraries are loaded by the cache even where the recipe removes ldconfig itself.
    Optional<String> version = old.version();
    if (before.file(CACHE).isEmpty() || version.isEmpty()) {
      return false;
    }
    boolean sameDirectories = old.directories().equals(now.directories());
    if (sameDirectories && touched.stream().noneMatch(old.concerns().or(now.concerns()))) {
      return false;
    }
    now.write(version.get());
    return true;
  }

  /** Whether a path is that of a library, or of something above one. */
  private Predicate<AbsolutePath> concerns() throws IOException {
    Set<AbsolutePath> searched = new TreeSet<>();
    directories().forEach(written -> directory(written).ifPresent(searched::add));
    return touched -> {
      AbsolutePath path =
          tree.resolve(touched.parent()).map(at -> at.child(touched.name())).orElse(touched);
      return searched.stream()
          .anyMatch(
              directory ->
                  path.equals(directory)
                      || directory.isBelow(path)
                      || path.isBelow(directory.child(HWCAPS))
                      || path.equals(directory.child(HWCAPS))
                      || (path.parent().equals(directory) && looksLikeLibrary(path.name())));
    };
  }

  /** The configured directories, then those that Debian builds into ldconfig, as written. */
  private List<String> directories() throws IOException {
    List<String> directories = new ArrayList<>(LdSoConf.directories(tree));
    directories.add("/lib/" + architecture.multiarchTriplet());
    directories.add("/usr/lib/" + architecture.multiarchTriplet());
    directories.add("/lib");
    directories.add("/usr/lib");
    return directories;
  }

  private void searchAll() throws IOException {
    Set<AbsolutePath> seen = new TreeSet<>();
    for (String directory : directories()) {
      Optional<AbsolutePath> real = directory(directory);
      if (real.isPresent() && seen.add(real.get())) {
        search(directory, real.get(), Optional.empty());
        for (AbsolutePath hwcaps : hwcaps(real.get())) {
          String name = hwcaps.name();
          search(directory + "/" + HWCAPS + "/" + name, hwcaps, Optional.of(name));
        }
      }
    }
  }

  private Optional<AbsolutePath> directory(String written) {
    return tree.resolve(AbsolutePath.ROOT.resolve(written)).filter(this::isDirectory);
  }

  private boolean isDirectory(AbsolutePath path) {
    return tree.get(path).orElseThrow() instanceof Directory;
  }

  private List<AbsolutePath> hwcaps(AbsolutePath directory) {
    return tree.children(directory.child(HWCAPS)).keySet().stream()
        .filter(this::isDirectory)
        .toList();
  }

  /** A file that stands for a soname in its directory. */
  private record Candidate(String name, boolean link) {
    /** A file is preferred to a link, else the higher version. */
    boolean beats(Candidate other) {
      return link == other.link ? LdCacheEntry.compareNames(other.name, name) < 0 : !link;
    }
  }

  private void search(String written, AbsolutePath directory, Optional<String> hwcaps)
      throws IOException {
    Map<String, Candidate> bySoname = new LinkedHashMap<>();
    for (Map.Entry<AbsolutePath, Entry> e : tree.children(directory).entrySet()) {
      String name = e.getKey().name();
      if (!looksLikeLibrary(name)) {
        continue;
      }
      removeIfStale(e.getKey(), e.getValue());
      Optional<SharedLibrary> library = library(e.getKey());
      if (library.isEmpty() || library.get().machine() != architecture.elfMachine()) {
        continue;
      }
      String soname = library.get().soname().orElse(name);
      boolean link = e.getValue() instanceof Symlink && isLinkInItsOwnRight(name, soname);
      Candidate candidate = new Candidate(name, link);
      bySoname.merge(link ? name : soname, candidate, (old, one) -> one.beats(old) ? one : old);
    }
    for (Map.Entry<String, Candidate> e : new TreeMap<>(bySoname).entrySet()) {
      String soname = e.getKey();
      Candidate file = e.getValue();
      if (hwcaps.isEmpty() && !file.link()) {
        linkSoname(directory, soname, file.name());
      }
      String path = written + "/" + (hwcaps.isEmpty() ? soname : file.name());
      entries.add(new LdCacheEntry(soname, path, flags(), hwcaps));
    }
  }

  private static boolean looksLikeLibrary(String name) {
    return (name.startsWith("lib") || name.startsWith("ld-")) && name.contains(".so");
  }

  /** ldconfig removes links such as {@code libfoo.so.1} that lead nowhere. */
  private void removeIfStale(AbsolutePath path, Entry entry) {
    if (entry instanceof Symlink && path.name().contains(".so.") && tree.resolve(path).isEmpty()) {
      tree.remove(path);
    }
  }

  private Optional<SharedLibrary> library(AbsolutePath path) throws IOException {
    Optional<RegularFile> file = tree.file(path);
    return file.isPresent() ? facts.library(file.get().content()) : Optional.empty();
  }

  /**
   * Whether a link is cached under its own name: when it is the soname, or the {@code libfoo.so}
   * that compilers use.
   */
  private static boolean isLinkInItsOwnRight(String name, String soname) {
    return name.equals(soname) || (name.endsWith(".so") && soname.startsWith(name));
  }

  /** {@code create_links}: a soname that leads elsewhere is linked anew, unless it is a file. */
  private void linkSoname(AbsolutePath directory, String soname, String name) {
    if (soname.equals(name)) {
      return;
    }
    AbsolutePath link = directory.child(soname);
    Optional<Entry> old = tree.get(link);
    boolean replaceable = old.isEmpty() || old.get() instanceof Symlink;
    boolean right = tree.resolve(link).equals(tree.resolve(directory.child(name)));
    if (replaceable && !right) {
      editor.link(link, name);
    }
  }

  private int flags() {
    return switch (architecture) {
      case AMD64 -> AMD64_FLAGS;
      case ARM64 -> ARM64_FLAGS;
    };
  }

  /** ldconfig signs the cache with a string that stands in its own binary. */
  private Optional<String> version() throws IOException {
    Optional<RegularFile> ldconfig = tree.file(LDCONFIG);
    return ldconfig.isEmpty() ? Optional.empty() : facts.ldconfig(ldconfig.get().content());
  }

  /** That string, if it is there. */
  static Optional<String> generator(Content ldconfig) throws IOException {
    Matcher text = GENERATOR.matcher(new String(ldconfig.bytes(), StandardCharsets.ISO_8859_1));
    return text.find() ? Optional.of(text.group(1)) : Optional.empty();
  }
}
