package io.hardbake.settle;

import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.RecipeException;
import io.hardbake.image.Architecture;
import io.hardbake.settle.Settled.Unconfigured;
import io.hardbake.settle.Verdict.Deed;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Provenance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Turns packages into the tree that dpkg would have left, without running any of them. Several
 * threads may settle at a time; what one finds out about a package, the others know.
 */
public final class Settler {
  /** These two lay the ground that the others build on; the rest goes by name. */
  private static final List<String> FIRST = List.of("base-files", "base-passwd");

  private static final String NOWHERE = "/nonexistent";

  private final Architecture architecture;
  private final long epochSeconds;
  private final IdTable ids = IdTable.load();
  private final Judge judge;
  private final BodyFacts facts = new BodyFacts();

  /**
   * A settler for one architecture.
   *
   * @param epochSeconds the time that everything carries which no package dates: directories,
   *     links, generated files, and the day in {@code /etc/shadow}; later times of files are cut
   *     back to it
   */
  public Settler(Architecture architecture, long epochSeconds) {
    this.architecture = architecture;
    this.epochSeconds = epochSeconds;
    this.judge = new Judge(RuleTable.load(), SnippetTable.load(), ids, architecture);
  }

  /**
   * Unpacks and configures the packages. Their order does not matter.
   *
   * @param requested names of the packages that were asked for; the others are marked as
   *     automatically installed
   * @param accounts users that recipes add to those of the packages
   * @throws BakeException if the packages cannot stand beside one another in one tree, or a
   *     recipe's user beside theirs
   * @throws IOException if a package's content cannot be read
   */
  public Settled settle(
      List<UnpackedPackage> packages, Set<String> requested, List<Account> accounts)
      throws BakeException, IOException {
    return settleEach(packages, requested, List.of(accounts)).get(0);
  }

