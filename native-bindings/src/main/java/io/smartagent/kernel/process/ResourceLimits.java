package io.smartagent.kernel.process;

import io.smartagent.kernel.ErrnoException;

/** The process's resource limits: getrlimit(2). */
public interface ResourceLimits {

  /** What is limited; numbers of include/uapi/asm-generic/resource.h. */
  enum Resource {
    RLIMIT_CORE(4),
    RLIMIT_NOFILE(7),
    RLIMIT_MEMLOCK(8);

    private final int number;

    Resource(int number) {
      this.number = number;
    }

    /** Returns the number that prlimit(2) takes. */
    public int number() {
      return number;
    }
  }

  /**
   * A limit and how far it may be raised; -1 is RLIM_INFINITY.
   *
   * @param soft what is enforced
   * @param hard the most that soft can be set to without CAP_SYS_RESOURCE
   */
  record Limit(long soft, long hard) {}

  /** Returns the limit of {@code resource}. */
  Limit get(Resource resource) throws ErrnoException;

  /**
   * Sets the limit of {@code resource}.
   *
   * @throws ErrnoException EPERM where hard grows without CAP_SYS_RESOURCE
   */
  void set(Resource resource, Limit limit) throws ErrnoException;
}
