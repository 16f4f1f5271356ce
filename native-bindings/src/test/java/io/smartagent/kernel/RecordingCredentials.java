package io.smartagent.kernel;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.ThreadCapabilities;
import io.smartagent.kernel.process.Credentials;
import io.smartagent.kernel.process.UserIds;
import java.util.List;

/** Users and groups, and what their change does to the capability sets. */
final class RecordingCredentials implements Credentials {

  private static final int NO_SETUID_FIXUP = 1 << 2;

  private final CallLog log;
  private final ThreadState thread;

  RecordingCredentials(CallLog log, ThreadState thread) {
    this.log = log;
    this.thread = thread;
  }

  @Override
  public UserIds users() throws ErrnoException {
    log.read("getresuid()");
    return thread.users;
  }

  @Override
  public UserIds groups() throws ErrnoException {
    log.read("getresgid()");
    return thread.groups;
  }

  @Override
  public List<Integer> supplementaryGroups() throws ErrnoException {
    log.read("getgroups()");
    return thread.supplementaryGroups;
  }

  @Override
  public void setSupplementaryGroups(List<Integer> gids) throws ErrnoException {
    log.change(
        "setgroups(" + gids + ")",
        () -> {
          thread.require(Capability.CAP_SETGID);
          thread.supplementaryGroups = List.copyOf(gids);
        });
  }

  @Override
  public void setGroup(int gid) throws ErrnoException {
    log.change(
        "setresgid(" + Integer.toUnsignedString(gid) + ")",
        () -> {
          requireUnlessOwn(Capability.CAP_SETGID, thread.groups, gid);
          thread.groups = new UserIds(gid, gid, gid);
        });
  }

  @Override
  public void setUser(int uid) throws ErrnoException {
    log.change(
        "setresuid(" + Integer.toUnsignedString(uid) + ")",
        () -> {
          requireUnlessOwn(Capability.CAP_SETUID, thread.users, uid);
          if ((thread.securebits.bits() & NO_SETUID_FIXUP) == 0) {
            fixUpCapabilities(uid);
          }
          thread.users = new UserIds(uid, uid, uid);
        });
  }

  private void requireUnlessOwn(Capability capability, UserIds own, int id) throws CallLog.Refusal {
    if (own.real() != id && own.effective() != id && own.saved() != id) {
      thread.require(capability);
    }
  }

  /** capabilities(7), "Effect of user ID changes on capabilities". */
  private void fixUpCapabilities(int uid) {
    UserIds before = thread.users;
    ThreadCapabilities now = thread.capabilities;
    boolean hadRoot = before.real() == 0 || before.effective() == 0 || before.saved() == 0;
    CapabilitySet effective = now.effective();
    CapabilitySet permitted = now.permitted();
    CapabilitySet ambient = now.ambient();
    if (hadRoot && uid != 0) {
      permitted = thread.keepCapabilities ? permitted : CapabilitySet.NONE;
      ambient = CapabilitySet.NONE;
    }
    if (before.effective() == 0 && uid != 0) {
      effective = CapabilitySet.NONE;
    } else if (before.effective() != 0 && uid == 0) {
      effective = permitted;
    }
    thread.capabilities =
        new ThreadCapabilities(
            effective.intersect(permitted), permitted, now.inheritable(), now.bounding(), ambient);
  }
}
