package io.hardbake.cluster;

import java.time.Duration;

/** A part of the way from the command to a cluster that answers. */
public record Lap(String name, Duration time) {}
