/**
 * FreeMarker, held strictly: what is undefined is an error with its place, nothing of the host
 * shows through, and the same template and model give the same bytes everywhere.
 *
 * <pre>
 *   templates/NAME.ftl + Role.model() ─Templates─► Content
 * </pre>
 *
 * Files are filled in at two moments. What recipe and lock know is filled in here, at bake time,
 * and everything of FreeMarker is in square brackets: {@code [=podCidr]}, {@code [#if …]}. What
 * only the machine knows is filled in at boot, by systemd, haproxy or a shell, and keeps their own
 * {@code ${INTERNAL_IP}}. So a template shows which moment a value belongs to, and neither has to
 * be escaped from the other, but for what begins with one of {@code [=}, {@code [#}, {@code [@},
 * {@code [/#} and {@code [/@} in the other's language, as {@code ${names[@]}} of bash does: that is
 * written {@code [#noparse]${names[@]}[/#noparse]}.
 */
@NullMarked
package io.hardbake.template;

import org.jspecify.annotations.NullMarked;
