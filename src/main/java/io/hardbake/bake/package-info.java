/**
 * The pipeline, from recipes to files under their final names.
 *
 * <pre>
 *   RecipeBook ─LockResolver─► Lock ─PackageSupply─► UnpackedPackages ─┐
 *                               └───KubernetesSources─► binaries ──────┼─ImageAssembler──► Image ─► Outputs
 *                                             RecipeBook ─Templates────┘  MachineAssembler ─► Machine ┘
 * </pre>
 *
 * {@link io.hardbake.bake.Baker} runs it, in parallel where it can; {@link io.hardbake.bake.Plan}
 * says what it would do. After fetching, everything is offline, and the bytes depend on the lock,
 * the recipes and the templates alone.
 */
@NullMarked
package io.hardbake.bake;

import org.jspecify.annotations.NullMarked;
