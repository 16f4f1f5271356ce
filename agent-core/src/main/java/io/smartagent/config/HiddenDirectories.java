package io.smartagent.config;

import java.util.Set;

/** What no agent is shown of the host's root, but in mode full: the kernel and root's home. */
public final class HiddenDirectories {

  private static final Set<String> NAMES = Set.of("boot", "root", "lost+found");

  private HiddenDirectories() {}

  /** Returns whether an entry of the root directory is one of them. */
  public static boolean contain(String name) {
    return NAMES.contains(name) || name.startsWith("initrd") || name.startsWith("vmlinuz");
  }

  /** Returns whether an absolute path is one of them, or below one. */
  public static boolean hold(String path) {
    int end = path.indexOf('/', 1);
    return contain(path.substring(1, end < 0 ? path.length() : end));
  }
}
