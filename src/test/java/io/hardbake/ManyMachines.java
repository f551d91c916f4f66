package io.hardbake;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A test that runs a whole cluster in containers: never two of them at once, since each wants all
 * cores, and early, since it takes minutes in which it mostly waits.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ResourceLock("many machines")
@Order(1)
public @interface ManyMachines {}
