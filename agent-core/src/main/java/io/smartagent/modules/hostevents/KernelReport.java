package io.smartagent.modules.hostevents;

import io.smartagent.module.EventType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the kernel has said of one thing that went wrong. */
sealed interface KernelReport {

  /** Returns when the decisive line was written, in microseconds of the log's clock. */
  long microseconds();

  /**
   * A process that the kernel killed for want of memory.
   *
   * @param pid of the victim, in the host's namespace
   * @param process the victim's name (comm), 15 bytes at most
   * @param uid of the victim; null where this kernel does not say
   * @param scope what had run out of memory
   * @param exhausted the path of the memory cgroup that had reached its limit; null for the machine
   * @param memoryCgroup the path of the victim's memory cgroup; null if unknown
   * @param limitBytes the limit of the exhausted cgroup; null where none is known
   * @param totalVmBytes the victim's address space
   * @param anonRssBytes the victim's resident anonymous memory
   */
  record OomKill(
      long microseconds,
      int pid,
      String process,
      @Nullable Long uid,
      OomScope scope,
      @Nullable String exhausted,
      @Nullable String memoryCgroup,
      @Nullable Long limitBytes,
      long totalVmBytes,
      long anonRssBytes)
      implements KernelReport {}

  /**
   * A task that has not run for too long while it waited in the kernel.
   *
   * @param pid the task's id (a thread's), in the host's namespace
   * @param process the task's name (comm)
   * @param blockedSeconds for how long, at least
   * @param inIoWait whether it waits for input or output, as far as this kernel says
   * @param blocker what the kernel says of who is likely to hold the lock; null where it says
   *     nothing
   * @param kernelStack where it waits, the innermost frame first; empty where the log has no trace
   */
  record HungTask(
      long microseconds,
      int pid,
      String process,
      long blockedSeconds,
      boolean inIoWait,
      @Nullable Blocker blocker,
      List<String> kernelStack)
      implements KernelReport {

    /** Copies the frames. */
    public HungTask {
      kernelStack = List.copyOf(kernelStack);
    }

    HungTask with(Blocker other) {
      return new HungTask(microseconds, pid, process, blockedSeconds, inIoWait, other, kernelStack);
    }

    HungTask with(List<String> frames) {
      return new HungTask(microseconds, pid, process, blockedSeconds, inIoWait, blocker, frames);
    }
  }

  /** Who is likely to hold the lock that a hung task waits for. */
  record Blocker(int pid, String process, String lock) {}

  /**
   * What has happened to a file system or to the device below it.
   *
   * @param type the event's: {@code HostEventTypes}
   * @param filesystem its kind, such as {@code ext4}; null if the device's driver reports it
   * @param device the block device's name, such as {@code sda1}
   * @param process the name of the task that met it; null if unknown
   * @param message the kernel's own sentence
   */
  record FilesystemFault(
      long microseconds,
      EventType type,
      @Nullable String filesystem,
      String device,
      @Nullable String process,
      String message)
      implements KernelReport {}

  /**
   * Anything else.
   *
   * @param type the event's: {@code HostEventTypes}
   * @param subject what it happened to, such as a processor, an interface or a function of the
   *     kernel; null where there is nothing to name
   * @param pid of the task that ran then; null if unknown
   * @param process its name; null if unknown
   * @param message the kernel's own sentence
   * @param kernelStack of the task that ran then, the innermost frame first; empty where the log
   *     has none
   */
  record Problem(
      long microseconds,
      EventType type,
      @Nullable String subject,
      @Nullable Integer pid,
      @Nullable String process,
      String message,
      List<String> kernelStack)
      implements KernelReport {

    /** Copies the frames. */
    public Problem {
      kernelStack = List.copyOf(kernelStack);
    }
  }
}