  /** The same for machines that differ in nothing but their recipes' users: one tree for each. */
  public List<Settled> settleEach(
      List<UnpackedPackage> packages, Set<String> requested, List<List<Account>> accounts)
      throws BakeException, IOException {
    try {
      return settleSorted(sorted(packages), requested, accounts);
    } catch (UncheckedIOException e) {
      throw new IOException("a package's content cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Does again what looks at the whole tree, where a recipe changed what it looked at: the store of
   * trusted certificates, and the loader's cache.
   *
   * @param before a settled tree
   * @param tree the same with the recipe's own files, links and removals
   * @param touched their paths
   * @return whether something was done, and the tree's generated files may have covered the
   *     recipe's
   * @throws IOException if a file's content cannot be read
   */
  public boolean refresh(FileTree before, FileTree.Builder tree, Collection<AbsolutePath> touched)
      throws IOException {
    boolean trust =
        CaCertificates.refresh(editor(tree, "update-ca-certificates"), facts, before, touched);
    boolean libraries =
        LdCache.refresh(editor(tree, "ldconfig"), architecture, facts, before, touched);
    return trust || libraries;
  }

  private static List<UnpackedPackage> sorted(List<UnpackedPackage> packages) {
    List<UnpackedPackage> sorted = new ArrayList<>(packages);
    sorted.sort(
        Comparator.comparingInt((UnpackedPackage one) -> rank(one.name()))
            .thenComparing(UnpackedPackage::name));
    return sorted;
  }

  private static int rank(String name) {
    int index = FIRST.indexOf(name);
    return index < 0 ? FIRST.size() : index;
  }

  private List<Settled> settleSorted(
      List<UnpackedPackage> packages, Set<String> requested, List<List<Account>> accounts)
      throws BakeException, IOException {
    List<Verdict> verdicts = judge.judge(packages);
    Diversions diversions = diversions(verdicts);
    Unpacking unpacking = unpack(verdicts, diversions);
    FileTree.Builder tree = unpacking.tree();
    TreeEditor dpkg = editor(tree, "dpkg");
    new DpkgDatabase(architecture, dpkg, facts).write(verdicts, unpacking);
    diversions.writeTo(dpkg);

    Installation machine = new Installation(new Accounts(ids, epochSeconds));
    perform(verdicts, machine, tree);
    finish(machine, tree);
    ExtendedStates.write(packages, requested, architecture, editor(tree, "apt"));
    FileTree withoutUsers = tree.freeze();
    List<Unconfigured> left = unconfigured(verdicts);
    List<Settled> settled = new ArrayList<>();
    for (List<Account> users : accounts) {
      FileTree.Builder own = withoutUsers.toBuilder();
      addAccounts(users, machine.accounts().copy(), own, left);
      settled.add(new Settled(own.freeze(), left));
    }
    return settled;
  }

  private static Diversions diversions(List<Verdict> verdicts) {
    Diversions diversions = new Diversions();
    for (Verdict verdict : verdicts) {
      for (Deed deed : verdict.deeds()) {
        if (deed.effect() instanceof Effect.Divert divert && happens(deed, verdict)) {
          diversions.add(divert.from(), divert.to(), verdict.about().name());
        }
      }
    }
    return diversions;
  }

  /** A preinst's deeds happen while unpacking, whatever becomes of the configuration. */
  private static boolean happens(Deed deed, Verdict verdict) {
    return deed.whileUnpacking() || verdict.isConfigured();
  }

  private Unpacking unpack(List<Verdict> verdicts, Diversions diversions)
      throws BakeException, IOException {
    Unpacking unpacking = new Unpacking(architecture, epochSeconds, diversions);
    verdicts.forEach(verdict -> unpacking.foresee(verdict.about()));
    for (Verdict verdict : verdicts) {
      Set<AbsolutePath> pending =
          verdict.isConfigured() ? Set.of() : new HashSet<>(Conffiles.of(verdict.about()));
      unpacking.unpack(verdict.about(), pending);
    }
    return unpacking;
  }

  private void perform(List<Verdict> verdicts, Installation machine, FileTree.Builder tree) {
    for (Verdict verdict : verdicts) {
      TreeEditor editor = editor(tree, verdict.about().name());
      for (Deed deed : verdict.deeds()) {
        if (happens(deed, verdict)) {
          deed.effect().apply(machine, editor, deed.script());
        }
      }
    }
  }

  private void finish(Installation machine, FileTree.Builder tree) throws IOException {
    machine.alternatives().writeTo(editor(tree, "alternatives"));
    machine.statOverrides().writeTo(editor(tree, "statoverride"));
    machine.ucf().writeTo(editor(tree, "ucf"));
    if (machine.wants(Finisher.SHADOW)) {
      machine.accounts().shadow();
    }
    if (machine.wants(Finisher.SHELLS)) {
      Shells.update(editor(tree, "shells"));
    }
    if (machine.wants(Finisher.PAM)) {
      PamConfiguration.write(editor(tree, "pam-auth-update"));
    }
    if (machine.wants(Finisher.CA_CERTIFICATES)) {
      CaCertificates.write(editor(tree, "update-ca-certificates"), facts);
    }
    if (machine.wants(Finisher.LD_CACHE)) {
      LdCache.write(editor(tree, "ldconfig"), architecture, facts);
    }
    // A disk has to boot before dpkg can finish a kernel's package that was left to it.
    if (machine.wants(Finisher.KERNEL_LINKS) || KernelLinks.areWanted(tree)) {
      KernelLinks.write(editor(tree, "linux-update-symlinks"));
    }
  }

  private void addAccounts(
      List<Account> users, Accounts accounts, FileTree.Builder tree, List<Unconfigured> left)
      throws BakeException {
    TreeEditor editor = editor(tree, "accounts");
    for (Account account : users) {
      accounts.recipe(account, left);
      AbsolutePath home = AbsolutePath.of(account.home());
      if (!account.home().equals(NOWHERE) && !editor.exists(home)) {
        Owner owner = new Owner(account.id(), account.id());
        makeHome(home, account, owner, editor);
        addSkeleton(home, owner, tree, editor);
      }
    }
    accounts.writeTo(editor);
  }

  private static void makeHome(AbsolutePath home, Account account, Owner owner, TreeEditor editor)
      throws RecipeException {
    try {
      editor.directory(home, 0700, owner);
    } catch (IllegalStateException e) {
      throw new RecipeException(
          "the home %s of user %s cannot be made: %s"
              .formatted(home, account.name(), e.getMessage()),
          "choose another `home:`; with none, the user has no home",
          e);
    }
  }

  /** What {@code useradd --create-home} puts into a new home. */
  private static void addSkeleton(
      AbsolutePath home, Owner owner, FileTree.Builder tree, TreeEditor editor) {
    for (AbsolutePath file : tree.children(AbsolutePath.of("/etc/skel")).keySet()) {
      if (tree.file(file).isPresent()) {
        Content content = tree.file(file).orElseThrow().content();
        editor.write(home.child(file.name()), 0644, owner, content);
      }
    }
  }

  private static List<Unconfigured> unconfigured(List<Verdict> verdicts) {
    return verdicts.stream()
        .flatMap(
            verdict ->
                verdict
                    .objection()
                    .map(reason -> new Unconfigured(verdict.about().name(), reason))
                    .stream())
        .toList();
  }

  private TreeEditor editor(FileTree.Builder tree, String rule) {
    return new TreeEditor(tree, epochSeconds, Provenance.ofSettle(rule));
  }
}
