package io.smartagent.kernel.linux;

import com.sun.jna.Memory;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;

/** What posix_spawn(3) does in the child before the execve. */
final class SpawnAttributes implements AutoCloseable {

  /** Larger than glibc's and musl's structures, which have 80 and 336 bytes. */
  private static final long SIZE = 1024;

  private static final int SIGSET_SIZE = 128;
  private static final byte ALL = (byte) 0xff;

  private static final short POSIX_SPAWN_SETSIGDEF = 0x04;
  private static final short POSIX_SPAWN_SETSIGMASK = 0x08;
  private static final short POSIX_SPAWN_SETSID = 0x80;

  private final Memory actions = SystemCalls.zeroed(SIZE);
  private final Memory attributes = SystemCalls.zeroed(SIZE);
  private short flags;

  SpawnAttributes() throws ErrnoException {
    call("posix_spawn_file_actions_init", actions);
    call("posix_spawnattr_init", attributes);
  }

  Memory actions() {
    return actions;
  }

  Memory attributes() {
    return attributes;
  }

  /** The child has {@code descriptor} as {@code number}. */
  void duplicate(Descriptor descriptor, int number) throws ErrnoException {
    call("posix_spawn_file_actions_adddup2", actions, descriptor.number(), number);
  }

  /** The child has no descriptor from {@code number} on: glibc 2.34. */
  void closeFrom(int number) throws ErrnoException {
    call("posix_spawn_file_actions_addclosefrom_np", actions, number);
  }

  /** The child leads a session: glibc 2.26. */
  void newSession() throws ErrnoException {
    add(POSIX_SPAWN_SETSID);
  }

  /** No signal is blocked and none ignored. */
  void resetSignals() throws ErrnoException {
    Memory none = SystemCalls.zeroed(SIGSET_SIZE);
    call("posix_spawnattr_setsigmask", attributes, none);
    Memory all = new Memory(SIGSET_SIZE);
    all.setMemory(0, SIGSET_SIZE, ALL);
    call("posix_spawnattr_setsigdefault", attributes, all);
    add((short) (POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
  }

  private void add(short more) throws ErrnoException {
    flags |= more;
    call("posix_spawnattr_setflags", attributes, (int) flags);
  }

  private static void call(String function, Object... arguments) throws ErrnoException {
    int error = SystemCalls.libc(function).invokeInt(arguments);
    if (error != 0) {
      throw new ErrnoException(function + "()", error);
    }
  }

  @Override
  public void close() {
    SystemCalls.libc("posix_spawn_file_actions_destroy").invokeInt(new Object[] {actions});
    SystemCalls.libc("posix_spawnattr_destroy").invokeInt(new Object[] {attributes});
  }
}
