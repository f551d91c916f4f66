/**
 * What a bake produces, before any format: the layers of a role, the container's settings, and the
 * emitters that turn an image into files.
 *
 * <pre>
 *   Image ─► Emitter ─► Artifact ─► Wrapper ─► Artifact
 * </pre>
 */
@NullMarked
package io.hardbake.image;

import org.jspecify.annotations.NullMarked;
