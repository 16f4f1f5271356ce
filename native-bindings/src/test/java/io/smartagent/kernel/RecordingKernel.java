package io.smartagent.kernel;

import io.smartagent.kernel.capability.Capabilities;
import io.smartagent.kernel.capability.Securebits;
import io.smartagent.kernel.capability.ThreadCapabilities;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.log.KernelLog;
import io.smartagent.kernel.log.KernelLogRecords;
import io.smartagent.kernel.mount.Mounts;
import io.smartagent.kernel.net.InterfaceAddress;
import io.smartagent.kernel.net.Link;
import io.smartagent.kernel.net.Network;
import io.smartagent.kernel.net.ProcessEvent;
import io.smartagent.kernel.process.Children;
import io.smartagent.kernel.process.Credentials;
import io.smartagent.kernel.process.Descriptors;
import io.smartagent.kernel.process.Execution;
import io.smartagent.kernel.process.Namespaces;
import io.smartagent.kernel.process.ResourceLimits;
import io.smartagent.kernel.process.Signals;
import io.smartagent.kernel.process.UserIds;
import io.smartagent.kernel.security.Landlock;
import io.smartagent.kernel.security.SeccompMode;
import io.smartagent.kernel.security.SecurityState;
import io.smartagent.kernel.security.SyscallProbes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A kernel that changes nothing, remembers what it was asked to change, and fails what a test wants
 * it to fail.
 *
 * <pre>{@code
 * RecordingKernel kernel = new RecordingKernel();
 * kernel.filesystem(temporaryDirectory);             // holds mnt/root/etc/passwd and so on
 * kernel.failOn("mount_setattr(", Errno.ENOSYS);
 * new PlanExecutor(kernel, ...).execute(plan);
 * assertThat(kernel.calls())
 *     .containsSubsequence("unshare(CLONE_NEWNS|CLONE_FS)", "setresuid(65534)", "execve(\"/bin/true\")");
 * }</pre>
 *
 * <p>A call is written as {@link ErrnoException#call()} writes it, with paths where the real one
 * has descriptors; one that failed is in the list too, with {@code ": EPERM"} at its end. Reads are
 * not in the list, but {@link #failOn} reaches them as well.
 *
 * <p>What is written can be read again, by the kernel's own rules, so that calls in a wrong order
 * fail here as they would there: a capability that is not effective is EPERM, a change of user
 * empties the capability sets but for PR_SET_KEEPCAPS, a mount changes the mount table, chroot and
 * pivot_root change what paths mean, and a write on a sealed mount is EROFS. Three things are not
 * modelled: there is one thread, whoever calls; a mount changes the table, but not what is in the
 * directory; and permission bits are the business of the real files. execve(2) returns; what it was
 * given is in {@link #executed()}.
 */
public final class RecordingKernel implements Kernel {

  /** A program that {@link Execution#execute} was asked to run. */
  public record Executed(String path, List<String> arguments, Map<String, String> environment) {}

  /** A privileged container as the design has it: the host's root, with submounts, at /mnt/root. */
  private static final String CONTAINER_OF_A_NODE_AGENT =
      """
      100 1 0:50 / / rw,relatime - overlay overlay rw,lowerdir=/l,upperdir=/u,workdir=/w
      101 100 0:51 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
      102 100 0:52 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755
      103 100 0:53 / /sys ro,nosuid,nodev,noexec,relatime - sysfs sysfs ro
      104 100 8:1 / /mnt/root rw,relatime master:1 - ext4 /dev/sda1 rw
      105 104 8:2 / /mnt/root/boot rw,nosuid,relatime master:2 - vfat /dev/sda2 rw
      106 104 0:5 / /mnt/root/dev rw,nosuid,relatime master:3 - devtmpfs udev rw
      107 104 0:20 / /mnt/root/proc rw,nosuid,nodev,noexec,relatime master:4 - proc proc rw
      108 104 0:21 / /mnt/root/sys rw,nosuid,nodev,noexec,relatime master:5 - sysfs sysfs rw
      109 104 0:22 / /mnt/root/run rw,nosuid,nodev,noexec,relatime master:6 - tmpfs tmpfs rw
      110 104 8:3 / /mnt/root/var rw,noatime master:7 - ext4 /dev/sda3 rw
      """;

  private final CallLog log = new CallLog();
  private final ThreadState thread = new ThreadState();
  private final RecordingFilesystem filesystem = new RecordingFilesystem(log, thread);
  private final RecordingMounts mounts =
      new RecordingMounts(log, thread, filesystem, CONTAINER_OF_A_NODE_AGENT);
  private final RecordingDescriptors descriptors =
      new RecordingDescriptors(log, mounts, filesystem);
  private final RecordingCapabilities capabilities = new RecordingCapabilities(log, thread);
  private final RecordingCredentials credentials = new RecordingCredentials(log, thread);
  private final RecordingNamespaces namespaces = new RecordingNamespaces(log, thread, mounts);
  private final RecordedSignals signals = new RecordedSignals();
  private final RecordedLimits resourceLimits = new RecordedLimits();
  private final RecordedExecution execution = new RecordedExecution();
  private final RecordingChildren children = new RecordingChildren(log, thread);
  private final SettableSecurity security = new SettableSecurity();
  private final RecordingLandlock landlock = new RecordingLandlock(log, thread, filesystem);
  private final AllowedSyscallProbes syscallProbes = new AllowedSyscallProbes();
  private final SettableLog kernelLog = new SettableLog();
  private final RecordingNetwork network = new RecordingNetwork(log);

  /** A kernel 6.12 whose caller is root with every capability in a node agent's container. */
  public RecordingKernel() {
    filesystem.readOnlyWhere(mounts::isReadOnly);
  }

  /** Returns every call that was to change something, in order, failed ones with their errno. */
  public List<String> calls() {
    return log.calls();
  }

  /** Forgets the calls so far, but not what they did. */
  public void forgetCalls() {
    log.forget();
  }

  /**
   * Makes every call fail whose text starts with {@code callPrefix}, probes and reads too: {@code
   * failOn("pivot_root(", EPERM)}.
   */
  public void failOn(String callPrefix, Errno errno) {
    log.failOn(callPrefix, errno);
  }

  /** Takes {@link #failOn} with the same prefix back. */
  public void succeedOn(String callPrefix) {
    log.succeedOn(callPrefix);
  }

  /** Returns the program that was executed last, empty where none was. */
  public Optional<Executed> executed() {
    return execution.executed;
  }

  /**
   * Sets what a child prints and how it ends; one that nothing was said of prints nothing and ends
   * well.
   *
   * @param path of its program
   */
  public void child(String path, String output, int status) {
    children.answer(path, output, status);
  }

  /** Makes a child go on until it is killed. */
  public void childThatHangs(String path) {
    children.hang(path);
  }

  /** Has a child's environment looked at when it starts. */
  public void childThatSees(String path, Consumer<List<String>> watcher) {
    children.watch(path, watcher);
  }

  /** Replaces the mount table; the text is that of a mountinfo file. */
  public void mountTable(String mountinfo) {
    mounts.table(mountinfo);
  }

  /** Makes seals and read-only remounts succeed without any effect. */
  public void ignoreSeals() {
    mounts.ignoreSeals();
  }

  /**
   * Takes {@code directory} for the root: every path is looked up below it, and only there are
   * directories and files really made. Without it, paths are the machine's own and changes are only
   * recorded.
   */
  public void filesystem(Path directory) {
    try {
      filesystem.top(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sets what the caller may do. */
  public void capabilities(ThreadCapabilities sets) {
    thread.capabilities = sets;
  }

  /** Makes the kernel one before 4.3. */
  public void withoutAmbientCapabilities() {
    capabilities.withoutAmbient();
  }

  /** Sets the caller's securebits. */
  public void securebits(Securebits securebits) {
    thread.securebits = securebits;
  }

  /** Sets the caller's no_new_privs. */
  public void noNewPrivileges(boolean set) {
    thread.noNewPrivileges = set;
  }

  /** Makes the caller this user and group. */
  public void credentials(UserIds users, UserIds groups, List<Integer> supplementaryGroups) {
    thread.users = users;
    thread.groups = groups;
    thread.supplementaryGroups = List.copyOf(supplementaryGroups);
  }

  /** Sets whether the caller's user namespace is the initial one. */
  public void userNamespaceIsInitial(boolean initial) {
    namespaces.userNamespaceIsInitial(initial);
  }

  /** Sets whether the caller's system calls are filtered. */
  public void seccomp(SeccompMode mode) {
    security.seccomp = mode;
  }

  /** Sets the LSM's label of the caller. */
  public void lsmLabel(String label) {
    security.lsmLabel = Optional.of(label);
  }

  /** Sets the lockdown mode, such as {@code integrity}. */
  public void lockdown(String mode) {
    security.lockdown = Optional.of(mode);
  }

  /** Sets the kernel's release. */
  public void release(String release) {
    security.release = release;
  }

  /** Sets a sysctl, such as {@code kernel/dmesg_restrict}; without it, none is there. */
  public void sysctl(String name, long value) {
    security.sysctls.put(name, value);
  }

  /** Sets the version of Landlock's interface; 3 without it. */
  public void landlockAbi(int abi) {
    landlock.abi(abi);
  }

  /** Makes restrictions succeed without any effect. */
  public void ignoreRestrictions() {
    landlock.ignoreRestrictions();
  }

  /** Sets what the kernel's log holds. */
  public void kernelLog(String text) {
    kernelLog.content = text.getBytes(StandardCharsets.UTF_8);
  }

  /** Lets processes start and end: what the next poll of process events returns. */
  public void processEvents(ProcessEvent... events) {
    network.add(List.of(events), false);
  }

  /**
   * Adds a network namespace with these processes and interfaces, or exchanges its interfaces. The
   * first one is the caller's own; its id is 0, the next one's 1.
   */
  public void networkNamespace(
      Set<Integer> pids, List<Link> links, List<InterfaceAddress> addresses) {
    network.add(pids, links, addresses);
  }

  /** Lets more happen to processes than there is room for: the next poll says so. */
  public void loseProcessEvents() {
    network.add(List.of(), true);
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public Credentials credentials() {
    return credentials;
  }

  @Override
  public Namespaces namespaces() {
    return namespaces;
  }

  @Override
  public Mounts mounts() {
    return mounts;
  }

  @Override
  public Filesystem filesystem() {
    return filesystem;
  }

  @Override
  public Descriptors descriptors() {
    return descriptors;
  }

  @Override
  public Signals signals() {
    return signals;
  }

  @Override
  public ResourceLimits resourceLimits() {
    return resourceLimits;
  }

  @Override
  public Execution execution() {
    return execution;
  }

  @Override
  public Children children() {
    return children;
  }

  @Override
  public SecurityState security() {
    return security;
  }

  @Override
  public Landlock landlock() {
    return landlock;
  }

  @Override
  public SyscallProbes syscallProbes() {
    return syscallProbes;
  }

  @Override
  public KernelLog log() {
    return kernelLog;
  }

  @Override
  public Network network() {
    return network;
  }

  private final class RecordedSignals implements Signals {

    @Override
    public void unblockAll() throws ErrnoException {
      log.change("rt_sigprocmask(SIG_SETMASK, none)", () -> {});
    }

    @Override
    public void stopIgnoring() throws ErrnoException {
      log.change("rt_sigaction(ignored signals, SIG_DFL)", () -> {});
    }
  }

  private final class RecordedLimits implements ResourceLimits {

    private final Map<Resource, Limit> limits =
        new EnumMap<>(
            Map.of(
                Resource.RLIMIT_CORE, new Limit(0, -1),
                Resource.RLIMIT_NOFILE, new Limit(1024, 1048576),
                Resource.RLIMIT_MEMLOCK, new Limit(8 << 20, 8 << 20)));

    @Override
    public Limit get(Resource resource) throws ErrnoException {
      log.read("getrlimit(" + resource + ")");
      return limits.getOrDefault(resource, new Limit(-1, -1));
    }

    @Override
    public void set(Resource resource, Limit limit) throws ErrnoException {
      log.change(
          "setrlimit(" + resource + ", " + limit.soft() + ", " + limit.hard() + ")",
          () -> limits.put(resource, limit));
    }
  }

  private final class RecordedExecution implements Execution {

    private Optional<Executed> executed = Optional.empty();

    @Override
    public void execute(String path, List<byte[]> arguments, List<byte[]> environment)
        throws ErrnoException {
      log.change(
          "execve(\"" + path + "\")",
          () -> {
            Map<String, String> variables = new HashMap<>();
            for (byte[] variable : environment) {
              String[] parts = text(variable).split("=", 2);
              variables.put(parts[0], parts.length == 2 ? parts[1] : "");
            }
            List<String> words = arguments.stream().map(RecordedExecution::text).toList();
            executed = Optional.of(new Executed(path, words, Map.copyOf(variables)));
          });
    }

    private static String text(byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void setUmask(int mask) {
      try {
        log.change("umask(0" + Integer.toOctalString(mask) + ")", () -> {});
      } catch (ErrnoException e) {
        throw new IllegalStateException("umask(2) is always successful", e);
      }
    }
  }

  private final class SettableSecurity implements SecurityState {

    private final Map<String, Long> sysctls = new HashMap<>();
    private SeccompMode seccomp = SeccompMode.DISABLED;
    private Optional<String> lsmLabel = Optional.empty();
    private Optional<String> lockdown = Optional.empty();
    private String release = "6.12.0";

    @Override
    public SeccompMode seccomp() throws ErrnoException {
      log.read("prctl(PR_GET_SECCOMP)");
      return seccomp;
    }

    @Override
    public Optional<String> lsmLabel() {
      return lsmLabel;
    }

    @Override
    public Optional<String> lockdown() {
      return lockdown;
    }

    @Override
    public String release() {
      return release;
    }

    @Override
    public String machine() {
      return "x86_64";
    }

    @Override
    public Optional<Long> sysctl(String name) {
      return Optional.ofNullable(sysctls.get(name));
    }
  }

  private final class AllowedSyscallProbes implements SyscallProbes {

    @Override
    public void pivotRoot() throws ErrnoException {
      log.read("pivot_root()");
    }

    @Override
    public void mountSetattr() throws ErrnoException {
      log.read("mount_setattr()");
    }

    @Override
    public void openTree() throws ErrnoException {
      log.read("open_tree()");
    }

    @Override
    public void tracingProgram() throws ErrnoException {
      log.read("bpf(BPF_PROG_LOAD, BPF_PROG_TYPE_RAW_TRACEPOINT)");
    }

    @Override
    public void cpuClock() throws ErrnoException {
      log.read("perf_event_open(PERF_COUNT_SW_CPU_CLOCK, all processes of CPU 0)");
    }

    @Override
    public void processEvents() throws ErrnoException {
      network.openProcessEvents().close();
    }

    @Override
    public void bindTcp(byte[] address, int port) throws ErrnoException {
      log.read("bind(TCP port " + port + ")");
    }

    @Override
    public void landlock() throws ErrnoException {
      log.read("landlock_restrict_self()");
    }

    /** No caller has CAP_MKNOD. */
    @Override
    public void makeDevice(String path) throws ErrnoException {
      String call = "mknod(\"" + path + "\", S_IFCHR)";
      log.read(call);
      throw new ErrnoException(call, thread.writable == null ? Errno.EPERM : Errno.EACCES);
    }

    @Override
    public void readDevice(String path) throws ErrnoException {
      log.read("open(\"" + path + "\", O_RDONLY|O_NONBLOCK)");
    }
  }

  private final class SettableLog implements KernelLog {

    private byte[] content = new byte[0];

    @Override
    public int bufferSize() throws ErrnoException {
      log.read("syslog(SYSLOG_ACTION_SIZE_BUFFER)");
      return content.length;
    }

    @Override
    public byte[] readAll(int limit) throws ErrnoException {
      log.read("syslog(SYSLOG_ACTION_READ_ALL)");
      return Arrays.copyOfRange(content, Math.max(0, content.length - limit), content.length);
    }

    /** The device's records are those of the text, one in a line. */
    @Override
    public KernelLogRecords openRecords(String device) throws ErrnoException {
      log.read("open(\"" + device + "\", O_RDONLY|O_NONBLOCK)");
      Iterator<String> lines = new String(content, StandardCharsets.UTF_8).lines().iterator();
      return new KernelLogRecords() {
        @Override
        public byte @Nullable [] next() {
          return lines.hasNext() ? lines.next().getBytes(StandardCharsets.UTF_8) : null;
        }

        @Override
        public void close() {}
      };
    }
  }
}
