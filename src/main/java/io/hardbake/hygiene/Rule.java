package io.hardbake.hygiene;

import io.hardbake.image.Finding;

/** A rule that every image keeps. Its number is for ever: a rule that is given up leaves a gap. */
public enum Rule {
  H01(
      "no machine-id",
      "machines with the same id get the same DHCP lease and mix up their journals",
      "empty /etc/machine-id; systemd fills it at first boot"),
  H02(
      "no ssh host key",
      "whoever has the image could pass for every machine made of it",
      "remove it; hardbake-hostkeys.service makes keys at first boot"),
  H03(
      "no random seed",
      "machines that start from one seed can have the same keys",
      "remove it; the kernel gathers its own"),
  H04(
      "no secret of systemd's credentials",
      "it opens what a machine sealed, and every machine would have the same one",
      "remove it; systemd makes one when it is needed"),
  H05(
      "no private key",
      "an image is copied and published; a key in it is a key that everybody has",
      "hand it over at boot, as docs/credentials.md says, and make the key anew"),
  H06(
      "no token",
      "an image is copied and published; a token in it lets everybody in",
      "hand it over at boot, as docs/credentials.md says, and revoke the token"),
  H07(
      "no authorized key",
      "whoever has the key gets into every machine made of the image",
      "hand keys over at boot, as docs/firstboot.md says; only a box has Vagrant's"),
  H08(
      "no password",
      "it opens every machine made of the image, and its hash can be worked back",
      "lock the account with * or !, and set a password at boot if there must be one"),
  H09(
      "no history",
      "what somebody typed is nobody else's business, and may name secrets",
      "remove it"),
  H10("no log", "it tells of a machine that is not this one", "remove the file or leave it empty"),
  H11(
      "no cache",
      "it takes room, grows stale, and makes bakes differ",
      "remove it; whoever needs it makes it again"),
  H12("no lease", "a machine would claim an address that was given to another", "remove it"),
  H13(
      "no host name",
      "machines of one image would all have it",
      "leave the name to the seed or to DHCP"),
  H14(
      "no state of a machine that ran",
      "a machine takes what it finds for its own, and skips its first boot",
      "remove it; an image is baked, not taken from a machine"),
  H15("setuid and setgid as allowed", "each one is a way to other rights", "take the bit away"),
  H16("capabilities as allowed", "each one is a way to other rights", "take the capability away"),
  H17(
      "writable for everybody as allowed",
      "anybody on the machine could change what others rely on",
      "take the right to write away"),
  H18(
      "every path has a provenance",
      "what comes from nowhere can be neither rebuilt nor judged",
      "bake it by a package, a template or a recipe"),
  H19(
      "packages' files as they were packaged",
      "what differs was changed after Debian signed it",
      "bake the image again; where a recipe changes the file, verify with its manifest"),
  H20(
      "every input is pinned",
      "an input without a digest can be another one tomorrow",
      "resolve anew with: make lock");

  private final String title;
  private final String reason;
  private final String remedy;

  Rule(String title, String reason, String remedy) {
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

  /** What to do where it is broken. */
  public String remedy() {
    return remedy;
  }

  /** Something that breaks this rule. */
  public Finding finding(String where, String problem) {
    return new Finding(name(), where, problem, remedy);
  }

  /** Something that breaks this rule unless somebody agrees to it, by this line of a list. */
  Finding unless(String where, String problem, String allowing) {
    return new Finding(
        name(),
        where,
        problem,
        remedy + "; if it has to be so, allow it by a file for --allow with the line: " + allowing);
  }
}
