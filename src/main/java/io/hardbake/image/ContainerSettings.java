package io.hardbake.image;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a container engine runs an image (OCI image-spec, config.md).
 *
 * @param command what is started as PID 1
 * @param environment variables of PID 1
 * @param exposedPorts such as {@code 6443/tcp}
 * @param stopSignal by name, such as {@code SIGRTMIN+3}
 * @param labels the image's labels
 */
public record ContainerSettings(
    List<String> command,
    SortedMap<String, String> environment,
    SortedSet<String> exposedPorts,
    String stopSignal,
    SortedMap<String, String> labels) {

  public ContainerSettings {
    command = List.copyOf(command);
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    exposedPorts = Collections.unmodifiableSortedSet(new TreeSet<>(exposedPorts));
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }
}
