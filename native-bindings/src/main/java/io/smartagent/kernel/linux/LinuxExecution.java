package io.smartagent.kernel.linux;

import static io.smartagent.kernel.linux.SystemCalls.quote;

import com.sun.jna.Memory;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.process.Execution;
import java.lang.ref.Reference;
import java.util.List;
import java.util.stream.Stream;

final class LinuxExecution implements Execution {

  private final SystemCalls calls;

  LinuxExecution(SystemCalls calls) {
    this.calls = calls;
  }

  @Override
  public void execute(String path, List<byte[]> arguments, List<byte[]> environment)
      throws ErrnoException {
    String description = "execve(" + quote(path) + ")";
    if (Stream.concat(arguments.stream(), environment.stream()).anyMatch(LinuxExecution::hasNul)) {
      throw new ErrnoException(description, Errno.EINVAL);
    }
    List<Memory> argumentTexts = arguments.stream().map(SystemCalls::text).toList();
    List<Memory> environmentTexts = environment.stream().map(SystemCalls::text).toList();
    try {
      calls.check(
          description,
          SystemCall.EXECVE,
          path,
          SystemCalls.pointers(argumentTexts),
          SystemCalls.pointers(environmentTexts));
    } finally {
      Reference.reachabilityFence(argumentTexts);
      Reference.reachabilityFence(environmentTexts);
    }
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
