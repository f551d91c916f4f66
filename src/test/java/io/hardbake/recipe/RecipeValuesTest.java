package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.RecipeException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Values that cannot be meant are reported with their line, and what to write instead. */
class RecipeValuesTest extends WrongRecipe {
  @Test
  void aBadPackage() {
    refused(
        "from: base\npackages:\n  - nginx=1.22\n",
        3,
        "\"nginx=1.22\" is not the name of a Debian package",
        "write the name alone, in lower case, as apt knows it");
    refused(
        "from: base\npackages:\n  - nginx\n  - nginx\n",
        4,
        "nginx stands twice under packages",
        "remove one of the two");
  }

  @Test
  void aBadUnit() {
    refused(
        "from: base\nunits:\n  enable: [nginx]\n",
        3,
        "\"nginx\" is not a systemd unit's full name",
        "add what kind of unit it is: nginx.service");
    refused(
        "from: base\nunits:\n  enable:\n    - nginx.service\n  mask:\n    - nginx.service\n",
        6,
        "nginx.service stands under enable and under mask",
        "decide for one");
  }

  @Test
  void badKubernetes() {
    refused(
        "from: base\nkubernetes:\n  version: 1.18.6\n",
        3,
        "\"1.18.6\" is not a version of Kubernetes",
        "write it as its git tag: v1.18.6");
    refused(
        "from: base\nkubernetes:\n  binaries:\n    - kubectl\n    - kube-apisever\n",
        5,
        "Kubernetes has no binary kube-apisever that hardbake bakes",
        "did you mean kube-apiserver? the binaries are kube-apiserver, kube-controller-manager,"
            + " kube-scheduler, kubectl");
  }

  @Test
  void badUsers() throws Exception {
    refused(
        "from: base\nusers:\n  - name: app\n    id: 0\n",
        4,
        "id should be a number from 1 to 59999, but it is 0",
        "write a decimal number in that range");
    refused(
        "from: base\nusers:\n  - {name: app, id: 400}\n  - {name: app, id: 401}\n",
        4,
        "the user app stands twice",
        "remove one");
    refused(
        "from: base\nusers:\n  - {name: app, id: 400}\n  - {name: web, id: 400}\n",
        1,
        "users app and web both have id 400",
        "give one of them another id");
  }

  @Test
  void badVariables() {
    refused(
        "from: base\nvariables:\n  pod-cidr: x\n",
        3,
        "\"pod-cidr\" is not a variable's name",
        "use letters and digits, a lower-case letter first: podCidr");
    refused(
        "from: base\nvariables:\n  kubernetes: x\n",
        3,
        "every template already knows kubernetes from hardbake",
        "choose another name");
    refused(
        "from: base\nvariables:\n  ratio: 1.5\n",
        3,
        "ratio should be text, a whole number, true, false or a list, but it is a decimal number",
        null);
  }

  @Test
  void badPorts() {
    refused("from: base\ncontainer:\n  ports: [70000]\n", 3, "ports should be a number", null);
    refused(
        "from: base\ncontainer:\n  ports: [99999/tcp]\n", 3, "\"99999/tcp\" is not a port", null);
    refused(
        "from: base\ncontainer:\n  ports:\n    - 80\n    - 80/tcp\n",
        5,
        "80/tcp stands twice under ports",
        null);
  }

  @Test
  void badDiskSizes() {
    refused(
        "from: base\nhardware:\n  disk: 2049GiB\n",
        3,
        "\"2049GiB\" is not the size of a disk in whole GiB, 2048GiB at most",
        "write it like 10GiB");
  }

  @Test
  void badFileNames() throws Exception {
    Files.writeString(images.resolve("Web.yaml"), "from: base\n");
    assertThrows(RecipeException.class, () -> RecipeBook.load(images));
    Files.delete(images.resolve("Web.yaml"));
    Files.writeString(images.resolve("web.yml"), "from: base\n");
    BakeException e = assertThrows(RecipeException.class, () -> RecipeBook.load(images));
    assertEquals("rename it to web.yaml", e.remedy());
    assertThrows(HostException.class, () -> RecipeBook.load(project.resolve("nowhere")));
  }
}
