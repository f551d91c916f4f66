/**
 * Compiles Kubernetes from Debian's source package with Debian's Go, on a host that has neither:
 * both come through hardbake's own Debian client and are unpacked into a scratch directory. No
 * root, no system compiler.
 *
 * <pre>
 *   BuildInputs (from a signed index)
 *     ├─ orig.tar, debian.tar ─SourceTarball, PatchSeries─► GOPATH tree ─┐
 *     └─ golang, reflect2 .debs ─PackageFiles─► GoWorkspace ─────────────┴─go build─► four ELF files
 * </pre>
 *
 * Beside docker's credential helpers, which {@code push} asks, this is the one place where hardbake
 * starts another program, and that runs on the host for the host's own architecture; nothing of the
 * target runs. Equal inputs give equal bytes: paths are trimmed, the build date is the source's
 * own, and the environment is made from nothing.
 */
@NullMarked
package io.hardbake.kubernetes.build;

import org.jspecify.annotations.NullMarked;
