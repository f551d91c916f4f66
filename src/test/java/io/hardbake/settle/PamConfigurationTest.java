package io.hardbake.settle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link MaintainerToolsIT} compares with the real pam-auth-update. */
class PamConfigurationTest {
  private static final String TEMPLATE =
      """
      # here are the per-package modules (the "Primary" block)
      $primary
      # here's the fallback if no module succeeds
      fallback
      # and here are more per-package modules (the "Additional" block)
      $additional
      # end of pam-auth-update config
      """;

  private final FileTree.Builder tree =
      FileTree.builder(Meta.root(0755, 0, Provenance.ofRecipe("test")));
  private final TreeEditor editor = new TreeEditor(tree, 0, Provenance.ofSettle("test"));

  @BeforeEach
  void layTemplates() {
    for (PamStack stack : PamStack.values()) {
      editor.write(AbsolutePath.of("/usr/share/pam/common-" + stack.file()), TEMPLATE);
    }
  }

  @Test
  void jumpsPassTheModulesThatFollow() throws IOException {
    profile(
        "low",
        """
        Name: Low
        Default: yes
        Priority: 1
        Auth-Type: Primary
        Auth:
        \t[success=end default=ignore]\tlow.so use_first_pass
        Auth-Initial:
        \t[success=end default=ignore]\tlow.so
        """);
    profile(
        "high",
        """
        Name: High
        Default: yes
        Priority: 2
        Auth-Type: Primary
        Auth:
        \t[success=end default=ignore]\thigh.so use_first_pass
        Auth-Initial:
        \t[success=end default=ignore]\thigh.so
        Session-Type: Additional
        Session-Interactive-Only: yes
        Session:
        \toptional high.so
        """);
    profile("off", "Name: Off\nDefault: no\nPriority: 3\n");
    PamConfiguration.write(editor);

    assertEquals(
        """
        # here are the per-package modules (the "Primary" block)
        auth\t[success=2 default=ignore]\thigh.so\s
        auth\t[success=1 default=ignore]\tlow.so use_first_pass
        # here's the fallback if no module succeeds
        fallback
        # and here are more per-package modules (the "Additional" block)
        # end of pam-auth-update config
        """,
        text("/etc/pam.d/common-auth"));
    assertEquals(
        """
        Module: high
        [success=end default=ignore]\thigh.so
        Module: low
        [success=end default=ignore]\tlow.so use_first_pass
        """,
        text("/var/lib/pam/auth"));
    String none = "Module: null\n[default=1]\t\t\tpam_permit.so\n";
    assertEquals(none + "Module: high\noptional high.so\n", text("/var/lib/pam/session"));
    assertEquals(none, text("/var/lib/pam/session-noninteractive"));
    assertEquals("off\nhigh\nlow\n", text("/var/lib/pam/seen"));
  }

  @Test
  void withoutAnyProfileNobodyCouldLogIn() {
    assertThrows(IllegalStateException.class, () -> PamConfiguration.write(editor));
  }

  private void profile(String name, String text) {
    editor.write(AbsolutePath.of("/usr/share/pam-configs/" + name), text);
  }

  private String text(String path) throws IOException {
    return tree.file(AbsolutePath.of(path)).orElseThrow().content().text();
  }
}
