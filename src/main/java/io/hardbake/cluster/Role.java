package io.hardbake.cluster;

import java.util.List;

/** What a machine of the cluster is for. */
public enum Role {
  CONTROLLER("controller", "etcd kube-apiserver kube-controller-manager kube-scheduler nginx"),
  LOAD_BALANCER("loadbalancer", "haproxy");

  private final String recipe;
  private final String services;

  Role(String recipe, String services) {
    this.recipe = recipe;
    this.services = services;
  }

  /** The name of the recipe whose image it boots. */
  public String recipe() {
    return recipe;
  }

  /** The units that do its work. */
  List<String> services() {
    return List.of(services.split(" ", -1));
  }
}
