package io.smartagent.kernel.process;

/**
 * Real, effective and saved id of a thread: credentials(7).
 *
 * @param real who started it
 * @param effective who it acts as
 * @param saved whom it may become again
 */
public record UserIds(int real, int effective, int saved) {

  /** Returns whether all three are {@code id}. */
  public boolean all(int id) {
    return real == id && effective == id && saved == id;
  }
}
