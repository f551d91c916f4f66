/**
 * What a bake produces, before any format: the layers of a role with what a container and a machine
 * need besides; and, after it, what is told of the files that were written.
 *
 * <pre>
 *   Image ─► oci, disk, box ─► Artifact ─► Ledger
 * </pre>
 */
@NullMarked
package io.hardbake.image;

import org.jspecify.annotations.NullMarked;
