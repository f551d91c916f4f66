package io.hardbake.verify;

import io.hardbake.failure.BakeException;
import io.hardbake.fuzz.InputFile;
import io.hardbake.image.Finding;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reports, SBOMs, catalogs and whatever else {@code verify} takes for a document: none is refused
 * but in the way that users see, and what is found wrong has a remedy.
 */
public final class DocumentFuzz {
  private static final InputFile FILE = new InputFile("bake.json");

  private DocumentFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Path file = FILE.holding(input);
    try {
      Documents.check(file, new Neighbours(file))
          .ifPresent(checked -> checked.findings().forEach(DocumentFuzz::requireRemedy));
    } catch (BakeException e) {
      // No document, or a damaged one.
    }
  }

  private static void requireRemedy(Finding finding) {
    if (finding.remedy().isEmpty()) {
      throw new AssertionError("a finding without a remedy: " + finding);
    }
  }
}
