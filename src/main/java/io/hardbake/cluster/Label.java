package io.hardbake.cluster;

/** The engine's labels by which we know our own. */
final class Label {
  /** On everything of ours: the cluster's name. Nothing without it is ever touched. */
  static final String CLUSTER = "io.hardbake.cluster";

  /** On the network: how many controllers the cluster has. */
  static final String CONTROLLERS = "io.hardbake.controllers";

  /** On machines: the host name. */
  static final String MACHINE = "io.hardbake.machine";

  /** On machines: the digest of the image's configuration, whatever the engine calls the image. */
  static final String IMAGE = "io.hardbake.image";

  /** On machines: the digest of the ca.pem that the cluster was made with. */
  static final String CA = "io.hardbake.ca";

  /** On the load balancer, and on the network, which outlives it: the API's port on the host. */
  static final String PORT = "io.hardbake.port";

  private Label() {}
}
