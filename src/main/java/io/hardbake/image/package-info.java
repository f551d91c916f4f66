/**
 * What a bake produces, before any format: the layers of a role, the container's settings, and the
 * emitters that turn an image into files.
 *
 * <pre>
 *   Image ─► Emitter ─► Artifact ─► Wrapper ─► Artifact
 * </pre>
 *
 * May be imported by every emitter and by {@code bake}; imports {@code tree}, {@code io} and {@code
 * failure}.
 */
@NullMarked
package io.hardbake.image;

import org.jspecify.annotations.NullMarked;
