/**
 * Where kube-apiserver, kube-controller-manager, kube-scheduler and kubectl come from.
 *
 * <pre>
 *   mirror  ─┐  server tarball, streamed, SHA-512 pinned
 *   release ─┴──────────────► ServerTarball ──┐
 *                                             ├─► BinaryPack in the store ─► KubernetesBinaries
 *   debian-source ─► build ─► four ELF files ─┘
 * </pre>
 *
 * A source gives binaries that were checked (digest of what they came from, ELF machine) or nothing
 * at all. What comes out is labelled with the version it really is, whatever was asked for. A
 * release is refused without a pinned digest; there is no switch that leaves the check out.
 */
@NullMarked
package io.hardbake.kubernetes;

import org.jspecify.annotations.NullMarked;
