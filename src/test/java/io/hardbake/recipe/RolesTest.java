package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.image.Architecture;
import io.hardbake.image.ContainerSettings;
import io.hardbake.kubernetes.KubernetesBinaries;
import io.hardbake.kubernetes.KubernetesVersion;
import io.hardbake.template.Templates;
import io.hardbake.tree.AbsolutePath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The recipes that the project ships. */
class RolesTest {
  private static final Path IMAGES = Path.of("images");
  private static final Path TEMPLATES = Path.of("templates");

  @Test
  void bakesAControllerAndALoadBalancer() throws Exception {
    RecipeBook book = RecipeBook.load(IMAGES);

    assertTrue(book.roles().keySet().containsAll(Set.of("controller", "loadbalancer")));
    Role controller = book.role("controller");
    assertEquals(
        List.of("base", "controller"), controller.chain().stream().map(Recipe::name).toList());
    assertEquals("bookworm", controller.debian().suite());
    assertEquals(KubernetesVersion.of("v1.18.6"), controller.kubernetes().version());
    assertEquals(new TreeSet<>(KubernetesBinaries.NAMES), controller.kubernetes().binaries());
    assertTrue(book.role("loadbalancer").kubernetes().binaries().isEmpty());
  }

  @Test
  void containersBootSystemd() throws Exception {
    Role controller = RecipeBook.load(IMAGES).role("controller");
    ContainerSettings container = controller.container();

    assertEquals(List.of("/sbin/init"), container.command());
    assertEquals("SIGRTMIN+3", container.stopSignal());
    assertEquals("docker", container.environment().get("container"));
    assertEquals(Set.of("80/tcp", "2379/tcp", "2380/tcp", "6443/tcp"), container.exposedPorts());
    assertTrue(controller.containerMasks().contains("getty.target"));
    assertFalse(controller.units().mask().contains("getty.target"));
  }

  @Test
  void rendersEveryFileForBothVersionsAndArchitectures() throws Exception {
    Templates templates = Templates.of(TEMPLATES);
    for (Role role : RecipeBook.load(IMAGES).roles().values()) {
      for (String version : List.of("v1.18.6", "v1.20.2", "v1.29.0")) {
        for (Architecture architecture : Architecture.values()) {
          var model = role.model(KubernetesVersion.of(version), architecture);
          for (Item item : role.items().values()) {
            if (item instanceof Item.File file && file.body() instanceof Body.Template template) {
              String text = templates.render(template.name(), model).text();
              assertTrue(text.endsWith("\n") && !text.endsWith("\n\n"), template.name());
            }
          }
        }
      }
    }
  }

  @Test
  void knowsWherePackagesAndUnitsStand() throws Exception {
    Role controller = RecipeBook.load(IMAGES).role("controller");
    for (String name : List.of("nginx", "etcd.service")) {
      Location at = controller.mention(name);
      assertEquals("images/controller.yaml", at.file());
      assertEquals("- " + name, Files.readAllLines(Path.of(at.file())).get(at.line() - 1).strip());
    }
    assertEquals("images/base.yaml", controller.mention("getty.target").file());
    assertEquals(controller.recipe().at(), controller.mention("nothing"));
  }

  @Test
  void takesDebiansDefaultSiteAway() throws Exception {
    Role controller = RecipeBook.load(IMAGES).role("controller");

    assertTrue(
        controller.items().get(AbsolutePath.of("/etc/nginx/sites-enabled/default"))
            instanceof Item.Removal);
  }

  @Test
  void hasMachinesOnTopOfEachRole() throws Exception {
    for (Role role : RecipeBook.load(IMAGES).roles().values()) {
      Role machine = role.machine().orElseThrow();

      assertEquals(role.name() + "+machine", machine.name());
      assertTrue(machine.recipe().packages(Architecture.ARM64).contains("linux-image-cloud-arm64"));
      assertTrue(machine.kernelCommandLine().contains("net.ifnames=0"));
      assertTrue(machine.items().keySet().containsAll(role.items().keySet()));
      assertTrue(machine.units().enable().contains("systemd-networkd.service"));
      assertFalse(role.units().enable().contains("systemd-networkd.service"));
      assertEquals(Optional.empty(), machine.machine());
    }
  }

  @Test
  void onlyBoxesHaveVagrantsUser() throws Exception {
    for (Role role : RecipeBook.load(IMAGES).roles().values()) {
      Role box = role.box().orElseThrow();

      assertEquals(role.name() + "+machine+box", box.name());
      assertTrue(box.users().stream().anyMatch(user -> user.name().equals("vagrant")));
      assertEquals(List.of(), role.machine().orElseThrow().users());
      assertEquals(List.of(), role.users());
    }
  }

  @Test
  void readinessWaitsForServicesHoweverTheyAreWritten() throws Exception {
    Templates templates = Templates.of(TEMPLATES);
    for (String services : List.of("etcd nginx", "etcd nginx\n", "etcd\nnginx\n")) {
      Map<String, Object> model = Map.of("services", services);
      String unit = templates.render("base/hardbake-ready.service.ftl", model).text();
      String after = "\nAfter=hardbake-firstboot.service etcd.service nginx.service\n";
      assertTrue(unit.contains(after), unit);
    }
  }

  @Test
  void rendersTheFilesOfMachines() throws Exception {
    Templates templates = Templates.of(TEMPLATES);
    Map<String, String> machine =
        Map.of("rootFileSystem", "0-1", "efiLabel", "EFI", "commandLine", "ro quiet");
    Map<String, Object> model = Map.of("machine", machine, "architecture", "amd64");
    String grub = templates.render("machine/grub.cfg.ftl", model).text();
    assertTrue(grub.contains("  linux /vmlinuz$latest root=UUID=0-1 ro quiet $console\n"), grub);
    assertTrue(grub.contains("console=ttyS0,115200n8"), grub);
    Map<String, Object> arm = Map.of("machine", machine, "architecture", "arm64");
    String other = templates.render("machine/grub.cfg.ftl", arm).text();
    assertTrue(other.contains("set console=\"console=tty0 console=ttyAMA0,115200n8\"\n"), other);
    assertFalse(other.contains("serial"), other);
    String fstab = templates.render("machine/fstab.ftl", model).text();
    assertTrue(fstab.contains("\nUUID=0-1 / ext4 "), fstab);
  }
}
