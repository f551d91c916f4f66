package io.hardbake.settle;

/** The numbers of a user and a group. */
record Owner(int uid, int gid) {
  static final Owner ROOT = new Owner(0, 0);
}
