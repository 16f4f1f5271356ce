package io.smartagent.kernel.linux;

import static io.smartagent.kernel.linux.SystemCalls.quote;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.process.Execution;
import java.util.List;

final class LinuxExecution implements Execution {

  private final SystemCalls calls;

  LinuxExecution(SystemCalls calls) {
    this.calls = calls;
  }

  @Override
  public void execute(String path, List<byte[]> arguments, List<byte[]> environment)
      throws ErrnoException {
    String description = "execve(" + quote(path) + ")";
    try (Memory argumentTexts = texts(description, arguments);
        Memory environmentTexts = texts(description, environment)) {
      calls.check(description, SystemCall.EXECVE, path, argumentTexts, environmentTexts);
    }
  }

  /** One block for them all, the pointers first: a block for each would take ten times as long. */
  private static Memory texts(String description, List<byte[]> texts) throws ErrnoException {
    long pointers = (long) Native.POINTER_SIZE * (texts.size() + 1);
    long size = pointers;
    for (byte[] text : texts) {
      if (hasNul(text)) {
        throw new ErrnoException(description, Errno.EINVAL);
      }
      size += text.length + 1L;
    }
    Memory block = SystemCalls.zeroed(size);
    long at = pointers;
    for (int i = 0; i < texts.size(); i++) {
      byte[] text = texts.get(i);
      block.write(at, text, 0, text.length);
      block.setLong((long) Native.POINTER_SIZE * i, Pointer.nativeValue(block) + at);
      at += text.length + 1L;
    }
    return block;
  }

  private static boolean hasNul(byte[] text) {
    for (byte b : text) {
      if (b == 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void setUmask(int mask) {
    calls.raw(SystemCall.UMASK, mask);
  }
}
