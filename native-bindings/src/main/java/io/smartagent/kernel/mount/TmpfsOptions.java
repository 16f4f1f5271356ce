package io.smartagent.kernel.mount;

/**
 * How large a tmpfs may grow, and who may write to its top: tmpfs(5).
 *
 * @param bytes the most that it holds
 * @param permissions of its top directory
 */
public record TmpfsOptions(long bytes, int permissions) {

  /** Returns the options as mount(2) takes them. */
  public String data() {
    return "size=" + bytes + ",mode=" + Integer.toOctalString(permissions);
  }
}
