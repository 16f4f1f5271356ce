package io.smartagent.launch;

/** Where the host's root is while it becomes the root. */
final class HostView {

  private String root;
  private String rootOfOthers;

  /**
   * @param mountPoint of the host's root
   */
  HostView(String mountPoint) {
    this.root = mountPoint;
    this.rootOfOthers = mountPoint;
  }

  /** Returns the prefix of a path of the host; empty once its root has been entered. */
  String root() {
    return root;
  }

  /**
   * Returns where the host's root is for the process's other threads: a chroot without unshare
   * moves them too.
   */
  String rootOfOthers() {
    return rootOfOthers;
  }

  /** From here on the launching thread uses the launcher's root instead of the host's. */
  void replacedBy(String minimalRoot) {
    root = minimalRoot;
  }

  /** From here on the host's root is the launching thread's. */
  void entered() {
    root = "";
  }

  /** From here on the host's root is every thread's. */
  void enteredByAllThreads() {
    rootOfOthers = "/";
  }
}
