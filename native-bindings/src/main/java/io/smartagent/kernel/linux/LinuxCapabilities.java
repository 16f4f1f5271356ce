package io.smartagent.kernel.linux;

import static io.smartagent.kernel.linux.SystemCalls.quote;

import com.sun.jna.Memory;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.capability.Capabilities;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.FileCapabilities;
import io.smartagent.kernel.capability.Securebits;
import io.smartagent.kernel.capability.ThreadCapabilities;
import java.util.Optional;

final class LinuxCapabilities implements Capabilities {

  private static final int LINUX_CAPABILITY_VERSION_3 = 0x20080522;

  private static final int PR_SET_KEEPCAPS = 8;
  private static final int PR_CAPBSET_READ = 23;
  private static final int PR_CAPBSET_DROP = 24;
  private static final int PR_GET_SECUREBITS = 27;
  private static final int PR_SET_SECUREBITS = 28;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int PR_GET_NO_NEW_PRIVS = 39;
  private static final int PR_CAP_AMBIENT = 47;
  private static final int PR_CAP_AMBIENT_IS_SET = 1;
  private static final int PR_CAP_AMBIENT_RAISE = 2;

  private static final String XATTR_NAME = "security.capability";
  private static final int VFS_CAP_REVISION_2 = 0x02000000;
  private static final int VFS_CAP_REVISION_MASK = 0xff000000;
  private static final int VFS_CAP_FLAGS_EFFECTIVE = 1;
  private static final int XATTR_CAPS_SIZE = 20;
  private static final int XATTR_CAPS_MAX_SIZE = 24;

  private final SystemCalls calls;
  private final EveryThread everyThread;

  LinuxCapabilities(SystemCalls calls, LinuxFilesystem filesystem) {
    this.calls = calls;
    this.everyThread = new EveryThread(calls, filesystem);
  }

  @Override
  public ThreadCapabilities read() throws ErrnoException {
    Memory data = sets();
    int last = last();
    return new ThreadCapabilities(
        set(data, 0),
        set(data, 4),
        set(data, 8),
        boundingSet(last),
        ambientSet(set(data, 4).intersect(set(data, 8))));
  }

  @Override
  public CapabilitySet permitted() throws ErrnoException {
    return set(sets(), 4);
  }

  private Memory sets() throws ErrnoException {
    Memory data = SystemCalls.zeroed(24);
    calls.check("capget()", SystemCall.CAPGET, header(), data);
    return data;
  }

  private static Memory header() {
    Memory header = new Memory(8);
    header.setInt(0, LINUX_CAPABILITY_VERSION_3);
    header.setInt(4, 0);
    return header;
  }

  /** The kernel keeps the low words of effective, permitted, inheritable, then the high words. */
  private static CapabilitySet set(Memory data, int offset) {
    return new CapabilitySet(
        Integer.toUnsignedLong(data.getInt(offset))
            | (long) data.getInt(offset + 12) << Integer.SIZE);
  }

  private static Memory data(
      CapabilitySet effective, CapabilitySet permitted, CapabilitySet inheritable) {
    Memory data = new Memory(24);
    CapabilitySet[] sets = {effective, permitted, inheritable};
    for (int i = 0; i < sets.length; i++) {
      data.setInt(4L * i, (int) sets[i].bits());
      data.setInt(4L * i + 12, (int) (sets[i].bits() >>> Integer.SIZE));
    }
    return data;
  }

  private static byte[] bytes(Memory memory) {
    return memory.getByteArray(0, (int) memory.size());
  }

  private CapabilitySet boundingSet(int last) throws ErrnoException {
    long bits = 0;
    for (int number = 0; number <= last; number++) {
      bits |= prctl("PR_CAPBSET_READ", PR_CAPBSET_READ, number) << number;
    }
    return new CapabilitySet(bits);
  }

  /** Only what is permitted and inheritable can be ambient: capabilities(7). */
  private CapabilitySet ambientSet(CapabilitySet possible) {
    long bits = 0;
    for (int number : possible.numbers()) {
      long set = calls.raw(SystemCall.PRCTL, PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, number, 0, 0);
      bits |= Math.max(0, set) << number;
    }
    return new CapabilitySet(bits);
  }

  @Override
  public int last() {
    int number = Capability.values().length - 1;
    while (number < 62 && isKnown(number + 1)) {
      number++;
    }
    while (number > 0 && !isKnown(number)) {
      number--;
    }
    return number;
  }

  private boolean isKnown(int number) {
    return calls.raw(SystemCall.PRCTL, PR_CAPBSET_READ, number, 0, 0, 0) >= 0;
  }

  @Override
  public boolean ambientIsSupported() {
    return calls.raw(SystemCall.PRCTL, PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 0, 0, 0) >= 0;
  }

