package io.hardbake.tree;

/**
 * What can stand under a path. The path itself belongs to the {@link Layer} or {@link FileTree}.
 */
public sealed interface Entry {
  Meta meta();

  /** The same entry with another meta. */
  Entry withMeta(Meta meta);

  <R> R accept(Visitor<R> visitor);

  /** Equal in type, attributes and body; provenance aside. */
  boolean sameAs(Entry other);

  record Directory(Meta meta) implements Entry {
    @Override
    public Directory withMeta(Meta newMeta) {
      return new Directory(newMeta);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.directory(this);
    }

    @Override
    public boolean sameAs(Entry other) {
      return other instanceof Directory that && meta.sameAs(that.meta);
    }
  }

  record RegularFile(Meta meta, Content content) implements Entry {
    @Override
    public RegularFile withMeta(Meta newMeta) {
      return new RegularFile(newMeta, content);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.regularFile(this);
    }

    @Override
    public boolean sameAs(Entry other) {
      return other instanceof RegularFile that
          && meta.sameAs(that.meta)
          && content.sha256().equals(that.content.sha256());
    }
  }

  /** {@code target} is the link's text, uninterpreted. */
  record Symlink(Meta meta, String target) implements Entry {
    public Symlink {
      if (target.isEmpty()) {
        throw new IllegalArgumentException("a symbolic link needs a target");
      }
    }

    @Override
    public Symlink withMeta(Meta newMeta) {
      return new Symlink(newMeta, target);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.symlink(this);
    }

    @Override
    public boolean sameAs(Entry other) {
      return other instanceof Symlink that && meta.sameAs(that.meta) && target.equals(that.target);
    }
  }

  /**
   * Another name of the regular file at {@code target}, whose attributes are the ones that count.
   */
  record HardLink(Meta meta, AbsolutePath target) implements Entry {
    @Override
    public HardLink withMeta(Meta newMeta) {
      return new HardLink(newMeta, target);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.hardLink(this);
    }

    @Override
    public boolean sameAs(Entry other) {
      return other instanceof HardLink that && target.equals(that.target);
    }
  }

  record Device(Meta meta, Kind kind, int major, int minor) implements Entry {
    /** The kinds of special file; a FIFO has no numbers. */
    public enum Kind {
      CHARACTER,
      BLOCK,
      FIFO
    }

    @Override
    public Device withMeta(Meta newMeta) {
      return new Device(newMeta, kind, major, minor);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.device(this);
    }

    @Override
    public boolean sameAs(Entry other) {
      return other instanceof Device that
          && meta.sameAs(that.meta)
          && kind == that.kind
          && major == that.major
          && minor == that.minor;
    }
  }

  /** One case for each kind of entry. */
  interface Visitor<R> {
    R directory(Directory directory);

    R regularFile(RegularFile file);

    R symlink(Symlink link);

    R hardLink(HardLink link);

    R device(Device device);
  }
}
