package io.smartagent.module;

/**
 * Threads of the agent that keep no JVM alive: small, and with nothing of the thread that starts
 * them but its capabilities.
 */
public final class BackgroundThread {

  private BackgroundThread() {}

  /**
   * Returns what makes one.
   *
   * @param stackSize in bytes
   */
  public static Thread.Builder named(String name, long stackSize) {
    return Thread.ofPlatform()
        .name(name)
        .daemon()
        .stackSize(stackSize)
        .inheritInheritableThreadLocals(false);
  }
}
