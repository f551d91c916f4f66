package io.hardbake.cluster;

/**
 * A machine of a cluster, as it is planned.
 *
 * @param name its host name: {@code controller-0}
 * @param address its IPv4 address in the cluster's network
 */
record Node(String name, Role role, String address) {}
