package io.smartagent.kernel.linux;

import static io.smartagent.kernel.linux.SystemCalls.AT_FDCWD;
import static io.smartagent.kernel.linux.SystemCalls.quote;

import com.sun.jna.Memory;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.security.AccessRight;
import io.smartagent.kernel.security.SyscallProbes;
import java.lang.ref.Reference;
import java.util.EnumSet;

final class LinuxSyscallProbes implements SyscallProbes {

  private static final String NOWHERE = "";

  private static final int OPEN_TREE_CLONE = 1;
  private static final int BPF_PROG_LOAD = 5;
  private static final int BPF_PROG_TYPE_RAW_TRACEPOINT = 17;
  private static final int BPF_ATTR_SIZE = 48;
  private static final int PERF_TYPE_SOFTWARE = 1;
  private static final int PERF_ATTR_SIZE = 112;
  private static final int PERF_FLAG_FD_CLOEXEC = 8;
  private static final int O_NONBLOCK_NOCTTY_CLOEXEC = 04000 | 0400 | 02000000;

  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int CHARACTER_DEVICE_OF_OWNER = 0020600;

  /** Major 1, minor 3: /dev/null. */
  private static final int DEVICE_OF_NULL = 0x103;

  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int SOCK_STREAM_CLOEXEC = 1 | 02000000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_REUSEADDR = 2;
  private static final int SOCKADDR_IN_SIZE = 16;
  private static final int SOCKADDR_IN6_SIZE = 28;

  private final SystemCalls calls;
  private final LinuxDescriptors descriptors;
  private final LinuxLandlock landlock;

  LinuxSyscallProbes(SystemCalls calls, LinuxDescriptors descriptors, LinuxLandlock landlock) {
    this.calls = calls;
    this.descriptors = descriptors;
    this.landlock = landlock;
  }

  @Override
  public void pivotRoot() throws ErrnoException {
    expect(Errno.ENOENT, "pivot_root()", calls.raw(SystemCall.PIVOT_ROOT, NOWHERE, NOWHERE));
  }

  /** As the seal is made, but nowhere: a filter that answers EINVAL has to look like one. */
  @Override
  public void mountSetattr() throws ErrnoException {
    Memory attributes = SystemCalls.zeroed(LinuxMounts.MOUNT_ATTR_SIZE);
    attributes.setLong(0, LinuxMounts.MOUNT_ATTR_RDONLY);
    expect(
        Errno.ENOENT,
        "mount_setattr()",
        calls.raw(
            SystemCall.MOUNT_SETATTR,
            AT_FDCWD,
            NOWHERE,
            LinuxMounts.AT_RECURSIVE,
            attributes,
            LinuxMounts.MOUNT_ATTR_SIZE));
  }

  @Override
  public void openTree() throws ErrnoException {
    expect(
        Errno.ENOENT,
        "open_tree()",
        calls.raw(SystemCall.OPEN_TREE, AT_FDCWD, NOWHERE, OPEN_TREE_CLONE));
    expect(
        Errno.ENOENT,
        "move_mount()",
        calls.raw(SystemCall.MOVE_MOUNT, AT_FDCWD, NOWHERE, AT_FDCWD, NOWHERE, 0));
  }

  private static void expect(Errno reached, String description, long result) throws ErrnoException {
    if (result < 0 && !SystemCalls.failedWith(result, reached)) {
      throw new ErrnoException(description, (int) -result);
    }
  }

  @Override
  public void tracingProgram() throws ErrnoException {
    Memory program = new Memory(16);
    program.setLong(0, 0xb7); // r0 = 0
    program.setLong(8, 0x95); // exit
    Memory license = SystemCalls.text("GPL");
    Memory attributes = SystemCalls.zeroed(BPF_ATTR_SIZE);
    attributes.setInt(0, BPF_PROG_TYPE_RAW_TRACEPOINT);
    attributes.setInt(4, 2);
    attributes.setPointer(8, program);
    attributes.setPointer(16, license);
    try {
      descriptors.close(
          (int)
              calls.check(
                  "bpf(BPF_PROG_LOAD, BPF_PROG_TYPE_RAW_TRACEPOINT)",
                  SystemCall.BPF,
                  BPF_PROG_LOAD,
                  attributes,
                  BPF_ATTR_SIZE));
    } finally {
      Reference.reachabilityFence(program);
      Reference.reachabilityFence(license);
    }
  }

  @Override
  public void cpuClock() throws ErrnoException {
    Memory attributes = SystemCalls.zeroed(PERF_ATTR_SIZE);
    attributes.setInt(0, PERF_TYPE_SOFTWARE);
    attributes.setInt(4, PERF_ATTR_SIZE);
    descriptors.close(
        (int)
            calls.check(
                "perf_event_open(PERF_COUNT_SW_CPU_CLOCK, all processes of CPU 0)",
                SystemCall.PERF_EVENT_OPEN,
                attributes,
                -1,
                0,
                -1,
                PERF_FLAG_FD_CLOEXEC));
  }

  @Override
  public void processEvents() throws ErrnoException {
    new LinuxProcessEvents(calls, descriptors).close();
  }

  @Override
  public void bindTcp(byte[] address, int port) throws ErrnoException {
    boolean ipv4 = address.length == 4;
    String description = "bind(TCP port " + port + ")";
    int family = ipv4 ? AF_INET : AF_INET6;
    long socket = calls.check(description, SystemCall.SOCKET, family, SOCK_STREAM_CLOEXEC, 0);
    try {
      Memory yes = SystemCalls.zeroed(Integer.BYTES);
      yes.setInt(0, 1);
      calls.raw(SystemCall.SETSOCKOPT, socket, SOL_SOCKET, SO_REUSEADDR, yes, Integer.BYTES);
      Memory name = SystemCalls.zeroed(ipv4 ? SOCKADDR_IN_SIZE : SOCKADDR_IN6_SIZE);
      name.setShort(0, (short) family);
      name.setByte(2, (byte) (port >> 8));
      name.setByte(3, (byte) port);
      name.write(ipv4 ? 4 : 8, address, 0, address.length);
      calls.check(description, SystemCall.BIND, socket, name, name.size());
    } finally {
      descriptors.close((int) socket);
    }
  }

  @Override
  public void landlock() throws ErrnoException {
    try (Descriptor ruleset = landlock.createRuleset(EnumSet.of(AccessRight.WRITE_FILE))) {
      calls.check("prctl(PR_SET_NO_NEW_PRIVS)", SystemCall.PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
      landlock.restrictSelf(ruleset);
    }
  }

  @Override
  public void makeDevice(String path) throws ErrnoException {
    calls.check(
        "mknod(" + quote(path) + ", S_IFCHR)",
        SystemCall.MKNODAT,
        AT_FDCWD,
        path,
        CHARACTER_DEVICE_OF_OWNER,
        DEVICE_OF_NULL);
    calls.raw(SystemCall.UNLINKAT, AT_FDCWD, path, 0);
  }

  @Override
  public void readDevice(String path) throws ErrnoException {
    descriptors.close(
        (int)
            calls.check(
                "open(" + quote(path) + ", O_RDONLY|O_NONBLOCK)",
                SystemCall.OPENAT,
                AT_FDCWD,
                path,
                O_NONBLOCK_NOCTTY_CLOEXEC,
                0));
  }
}
