package io.smartagent.kubernetes.audit;

import java.util.Comparator;

/**
 * Whose pods they are: the object at the top, such as a Deployment.
 *
 * @param namespace of it, empty where the manifest leaves it to kubectl
 * @param kind of it
 * @param name of it; what generateName says where it has none
 */
public record Owner(String namespace, String kind, String name) implements Comparable<Owner> {

  private static final Comparator<Owner> ORDER =
      Comparator.comparing(Owner::namespace).thenComparing(Owner::kind).thenComparing(Owner::name);

  @Override
  public int compareTo(Owner other) {
    return ORDER.compare(this, other);
  }

  /** Returns namespace, kind and name with slashes between them. */
  @Override
  public String toString() {
    return (namespace.isEmpty() ? "" : namespace + "/") + kind + "/" + name;
  }
}
