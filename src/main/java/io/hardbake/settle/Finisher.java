package io.hardbake.settle;

/**
 * Rules in Java: effects that look at the whole tree or at what all packages registered. They run
 * once, after all other effects, in the order in which they stand here.
 */
enum Finisher {
  /** passwd: {@code shadowconfig on}. */
  SHADOW,
  /** debianutils: {@code update-shells}. */
  SHELLS,
  /** libpam-runtime: {@code pam-auth-update}. */
  PAM,
  /** ca-certificates: {@code update-ca-certificates}. */
  CA_CERTIFICATES,
  /** libc-bin: {@code ldconfig}. */
  LD_CACHE,
  /** linux-image-*: {@code linux-update-symlinks}. */
  KERNEL_LINKS
}
