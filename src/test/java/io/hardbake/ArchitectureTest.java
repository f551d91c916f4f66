package io.hardbake;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The direction of the packages, and who may use which library: law here, and told nowhere else.
 */
final class ArchitectureTest {
  private static final String BASE = "io.hardbake.";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.hardbake");

  private static final String GROUND = "failure io progress ";
  private static final String MODEL = GROUND + "tree image ";

  /** What each package may import of hardbake; a package that is not here fails a test. */
  private static final Map<String, String> MAY_IMPORT =
      Map.ofEntries(
          entry("failure", ""),
          entry("io", "failure"),
          entry("io.deflate", ""),
          entry("io.tar", "io failure"),
          entry("progress", "io"),
          entry("tree", "failure io"),
          entry("image", "failure io tree"),
          entry("hygiene", MODEL),
          entry("attestation", "failure io"),
          entry("verify", MODEL + "artifact attestation hygiene lock oci"),
          entry("fetch", GROUND),
          entry("debian.trust", GROUND),
          entry("debian", MODEL + "fetch debian.trust"),
          entry("debian.resolve", MODEL + "debian"),
          entry("debian.unpack", MODEL + "io.tar fetch debian"),
          entry("settle", MODEL + "debian debian.unpack"),
          entry("kubernetes", MODEL + "io.tar fetch debian.unpack kubernetes.build"),
          entry("kubernetes.build", MODEL + "io.tar fetch debian debian.unpack"),
          entry("recipe", MODEL + "kubernetes settle"),
          entry("sbom", "io tree image"),
          entry("template", MODEL),
          entry("lock", MODEL),
          entry("credentials", GROUND),
          entry("oci", MODEL + "fetch io.deflate io.tar"),
          entry("engine", GROUND + "oci"),
          entry("cluster", GROUND + "oci engine credentials"),
          entry("disk", MODEL),
          entry("disk.grub", MODEL),
          entry("disk.initramfs", MODEL + "disk.kernel io.deflate"),
          entry("disk.kernel", MODEL),
          entry("disk.ext4", MODEL + "disk"),
          entry("disk.gpt", MODEL + "disk"),
          entry("disk.fat", MODEL + "disk"),
          entry("disk.cluster", GROUND + "io.deflate disk"),
          entry("disk.qcow2", GROUND + "disk disk.cluster image"),
          entry("disk.vmdk", GROUND + "disk disk.cluster"),
          entry(
              "disk.machine",
              MODEL + "disk disk.ext4 disk.fat disk.gpt disk.grub disk.qcow2 disk.vmdk"),
          entry("vagrant", MODEL + "io.tar disk disk.cluster disk.qcow2 disk.vmdk"),
          entry("artifact", MODEL + "io.tar oci vagrant disk disk.machine debian"),
          entry(
              "bake",
              MODEL
                  + "attestation fetch debian debian.trust debian.resolve debian.unpack settle"
                  + " kubernetes kubernetes.build recipe template lock oci sbom disk disk.cluster"
                  + " disk.grub disk.initramfs disk.kernel disk.machine disk.qcow2 vagrant"),
          entry(
              "cli",
              MODEL
                  + "artifact attestation bake hygiene verify cluster credentials disk disk.fat"
                  + " disk.qcow2 engine fetch oci recipe kubernetes"));

  private static final Map<String, String> ONLY_USER =
      Map.of(
          "java.net.http..", "fetch",
          "freemarker..", "template",
          "com.google.cloud.tools.jib..", "oci",
          "com.github.dockerjava..", "engine",
          "org.bouncycastle..", "debian.trust credentials",
          "picocli..", "cli",
          "org.cyclonedx..", "sbom",
          "com.github.packageurl..", "sbom",
          "com.fasterxml.jackson.dataformat.yaml..", "recipe");

  @TestFactory
  Stream<DynamicTest> packagesImportOnlyWhatTheyMay() {
    return eachRule(
        MAY_IMPORT,
        (importer, imported) ->
            noClasses()
                .that(resideInAPackage(BASE + importer))
                .should()
                .dependOnClassesThat(
                    resideInAPackage("io.hardbake..")
                        .and(resideOutsideOfPackages(names(importer + " " + imported))))
                .check(CLASSES));
  }

  /** Else the law would allow more than the house has; of what models all may import any. */
  @TestFactory
  Stream<DynamicTest> whatPackagesMayImportTheyDo() {
    Set<String> models = Set.of(MODEL.split(" ", -1));
    return eachRule(
        MAY_IMPORT,
        (importer, imported) -> {
          Set<String> idle = new TreeSet<>(List.of(imported.split(" ", -1)));
          idle.removeAll(models);
          idle.removeAll(imports(importer));
          Assertions.assertEquals(Set.of(), idle, "allowed, and not used");
        });
  }

  private static Stream<DynamicTest> eachRule(
      Map<String, String> rules, BiConsumer<String, String> check) {
    return rules.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            rule ->
                DynamicTest.dynamicTest(
                    rule.getKey(), () -> check.accept(rule.getKey(), rule.getValue())));
  }

  private static Set<String> imports(String importer) {
    return dependencies(importer)
        .map(JavaClass::getPackageName)
        .filter(name -> name.startsWith(BASE))
        .map(name -> name.substring(BASE.length()))
        .collect(Collectors.toSet());
  }

  private static Stream<JavaClass> dependencies(String name) {
    return CLASSES.stream()
        .filter(each -> each.getPackageName().equals(BASE + name))
        .flatMap(each -> each.getDirectDependenciesFromSelf().stream())
        .map(each -> each.getTargetClass());
  }

  @Test
  void everyPackageHasItsRule() {
    List<String> unknown =
        CLASSES.stream()
            .map(JavaClass::getPackageName)
            .distinct()
            .map(name -> name.substring(BASE.length()))
            .filter(name -> !MAY_IMPORT.containsKey(name))
            .sorted()
            .toList();
    Assertions.assertEquals(List.of(), unknown, "packages without a rule");
  }

  @Test
  void packagesAreFreeOfCycles() {
    slices().matching("io.hardbake.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @TestFactory
  Stream<DynamicTest> librariesHaveOneUser() {
    return eachRule(
        ONLY_USER,
        (library, users) ->
            noClasses()
                .that(resideOutsideOfPackages(names(users)))
                .should()
                .dependOnClassesThat(resideInAPackage(library))
                .check(CLASSES));
  }

  /** Else the rule of a library that has moved to other packages would forbid nothing. */
  @TestFactory
  Stream<DynamicTest> usersOfLibrariesUseThem() {
    return eachRule(
        ONLY_USER,
        (library, users) -> {
          Set<String> idle = new TreeSet<>(List.of(users.split(" ", -1)));
          idle.removeIf(user -> dependencies(user).anyMatch(resideInAPackage(library)));
          Assertions.assertEquals(Set.of(), idle, "named, and not using it");
        });
  }

  private static String[] names(String words) {
    return Stream.of(words.trim().split(" +", -1)).map(word -> BASE + word).toArray(String[]::new);
  }
}
