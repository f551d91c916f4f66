/**
 * What a user writes in {@code images/}: YAML in, immutable values out, and every mistake reported
 * with its file, its line and what to do about it.
 *
 * <pre>
 *   base.yaml, controller.yaml ─YamlTree─► nodes with locations ─RecipeReader─► Recipe (one file)
 *   Recipe ◄─from─ Recipe ◄─from─ …                             ─RecipeBook───► Role (the chain)
 * </pre>
 *
 * A {@link io.hardbake.recipe.Recipe} says only what its own file says; a {@link
 * io.hardbake.recipe.Role} is the chain from the first ancestor down, and knows how the files
 * combine: lists add up, a path or a name that comes again replaces the ancestor's.
 *
 * <p>Which keys exist stands once, in {@code Section}; a test keeps {@code
 * images/recipe.schema.json}, which editors read, in step with it.
 */
@NullMarked
package io.hardbake.recipe;

import org.jspecify.annotations.NullMarked;
