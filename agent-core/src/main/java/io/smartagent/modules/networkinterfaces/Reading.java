package io.smartagent.modules.networkinterfaces;

import io.smartagent.kernel.ErrnoException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What one look at all namespaces has found; filled by one thread. */
final class Reading {

  /**
   * The interfaces of a namespace.
   *
   * @param interfaces in the order of their indexes, no more than the bound
   */
  record Interfaces(NetworkNamespace namespace, List<NetworkInterface> interfaces) {}

  private final List<Interfaces> namespaces = new ArrayList<>();
  private final Set<Long> unreadable = new HashSet<>();
  private int interfaces;
  private int interfacesLeftOut;
  private int addressesLeftOut;
  private int failures;
  private String lastFailure = "";

  /**
   * Adds a namespace's interfaces, as far as there is room for them.
   *
   * @param more how many of them were left out already
   */
  void add(NetworkNamespace namespace, List<NetworkInterface> found, int more) {
    int room = Math.min(Bounds.interfacesOf(namespace), Bounds.INTERFACES - interfaces);
    List<NetworkInterface> shown = found.subList(0, Math.max(0, Math.min(found.size(), room)));
    interfaces += shown.size();
    interfacesLeftOut += found.size() - shown.size() + more;
    namespaces.add(new Interfaces(namespace, List.copyOf(shown)));
  }

  /** Counts addresses that are not shown. */
  void leaveOutAddresses(int number) {
    addressesLeftOut += number;
  }

  /** Says that a namespace's process ended before it was read; others may be in it still. */
  void end(NetworkNamespace namespace) {
    unreadable.add(namespace.number());
  }

  /** Says that a namespace could not be read, and why. */
  void fail(NetworkNamespace namespace, ErrnoException why) {
    unreadable.add(namespace.number());
    failures++;
    lastFailure = String.valueOf(why.getMessage());
  }

  List<Interfaces> namespaces() {
    return namespaces;
  }

  /** Returns the numbers of the namespaces that could not be read, for whatever reason. */
  Set<Long> unreadable() {
    return unreadable;
  }

  int interfaces() {
    return interfaces;
  }

  int interfacesLeftOut() {
    return interfacesLeftOut;
  }

  int addressesLeftOut() {
    return addressesLeftOut;
  }

  /** Returns how many namespaces could not be read although their process was there. */
  int failures() {
    return failures;
  }

  String lastFailure() {
    return lastFailure;
  }
}
