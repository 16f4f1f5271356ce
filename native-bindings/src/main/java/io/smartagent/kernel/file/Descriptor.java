package io.smartagent.kernel.file;

import io.smartagent.kernel.process.Descriptors;

/** An open file descriptor that closes itself. Always close-on-exec. */
public final class Descriptor implements AutoCloseable {

  private final int number;
  private final Descriptors table;
  private boolean open = true;

  /**
   * @param number what the kernel returned
   * @param table where it is closed
   */
  public Descriptor(int number, Descriptors table) {
    this.number = number;
    this.table = table;
  }

  /** Returns the number in the process's table. */
  public int number() {
    return number;
  }

  /** Closes the descriptor; does nothing the second time. */
  @Override
  public void close() {
    if (open) {
      open = false;
      table.close(number);
    }
  }

  @Override
  public String toString() {
    return "fd " + number;
  }
}
