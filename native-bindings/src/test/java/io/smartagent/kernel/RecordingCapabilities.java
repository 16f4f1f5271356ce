package io.smartagent.kernel;

import io.smartagent.kernel.capability.Capabilities;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.FileCapabilities;
import io.smartagent.kernel.capability.Securebits;
import io.smartagent.kernel.capability.ThreadCapabilities;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The rules of capabilities(7), without a kernel. */
final class RecordingCapabilities implements Capabilities {

  /** The flags whose lock is the next bit. */
  private static final int LOCKABLE = 0b01010101;

  private static final int KEEP_CAPS_LOCKED = 1 << 5;

  private final CallLog log;
  private final ThreadState thread;
  private final Map<String, FileCapabilities> ofFiles = new HashMap<>();
  private boolean ambientIsSupported = true;

  RecordingCapabilities(CallLog log, ThreadState thread) {
    this.log = log;
    this.thread = thread;
  }

  void withoutAmbient() {
    ambientIsSupported = false;
  }

  @Override
  public ThreadCapabilities read() throws ErrnoException {
    log.read("capget()");
    return thread.capabilities;
  }

  @Override
  public int last() {
    return ThreadState.LAST_CAPABILITY;
  }

  @Override
  public boolean ambientIsSupported() {
    return ambientIsSupported;
  }

  @Override
  public void set(CapabilitySet effective, CapabilitySet permitted, CapabilitySet inheritable)
      throws ErrnoException {
    String call =
        "capset(effective: %s; permitted: %s; inheritable: %s)"
            .formatted(effective, permitted, inheritable);
    log.change(
        call,
        () -> {
          ThreadCapabilities now = thread.capabilities;
          CapabilitySet mayInherit = now.inheritable().union(now.bounding());
          if (!now.effective().contains(Capability.CAP_SETPCAP)) {
            mayInherit = mayInherit.intersect(now.inheritable().union(now.permitted()));
          }
          if (!permitted.containsAll(effective)
              || !now.permitted().containsAll(permitted)
              || !mayInherit.containsAll(inheritable)) {
            throw new CallLog.Refusal(Errno.EPERM);
          }
          thread.capabilities =
              new ThreadCapabilities(
                  effective,
                  permitted,
                  inheritable,
                  now.bounding(),
                  now.ambient().intersect(permitted).intersect(inheritable));
        });
  }

  @Override
  public void dropFromBoundingSet(int number) throws ErrnoException {
    log.change(
        "prctl(PR_CAPBSET_DROP, " + name(number) + ")",
        () -> {
          thread.require(Capability.CAP_SETPCAP);
          ThreadCapabilities now = thread.capabilities;
          thread.capabilities =
              new ThreadCapabilities(
                  now.effective(),
                  now.permitted(),
                  now.inheritable(),
                  now.bounding().minus(only(number)),
                  now.ambient());
        });
  }

  @Override
  public void raiseAmbient(int number) throws ErrnoException {
    log.change(
        "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, " + name(number) + ")",
        () -> {
          ThreadCapabilities now = thread.capabilities;
          if (!ambientIsSupported) {
            throw new CallLog.Refusal(Errno.EINVAL);
          }
          if (!now.permitted().intersect(now.inheritable()).contains(number)
              || thread.securebits.forbidsAmbientRaise()) {
            throw new CallLog.Refusal(Errno.EPERM);
          }
          thread.capabilities =
              new ThreadCapabilities(
                  now.effective(),
                  now.permitted(),
                  now.inheritable(),
                  now.bounding(),
                  now.ambient().union(only(number)));
        });
  }

  private static CapabilitySet only(int number) {
    return new CapabilitySet(1L << number);
  }

  private static String name(int number) {
    return only(number).names().getFirst();
  }

  @Override
  public Securebits securebits() throws ErrnoException {
    log.read("prctl(PR_GET_SECUREBITS)");
    return thread.securebits;
  }

  @Override
  public void setSecurebits(Securebits securebits) throws ErrnoException {
    log.change(
        "prctl(PR_SET_SECUREBITS, " + String.join("|", securebits.names()) + ")",
        () -> {
          thread.require(Capability.CAP_SETPCAP);
          int now = thread.securebits.bits();
          int locked = (now >>> 1) & LOCKABLE;
          int changed = now ^ securebits.bits();
          if ((changed & (locked | locked << 1)) != 0) {
            throw new CallLog.Refusal(Errno.EPERM);
          }
          thread.securebits = securebits;
        });
  }

  @Override
  public void keepOverChangeOfUser(boolean keep) throws ErrnoException {
    log.change(
        "prctl(PR_SET_KEEPCAPS, " + keep + ")",
        () -> {
          if ((thread.securebits.bits() & KEEP_CAPS_LOCKED) != 0) {
            throw new CallLog.Refusal(Errno.EPERM);
          }
          thread.keepCapabilities = keep;
        });
  }

  @Override
  public boolean noNewPrivileges() throws ErrnoException {
    log.read("prctl(PR_GET_NO_NEW_PRIVS)");
    return thread.noNewPrivileges;
  }

  @Override
  public void setNoNewPrivileges() throws ErrnoException {
    log.change("prctl(PR_SET_NO_NEW_PRIVS)", () -> thread.noNewPrivileges = true);
  }

  @Override
  public void takeFromEveryOtherThread() throws ErrnoException {
    log.change(
        "capset(every thread, none)",
        () -> {
          ThreadCapabilities now = thread.capabilities;
          thread.capabilities =
              new ThreadCapabilities(
                  CapabilitySet.NONE,
                  now.permitted(),
                  now.inheritable(),
                  now.bounding(),
                  now.ambient());
        });
  }

  @Override
  public Optional<FileCapabilities> ofFile(String path) throws ErrnoException {
    log.read("getxattr(\"" + path + "\", security.capability)");
    return Optional.ofNullable(ofFiles.get(path));
  }

  @Override
  public void setOfFile(String path, FileCapabilities capabilities) throws ErrnoException {
    log.change(
        "setxattr(\"" + path + "\", security.capability)",
        () -> {
          thread.require(Capability.CAP_SETFCAP);
          ofFiles.put(path, capabilities);
        });
  }
}
