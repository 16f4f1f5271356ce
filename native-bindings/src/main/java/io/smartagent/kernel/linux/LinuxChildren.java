package io.smartagent.kernel.linux;

import static io.smartagent.kernel.linux.SystemCalls.quote;

import com.sun.jna.Memory;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.capability.Capabilities;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.process.Child;
import io.smartagent.kernel.process.Children;
import io.smartagent.kernel.security.AccessRight;
import io.smartagent.kernel.security.Landlock;
import java.lang.ref.Reference;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

final class LinuxChildren implements Children {

  private static final int O_CLOEXEC = 02000000;
  private static final int STANDARD_STREAMS = 3;

  /** Since Linux 5.19. */
  private static final int ABI_WITH_REFER = 2;

  private final SystemCalls calls;
  private final LinuxDescriptors descriptors;
  private final Capabilities capabilities;
  private final Landlock landlock;
  private final Filesystem filesystem;

  LinuxChildren(
      SystemCalls calls,
      LinuxDescriptors descriptors,
      Capabilities capabilities,
      Landlock landlock,
      Filesystem filesystem) {
    this.calls = calls;
    this.descriptors = descriptors;
    this.capabilities = capabilities;
    this.landlock = landlock;
    this.filesystem = filesystem;
  }

  @Override
  public Child start(
      String path, List<String> arguments, List<String> environment, CapabilitySet limit)
      throws ErrnoException {
    String description = "posix_spawn(" + quote(path) + ")";
    if (path.indexOf('\0') >= 0 || hasNul(arguments) || hasNul(environment)) {
      throw new ErrnoException(description, Errno.EINVAL);
    }
    // The end of an empty pipe that nobody writes to is at its end: a root need not have /dev/null.
    try (Pipe input = pipe()) {
      Pipe output = pipe();
      try (Descriptor writable = output.in()) {
        input.in().close();
        long pid =
            withLimitedCapabilities(
                limit,
                () -> spawn(description, path, arguments, environment, input.out(), writable));
        return new LinuxChild(calls, pid, output.out());
      } catch (ErrnoException | RuntimeException | Error e) {
        output.close();
        throw e;
      }
    }
  }

  private static boolean hasNul(List<String> texts) {
    return texts.stream().anyMatch(text -> text.indexOf('\0') >= 0);
  }

  /**
   * @param out where is read what was written
   * @param in where is written
   */
  private record Pipe(Descriptor out, Descriptor in) implements AutoCloseable {
    @Override
    public void close() {
      out.close();
      in.close();
    }
  }

  private Pipe pipe() throws ErrnoException {
    Memory numbers = SystemCalls.zeroed(2L * Integer.BYTES);
    calls.check("pipe2(O_CLOEXEC)", SystemCall.PIPE2, numbers, O_CLOEXEC);
    return new Pipe(
        new Descriptor(numbers.getInt(0), descriptors),
        new Descriptor(numbers.getInt(Integer.BYTES), descriptors));
  }

  /** Something that starts a process. */
  @FunctionalInterface
  private interface Start {
    long start() throws ErrnoException;
  }

  /**
   * A new thread has the credentials, the root and the namespaces of the one that starts it, and
   * what it gives up is given up by nobody else.
   */
  private long withLimitedCapabilities(CapabilitySet limit, Start start) throws ErrnoException {
    AtomicReference<@Nullable Long> pid = new AtomicReference<>();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform()
            .name("child")
            .unstarted(() -> {
              try {
                capabilities.setNoNewPrivileges();
                partFromOtherProcesses();
                capabilities.set(limit, limit, CapabilitySet.NONE);
                pid.set(start.start());
              } catch (ErrnoException | RuntimeException | Error e) {
                failure.set(e);
              }
            });
    thread.start();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure.get() instanceof ErrnoException refused) {
      throw refused;
    }
    Long started = pid.get();
    if (started == null) {
      throw new IllegalStateException(failure.get());
    }
    return started;
  }

  /**
   * Puts the calling thread into a Landlock domain, which denies it nothing but the processes
   * outside. In every domain a file may be moved to another directory only where that is allowed,
   * and the first version of Landlock cannot allow it: programs fail that do it, so it is left out
   * there.
   */
  private void partFromOtherProcesses() throws ErrnoException {
    try {
      if (landlock.abi() < ABI_WITH_REFER) {
        return;
      }
      Set<AccessRight> moves = EnumSet.of(AccessRight.REFER);
      try (Descriptor ruleset = landlock.createRuleset(moves);
          Descriptor root = filesystem.openDirectory("/")) {
        landlock.allowBeneath(ruleset, root, moves);
        landlock.restrictSelf(ruleset);
      }
    } catch (ErrnoException e) {
      // Too old, not enabled, hidden by seccomp, or in as many domains as there may be.
      if (!EnumSet.of(Errno.ENOSYS, Errno.EOPNOTSUPP, Errno.EPERM, Errno.E2BIG)
          .contains(e.errno())) {
        throw e;
      }
    }
  }

  private static long spawn(
      String description,
      String path,
      List<String> arguments,
      List<String> environment,
      Descriptor input,
      Descriptor output)
      throws ErrnoException {
    List<Memory> argumentTexts = arguments.stream().map(SystemCalls::text).toList();
    List<Memory> environmentTexts = environment.stream().map(SystemCalls::text).toList();
    Memory pid = SystemCalls.zeroed(Integer.BYTES);
    try (SpawnAttributes attributes = new SpawnAttributes()) {
      attributes.duplicate(input, 0);
      attributes.duplicate(output, 1);
      attributes.duplicate(output, 2);
      attributes.closeFrom(STANDARD_STREAMS);
      attributes.newSession();
      attributes.resetSignals();
      int error =
          SystemCalls.libc("posix_spawn")
              .invokeInt(
                  new Object[] {
                    pid,
                    SystemCalls.text(path),
                    attributes.actions(),
                    attributes.attributes(),
                    SystemCalls.pointers(argumentTexts),
                    SystemCalls.pointers(environmentTexts)
                  });
      if (error != 0) {
        throw new ErrnoException(description, error);
      }
    } finally {
      Reference.reachabilityFence(argumentTexts);
      Reference.reachabilityFence(environmentTexts);
    }
    return pid.getInt(0);
  }
}
