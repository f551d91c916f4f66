/**
 * The cluster's credentials, as the earlier chapters of <em>Kubernetes the Hard Way</em> make them:
 * a CA, the certificates it signs, kubeconfigs, and the key that encrypts Secrets at rest.
 *
 * <pre>
 *   CredentialRequest ─► Issuance ─► CredentialFile → bytes ─► Staging ─► a directory
 *                           │                                                 │
 *                       Authority (signs)            Inventory ◄─ Inspector ◄─┘
 * </pre>
 *
 * Nothing of this ever goes into an image: a machine receives its files when it boots. A set of
 * files changes as a whole or not at all, which {@link io.hardbake.credentials.Staging} sees to.
 * Time and randomness come from the caller; Bouncy Castle writes the structures, the JDK's own
 * providers do the arithmetic, and no provider is registered for the process.
 */
@NullMarked
package io.hardbake.credentials;

import org.jspecify.annotations.NullMarked;
