package io.hardbake.settle;

import io.hardbake.debian.Paragraph;
import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.debian.unpack.UnpackedPackage.Member;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A small package, made by hand. */
final class PackageBuilder {
  /** When its files were last changed. */
  static final long MTIME = 1_600_000_000L;

  private final Map<String, String> control = new LinkedHashMap<>();
  private final SortedMap<String, Content> controlFiles = new TreeMap<>();
  private final List<Member> members = new ArrayList<>();

  private PackageBuilder() {}

  static PackageBuilder named(String name) {
    PackageBuilder builder = new PackageBuilder();
    builder
        .field("Package", name)
        .field("Version", "1.0-1")
        .field("Architecture", "amd64")
        .field("Maintainer", "Nobody <nobody@example.org>")
        .field("Description", "a package of the tests");
    builder.members.add(new Member(AbsolutePath.ROOT, new Directory(builder.meta(0755))));
    return builder;
  }

  PackageBuilder field(String name, String value) {
    control.put(name, value);
    return this;
  }

  /** A member of the control archive. */
  PackageBuilder control(String name, String text) {
    controlFiles.put(name, Content.of(text));
    return this;
  }

  PackageBuilder postinst(String... lines) {
    return control("postinst", "#!/bin/sh\nset -e\n" + String.join("\n", lines) + "\n");
  }

  PackageBuilder directory(String path, int mode) {
    return member(path, new Directory(meta(mode)));
  }

  PackageBuilder file(String path, String text) {
    return file(path, 0644, text);
  }

  PackageBuilder file(String path, int mode, String text) {
    return member(path, new RegularFile(meta(mode), Content.of(text)));
  }

  PackageBuilder symlink(String path, String target) {
    return member(path, new Symlink(meta(0777), target));
  }

  PackageBuilder hardLink(String path, String target) {
    return member(path, new HardLink(meta(0644), AbsolutePath.of(target)));
  }

  PackageBuilder member(String path, Entry entry) {
    members.add(new Member(AbsolutePath.of(path), entry));
    return this;
  }

  UnpackedPackage build() {
    return new UnpackedPackage(new Paragraph(control), controlFiles, members);
  }

  private Meta meta(int mode) {
    return Meta.root(mode, MTIME, Provenance.ofPackage(control.getOrDefault("Package", "?"), "1"));
  }
}
