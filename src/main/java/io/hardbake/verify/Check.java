package io.hardbake.verify;

import io.hardbake.image.Finding;

/** What a file is checked for, beside the rules of {@code hygiene}. Numbers are for ever. */
public enum Check {
  V01(
      "the file is whole",
      "a copy that was cut or changed starts machines that fail later, and elsewhere",
      "copy or bake the file anew"),
  V02(
      "the disk's format is sound",
      "a hypervisor may read something else than what was written",
      "copy or bake the disk anew"),
  V03(
      "partition table: CRCs and layout",
      "firmware that finds a damaged table starts nothing, or mends it by guessing",
      "copy or bake the disk anew"),
  V04(
      "ext4: checksums and structure",
      "the kernel mounts a file system that has errors read-only, or not at all",
      "copy or bake the disk anew"),
  V05(
      "EFI system partition: structure",
      "firmware that cannot read it starts nothing",
      "copy or bake the disk anew"),
  V06(
      "every path is as the manifest says",
      "what is in an image has to be what was baked",
      "bake the image again, or verify it with the manifest that belongs to it"),
  V07(
      "packages and programs are as the SBOM says",
      "whoever looks for vulnerable packages looks there",
      "bake the image again, or verify it with the SBOM that belongs to it"),
  V08(
      "the digest is the one that is recorded",
      "bake.json, the catalog of boxes and provenance statements name the file by it",
      "copy the file anew, or bake again so that file and record belong together"),
  V09(
      "a document has the form that hardbake writes",
      "what was edited by hand or merged says something else than what was baked",
      "bake again, or restore it from where it came"),
  V10(
      "a statement that the given key signed names the file",
      "whoever can change a file can change all that lies beside it, but for a signature",
      "do not use the file, unless somebody else whom you trust signed it; bake with --sign-key to sign");

  private final String title;
  private final String reason;
  private final String remedy;

  Check(String title, String reason, String remedy) {
    this.title = title;
    this.reason = reason;
    this.remedy = remedy;
  }

  /** What it asks for, in a few words. */
  public String title() {
    return title;
  }

  /** Why. */
  public String reason() {
    return reason;
  }

  /** What to do where it fails. */
  public String remedy() {
    return remedy;
  }

  /** Something that fails this check. */
  Finding finding(String where, String problem) {
    return new Finding(name(), where, problem, remedy);
  }

  /** Damage that was found while reading, under the number it has here. */
  static Finding of(Finding damage) {
    String rule = damage.rule();
    Check check =
        rule.startsWith("gpt") || rule.equals("partition") || rule.equals("boot-sector")
            ? V03
            : rule.startsWith("ext4")
                ? V04
                : rule.startsWith("fat")
                    ? V05
                    : rule.startsWith("qcow2") || rule.startsWith("vmdk") ? V02 : V01;
    return new Finding(
        check.name(), damage.where(), damage.problem() + " (" + rule + ")", damage.remedy());
  }
}
