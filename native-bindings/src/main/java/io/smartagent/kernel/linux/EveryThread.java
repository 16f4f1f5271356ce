package io.smartagent.kernel.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes every other thread of this process call something, whatever it does at that moment: a
 * signal whose handler is a few instructions of machine code. This is what glibc does for
 * setuid(2), nptl(7), and what libpsx does for capset(2); a JVM's compiler and collector threads
 * cannot be reached in another way.
 */
final class EveryThread {

  /** A real-time signal that neither glibc (32, 33) nor HotSpot uses. */
  private static final int SIGNAL = 62;

  private static final int SA_SIGINFO = 4;
  private static final int SA_ONSTACK = 0x08000000;
  private static final int SA_RESTART = 0x10000000;
  private static final long SIG_IGN = 1;

  /**
   * glibc's struct sigaction, the same on both architectures: handler, 128 bytes of mask, flags.
   */
  private static final int SIGACTION_SIZE = 152;

  private static final int SIGACTION_FLAGS = 136;

  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int PROT_EXEC = 4;
  private static final int MAP_PRIVATE = 2;
  private static final int MAP_ANONYMOUS = 0x20;

  /** At least a page, however large the kernel's pages are: 64 KiB on some aarch64. */
  private static final long PAGE = 65536;

  private static final long FIRST_ARGUMENT = 64;
  private static final long SECOND_ARGUMENT = 128;

  /**
   * How long nothing may happen: on a busy machine one look at every thread can take seconds, which
   * says nothing of the threads.
   */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

  private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(200);

  private final SystemCalls calls;
  private final LinuxFilesystem filesystem;

  EveryThread(SystemCalls calls, LinuxFilesystem filesystem) {
    this.calls = calls;
    this.filesystem = filesystem;
  }

  /**
   * Makes every other thread make one system call, and waits until those that had capabilities have
   * none.
   *
   * @param first what the call's first argument points to
   * @param second what the call's second argument points to
   * @throws ErrnoException ETIMEDOUT where a thread does not take the signal
   */
  void call(SystemCall call, byte[] first, byte[] second) throws ErrnoException {
    long handler = handlerThatCalls(call, first, second);
    setHandler(handler, SA_SIGINFO | SA_ONSTACK | SA_RESTART);
    try {
      signalUntilNoneHasCapabilities();
    } finally {
      // Ignoring it discards what may still be pending.
      setHandler(SIG_IGN, 0);
    }
  }

  /**
   * Returns the address of the handler's code. It is never unmapped, and its arguments stay beside
   * it: a thread that has made the call may not have returned from the handler yet, and nothing
   * tells when it has.
   */
  private long handlerThatCalls(SystemCall call, byte[] first, byte[] second)
      throws ErrnoException {
    long page =
        calls.check(
            "mmap(code)",
            SystemCall.MMAP,
            0,
            PAGE,
            PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS,
            -1,
            0);
    byte[] code =
        calls
            .architecture()
            .systemCallWithTwoPointers(
                call.number(calls.architecture()), page + FIRST_ARGUMENT, page + SECOND_ARGUMENT);
    Pointer memory = new Pointer(page);
    memory.write(0, code, 0, code.length);
    memory.write(FIRST_ARGUMENT, first, 0, first.length);
    memory.write(SECOND_ARGUMENT, second, 0, second.length);
    try {
      calls.check("mprotect(code)", SystemCall.MPROTECT, page, PAGE, PROT_READ | PROT_EXEC);
    } catch (ErrnoException e) {
      calls.raw(SystemCall.MUNMAP, page, PAGE);
      throw e;
    }
    return page;
  }

  /** Throws where a thread other than the calling one still has a capability. */
  void verifyWithoutCapabilities() throws ErrnoException {
    if (!othersWithCapabilities().isEmpty()) {
      throw new ErrnoException("capset(every thread)", Errno.ETIMEDOUT);
    }
  }

  /** Through glibc, which knows the restorer that the kernel wants on x86_64: sigreturn(2). */
  private static void setHandler(long handler, int flags) throws ErrnoException {
    try (Memory action = SystemCalls.zeroed(SIGACTION_SIZE)) {
      action.setLong(0, handler);
      action.setInt(SIGACTION_FLAGS, flags);
      Object[] arguments = {SIGNAL, action, Pointer.NULL};
      if (SystemCalls.libc("sigaction").invokeInt(arguments) != 0) {
        throw new ErrnoException("sigaction(" + SIGNAL + ")", Native.getLastError());
      }
    }
  }

  /** Threads that start meanwhile inherit from their creator, so one round may not be enough. */
  private void signalUntilNoneHasCapabilities() throws ErrnoException {
    long lastProgress = System.nanoTime();
    int fewest = Integer.MAX_VALUE;
    long process = calls.raw(SystemCall.GETPID);
    Set<Long> signalled = new HashSet<>();
    for (List<Long> threads = othersWithCapabilities();
        !threads.isEmpty();
        threads = othersWithCapabilities()) {
      for (long thread : threads) {
        // EAGAIN where the user's RLIMIT_SIGPENDING is used up: it is tried again.
        if (!signalled.contains(thread)
            && calls.raw(SystemCall.TGKILL, process, thread, SIGNAL) == 0) {
          signalled.add(thread);
          lastProgress = System.nanoTime();
        }
      }
      if (threads.size() < fewest) {
        fewest = threads.size();
        lastProgress = System.nanoTime();
      }
      if (System.nanoTime() - lastProgress > PATIENCE) {
        throw new ErrnoException("tgkill(" + threads + ", " + SIGNAL + ")", Errno.ETIMEDOUT);
      }
      LockSupport.parkNanos(PAUSE);
    }
  }

  /** Returns the ids of threads with capabilities in this process's own pid namespace. */
  private List<Long> othersWithCapabilities() throws ErrnoException {
    long self = calls.raw(SystemCall.GETTID);
    List<Long> threads = new ArrayList<>();
    for (String name : filesystem.list("/proc/self/task")) {
      idOfThreadWithCapabilities(name).stream().filter(id -> id != self).forEach(threads::add);
    }
    return threads;
  }

  /**
   * Inside the host's root, /proc is that of the host's pid namespace and numbers threads in its
   * way; the last number of NSpid is the one that tgkill(2) and gettid(2) know here.
   */
  private OptionalLong idOfThreadWithCapabilities(String name) throws ErrnoException {
    OptionalLong id = OptionalLong.of(Long.parseLong(name));
    boolean capable = false;
    for (String line : status(name).split("\n", -1)) {
      if (line.startsWith("NSpid:")) {
        id = OptionalLong.of(Long.parseLong(line.substring(line.lastIndexOf('\t') + 1)));
      } else if (line.startsWith("CapEff:") || line.startsWith("CapPrm:")) {
        capable |= !line.substring("CapEff:".length()).strip().matches("0+");
      }
    }
    return capable ? id : OptionalLong.empty();
  }

  /** Returns nothing for a thread that has ended: that one has no capabilities. */
  private String status(String thread) throws ErrnoException {
    try {
      byte[] status = filesystem.readAll("/proc/self/task/" + thread + "/status", 65536);
      return new String(status, StandardCharsets.ISO_8859_1);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ESRCH) {
        return "";
      }
      throw e;
    }
  }
}
