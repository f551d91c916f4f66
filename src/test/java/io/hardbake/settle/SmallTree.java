package io.hardbake.settle;

import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;

/** A tree without a package, on which a test tries one part of the engine. */
abstract class SmallTree {
  static final long EPOCH = 1_700_000_000L;
  static final Provenance TEST = Provenance.ofSettle("test");

  final FileTree.Builder tree = FileTree.builder(Meta.root(0755, EPOCH, TEST));
  final TreeEditor editor = new TreeEditor(tree, EPOCH, TEST);
  final Accounts accounts = new Accounts(IdTable.load(), EPOCH);

  String text(String path) {
    return Texts.required(tree, at(path));
  }

  String link(String path) {
    return ((Symlink) tree.get(at(path)).orElseThrow()).target();
  }

  static AbsolutePath at(String path) {
    return AbsolutePath.of(path);
  }
}
