package io.smartagent.kernel.security;

import io.smartagent.kernel.ErrnoException;
import java.util.Optional;

/** What a seccomp filter, an LSM or lockdown has done to the calling thread. */
public interface SecurityState {

  /** Returns whether the calling thread's system calls are filtered: prctl(PR_GET_SECCOMP). */
  SeccompMode seccomp() throws ErrnoException;

  /**
   * Returns the LSM's label of the calling thread, such as {@code docker-default (enforce)} or an
   * SELinux context; empty where no LSM labels processes.
   */
  Optional<String> lsmLabel();

  /**
   * Returns the mode in brackets of /sys/kernel/security/lockdown; empty where it cannot be read.
   */
  Optional<String> lockdown();

  /** Returns the kernel's release, as uname -r prints it. */
  String release();

  /** Returns the machine, as uname -m prints it: {@code x86_64} or {@code aarch64}. */
  String machine();

  /**
   * Returns a sysctl's number, such as {@code kernel/dmesg_restrict}; empty where it is not there
   * or not a number.
   */
  Optional<Long> sysctl(String name);
}
