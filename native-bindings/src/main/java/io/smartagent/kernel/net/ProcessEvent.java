package io.smartagent.kernel.net;

/**
 * Something that happened to a process: linux/cn_proc.h. Ids are those of the initial pid
 * namespace. What happens to a single thread is left out.
 */
public sealed interface ProcessEvent {

  /** Returns the process's id, which is that of its first thread. */
  int pid();

  /** Returns when it happened, in nanoseconds of CLOCK_MONOTONIC: clock_gettime(2). */
  long nanoseconds();

  /**
   * A new process, which still executes its parent's program.
   *
   * @param parent the id of the process that made it; with CLONE_PARENT that is not the maker but
   *     its parent
   */
  record Fork(int pid, int parent, long nanoseconds) implements ProcessEvent {}

  /** A process executes another program: execve(2). */
  record Exec(int pid, long nanoseconds) implements ProcessEvent {}

  /**
   * A process's first thread has ended, and with it nearly always the process: only a program whose
   * main thread calls pthread_exit(3) goes on.
   *
   * @param exitCode what it returned, 0 to 255; 0 where a signal ended it
   * @param signal that ended it; 0 where none did
   */
  record Exit(int pid, int exitCode, int signal, long nanoseconds) implements ProcessEvent {}
}
