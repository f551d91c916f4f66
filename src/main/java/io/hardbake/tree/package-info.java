/**
 * The one file-tree model that every emitter reads.
 *
 * <pre>
 *   Entry (Directory | RegularFile | Symlink | HardLink | Device), each with Meta: mode, owner, time, xattrs, Provenance
 *   Layer     a set of paths to add and paths to remove, as an OCI layer is one
 *   FileTree  frozen result of stacking layers; Layer = upper.minus(lower)
 * </pre>
 *
 * No file body lives in the model: {@link io.hardbake.tree.Content} knows its size and digest and
 * opens lazily.
 */
@NullMarked
package io.hardbake.tree;

import org.jspecify.annotations.NullMarked;
