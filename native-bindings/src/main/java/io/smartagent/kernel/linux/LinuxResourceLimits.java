package io.smartagent.kernel.linux;

import com.sun.jna.Memory;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.process.ResourceLimits;

final class LinuxResourceLimits implements ResourceLimits {

  private final SystemCalls calls;

  LinuxResourceLimits(SystemCalls calls) {
    this.calls = calls;
  }

  @Override
  public Limit get(Resource resource) throws ErrnoException {
    Memory limit = SystemCalls.zeroed(16);
    calls.check(
        "getrlimit(" + resource + ")", SystemCall.PRLIMIT64, 0, resource.number(), 0L, limit);
    return new Limit(limit.getLong(0), limit.getLong(8));
  }

  @Override
  public void set(Resource resource, Limit limit) throws ErrnoException {
    Memory value = new Memory(16);
    value.setLong(0, limit.soft());
    value.setLong(8, limit.hard());
    calls.check(
        "setrlimit(" + resource + ", " + limit.soft() + ", " + limit.hard() + ")",
        SystemCall.PRLIMIT64,
        0,
        resource.number(),
        value,
        0L);
  }
}