  @Override
  public void set(CapabilitySet effective, CapabilitySet permitted, CapabilitySet inheritable)
      throws ErrnoException {
    String description =
        "capset(effective: "
            + effective
            + "; permitted: "
            + permitted
            + "; inheritable: "
            + inheritable
            + ")";
    calls.check(description, SystemCall.CAPSET, header(), data(effective, permitted, inheritable));
  }

  @Override
  public void dropFromBoundingSet(int number) throws ErrnoException {
    prctl("PR_CAPBSET_DROP, " + name(number), PR_CAPBSET_DROP, number);
  }

  @Override
  public void raiseAmbient(int number) throws ErrnoException {
    calls.check(
        "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, " + name(number) + ")",
        SystemCall.PRCTL,
        PR_CAP_AMBIENT,
        PR_CAP_AMBIENT_RAISE,
        number,
        0,
        0);
  }

  private static String name(int number) {
    return new CapabilitySet(1L << number).names().getFirst();
  }

  @Override
  public Securebits securebits() throws ErrnoException {
    return new Securebits((int) prctl("PR_GET_SECUREBITS", PR_GET_SECUREBITS, 0));
  }

  @Override
  public void setSecurebits(Securebits securebits) throws ErrnoException {
    prctl(
        "PR_SET_SECUREBITS, " + String.join("|", securebits.names()),
        PR_SET_SECUREBITS,
        securebits.bits());
  }

  @Override
  public void keepOverChangeOfUser(boolean keep) throws ErrnoException {
    prctl("PR_SET_KEEPCAPS, " + keep, PR_SET_KEEPCAPS, keep ? 1 : 0);
  }

  @Override
  public boolean noNewPrivileges() throws ErrnoException {
    return prctl("PR_GET_NO_NEW_PRIVS", PR_GET_NO_NEW_PRIVS, 0) == 1;
  }

  @Override
  public void setNoNewPrivileges() throws ErrnoException {
    prctl("PR_SET_NO_NEW_PRIVS", PR_SET_NO_NEW_PRIVS, 1);
  }

  private long prctl(String description, int option, int argument) throws ErrnoException {
    return calls.check("prctl(" + description + ")", SystemCall.PRCTL, option, argument, 0, 0, 0);
  }

  @Override
  public void takeFromEveryOtherThread() throws ErrnoException {
    ThreadCapabilities own = read();
    everyThread.call(
        SystemCall.CAPSET,
        bytes(header()),
        bytes(data(CapabilitySet.NONE, CapabilitySet.NONE, CapabilitySet.NONE)));
    set(CapabilitySet.NONE, own.permitted(), own.inheritable());
    everyThread.verifyWithoutCapabilities();
  }

  @Override
  public Optional<FileCapabilities> ofFile(String path) throws ErrnoException {
    Memory value = SystemCalls.zeroed(XATTR_CAPS_MAX_SIZE);
    long size = calls.raw(SystemCall.GETXATTR, path, XATTR_NAME, value, XATTR_CAPS_MAX_SIZE);
    if (SystemCalls.failedWith(size, Errno.ENODATA)) {
      return Optional.empty();
    }
    if (size < 0) {
      throw new ErrnoException("getxattr(" + quote(path) + ", " + XATTR_NAME + ")", (int) -size);
    }
    int magic = value.getInt(0);
    if (size < XATTR_CAPS_SIZE || (magic & VFS_CAP_REVISION_MASK) < VFS_CAP_REVISION_2) {
      throw new ErrnoException("getxattr(" + quote(path) + ", " + XATTR_NAME + ")", Errno.EINVAL);
    }
    return Optional.of(
        new FileCapabilities(
            fileSet(value, 4), fileSet(value, 8), (magic & VFS_CAP_FLAGS_EFFECTIVE) != 0));
  }

  private static CapabilitySet fileSet(Memory value, int offset) {
    return new CapabilitySet(
        Integer.toUnsignedLong(value.getInt(offset))
            | (long) value.getInt(offset + 8) << Integer.SIZE);
  }

  @Override
  public void setOfFile(String path, FileCapabilities capabilities) throws ErrnoException {
    Memory value = new Memory(XATTR_CAPS_SIZE);
    value.setInt(0, VFS_CAP_REVISION_2 | (capabilities.effective() ? VFS_CAP_FLAGS_EFFECTIVE : 0));
    value.setInt(4, (int) capabilities.permitted().bits());
    value.setInt(8, (int) capabilities.inheritable().bits());
    value.setInt(12, (int) (capabilities.permitted().bits() >>> Integer.SIZE));
    value.setInt(16, (int) (capabilities.inheritable().bits() >>> Integer.SIZE));
    calls.check(
        "setxattr(" + quote(path) + ", " + XATTR_NAME + ")",
        SystemCall.SETXATTR,
        path,
        XATTR_NAME,
        value,
        XATTR_CAPS_SIZE,
        0);
  }
}
