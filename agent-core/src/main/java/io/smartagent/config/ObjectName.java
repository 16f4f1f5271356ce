package io.smartagent.config;

/** Names that Kubernetes gives objects. */
final class ObjectName {

  private static final int MAX_LENGTH = 253;

  private ObjectName() {}

  /** Returns whether {@code name} is a subdomain of DNS: RFC 1123, as Kubernetes reads it. */
  static boolean isSubdomain(String name) {
    if (name.length() > MAX_LENGTH) {
      return false;
    }
    for (String label : name.split("\\.", -1)) {
      if (label.isEmpty() || !isAlphanumeric(label.charAt(0))) {
        return false;
      }
      for (int i = 0; i < label.length(); i++) {
        if (!isAlphanumeric(label.charAt(i)) && label.charAt(i) != '-') {
          return false;
        }
      }
      if (label.endsWith("-")) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAlphanumeric(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
  }
}
