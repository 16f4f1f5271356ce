package io.smartagent.kernel.linux;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.PathText;
import java.util.List;

/**
 * Raw system calls by syscall(2). One function of libc, called through JNA's {@link Function}: on
 * the way to exec that costs a third of what a mapped interface or registered native methods cost.
 */
final class SystemCalls {

  static final int AT_FDCWD = -100;
  static final int AT_EMPTY_PATH = 0x1000;

  static {
    // Where nobody says where libraries are, JNA runs "ldconfig -p" to learn it: a fork of
    // a program that has every capability, for the sake of one function that the process has
    // already.
    if (System.getProperty("jna.platform.library.path") == null) {
      System.setProperty("jna.platform.library.path", "");
    }
  }

  private final Architecture architecture = Architecture.current();
  private final Function syscall = libc("syscall");

  Architecture architecture() {
    return architecture;
  }

  /**
   * Returns a function of the libc that this JVM runs on. Looked up among what is loaded: a search
   * by name would find the host's libc once the thread is in the host's root.
   */
  static Function libc(String name) {
    return NativeLibrary.getProcess().getFunction(name);
  }

  /**
   * Makes a system call, and makes it again where a signal has interrupted it, but for close(2):
   * that one has freed the number all the same, and it may be another file's by now.
   *
   * @param arguments {@link Integer}, {@link Long}, {@link Pointer}, {@link Descriptor} or {@link
   *     String}; text is passed as {@link PathText} has it and ends with NUL, and one with a NUL in
   *     it is EINVAL: the kernel would take another file for it
   * @return what the kernel returned, or the negative error number
   */
  long raw(SystemCall call, Object... arguments) {
    Object[] words = new Object[arguments.length + 1];
    words[0] = call.number(architecture);
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i] instanceof String text && text.indexOf('\0') >= 0) {
        return -Errno.EINVAL.number();
      }
      words[i + 1] = word(arguments[i]);
    }
    long result = call(call, words);
    for (int i = 0; i < arguments.length; i++) {
      // The kernel has read it; left to the collector, each would cost its cleaner a turn.
      if (arguments[i] instanceof String && words[i + 1] instanceof Memory text) {
        text.close();
      }
    }
    return result;
  }

  private long call(SystemCall call, Object[] words) {
    while (true) {
      long result = syscall.invokeLong(words);
      if (result != -1) {
        return result;
      }
      int errno = Native.getLastError();
      if (errno != Errno.EINTR.number() || call == SystemCall.CLOSE) {
        return -errno;
      }
    }
  }

  /**
   * Makes a system call that has to succeed.
   *
   * @param description the call as a person would write it
   * @throws ErrnoException with that description
   */
  long check(String description, SystemCall call, Object... arguments) throws ErrnoException {
    long result = raw(call, arguments);
    if (result < 0) {
      throw new ErrnoException(description, (int) -result);
    }
    return result;
  }

  /** Returns whether {@code result} of {@link #raw} is this error. */
  static boolean failedWith(long result, Errno errno) {
    return result == -errno.number();
  }

  /**
   * Every argument has to fill a register: libffi leaves the upper half of an int to chance. A
   * pattern switch would spin a class at run time.
   */
  private static Object word(Object argument) {
    if (argument instanceof Long || argument instanceof Pointer) {
      return argument;
    }
    if (argument instanceof Integer number) {
      return number.longValue();
    }
    if (argument instanceof Descriptor descriptor) {
      return (long) descriptor.number();
    }
    if (argument instanceof String text) {
      return text(text);
    }
    throw new IllegalArgumentException("no argument of a system call: " + argument);
  }

  /** Returns the bytes of {@code text}, as {@link PathText} has them, that end with NUL. */
  static Memory text(String text) {
    return text(PathText.bytes(text));
  }

  /** Returns {@code bytes} and a NUL. */
  static Memory text(byte[] bytes) {
    Memory memory = new Memory(bytes.length + 1L);
    memory.write(0, bytes, 0, bytes.length);
    memory.setByte(bytes.length, (byte) 0);
    return memory;
  }

  /**
   * Returns pointers to {@code strings} and a null pointer, as execve(2) takes them. They do not
   * keep the strings: the caller has to, until the kernel has read them.
   */
  static Memory pointers(List<Memory> strings) {
    Memory memory = new Memory((long) Native.POINTER_SIZE * (strings.size() + 1));
    for (int i = 0; i < strings.size(); i++) {
      memory.setPointer((long) Native.POINTER_SIZE * i, strings.get(i));
    }
    memory.setPointer((long) Native.POINTER_SIZE * strings.size(), Pointer.NULL);
    return memory;
  }

  /** Returns {@code size} zero bytes. */
  static Memory zeroed(long size) {
    Memory memory = new Memory(size);
    memory.clear();
    return memory;
  }

  /** Returns {@code text} in quotes, with what would break a line escaped. */
  static String quote(String text) {
    return PathText.quote(text);
  }
}
