package io.smartagent.kernel;

/**
 * A system call that failed, with its subject and flags by name, as in {@code
 * mount("/mnt/root/boot", MS_REMOUNT|MS_BIND|MS_RDONLY): EACCES (Permission denied)}.
 */
public final class ErrnoException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String call;
  private final Errno errno;
  private final int number;

  /**
   * @param call the call as a person would write it: name, subject in quotes, flags by name
   * @param number the error number, positive
   */
  public ErrnoException(String call, int number) {
    super();
    this.call = call;
    this.errno = Errno.of(number);
    this.number = number;
  }

  /**
   * @param call the call as a person would write it: name, subject in quotes, flags by name
   * @param errno why it failed
   */
  public ErrnoException(String call, Errno errno) {
    this(call, errno.number());
  }

  /** Returns call and error by name. */
  @Override
  public String getMessage() {
    return call + ": " + describe(number);
  }

  /** Returns the call as a person would write it. */
  public String call() {
    return call;
  }

  /** Returns why it failed. */
  public Errno errno() {
    return errno;
  }

  /** Returns the error number, positive, also where {@link Errno} has no name for it. */
  public int number() {
    return number;
  }

  private static String describe(int number) {
    Errno errno = Errno.of(number);
    return errno == Errno.UNNAMED ? "errno " + number : errno.name() + " (" + errno.text() + ")";
  }
}
