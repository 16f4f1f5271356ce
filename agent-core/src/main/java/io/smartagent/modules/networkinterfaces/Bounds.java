package io.smartagent.modules.networkinterfaces;

/** How much of a host is shown; the rest is counted. */
final class Bounds {

  /** In all namespaces together. */
  static final int INTERFACES = 4000;

  /** In the host's namespace: each container of a bridge has one there. */
  static final int HOST_INTERFACES = 1024;

  /** In a container's namespace. */
  static final int CONTAINER_INTERFACES = 64;

  static final int ADDRESSES = 16;

  /** Each has a loopback at least. */
  static final int NAMESPACES = 2000;

  private Bounds() {}

  /** Returns how many interfaces of a namespace are shown. */
  static int interfacesOf(NetworkNamespace namespace) {
    return namespace.host() ? HOST_INTERFACES : CONTAINER_INTERFACES;
  }
}
