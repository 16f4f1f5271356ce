package io.smartagent.kernel.security;

/** Whether the thread's system calls are filtered: seccomp(2). */
public enum SeccompMode {
  DISABLED,
  STRICT,
  FILTER
}
