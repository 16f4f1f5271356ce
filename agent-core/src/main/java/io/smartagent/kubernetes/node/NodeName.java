package io.smartagent.kubernetes.node;

import java.util.regex.Pattern;

/** Names that a Node can have: DNS subdomains of RFC 1123, as the API server checks them. */
public final class NodeName {

  private static final int MAX_LENGTH = 253;
  private static final String LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?";
  private static final Pattern NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*");

  private NodeName() {}

  /** Returns whether a Node can be called so. */
  public static boolean isValid(String name) {
    return name.length() <= MAX_LENGTH && NAME.matcher(name).matches();
  }
}
