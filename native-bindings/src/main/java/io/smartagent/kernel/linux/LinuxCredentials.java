package io.smartagent.kernel.linux;

import com.sun.jna.Memory;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.process.Credentials;
import io.smartagent.kernel.process.UserIds;
import java.util.ArrayList;
import java.util.List;

final class LinuxCredentials implements Credentials {

  private static final int WORD = Integer.BYTES;

  private final SystemCalls calls;

  LinuxCredentials(SystemCalls calls) {
    this.calls = calls;
  }

  @Override
  public UserIds users() throws ErrnoException {
    return ids("getresuid()", SystemCall.GETRESUID);
  }

  @Override
  public UserIds groups() throws ErrnoException {
    return ids("getresgid()", SystemCall.GETRESGID);
  }

  private UserIds ids(String description, SystemCall call) throws ErrnoException {
    Memory ids = SystemCalls.zeroed(3 * WORD);
    calls.check(description, call, ids, ids.share(WORD), ids.share(2 * WORD));
    return new UserIds(ids.getInt(0), ids.getInt(WORD), ids.getInt(2 * WORD));
  }

  @Override
  public List<Integer> supplementaryGroups() throws ErrnoException {
    int count = (int) calls.check("getgroups()", SystemCall.GETGROUPS, 0, 0L);
    Memory ids = SystemCalls.zeroed((long) WORD * (count + 1));
    count = (int) calls.check("getgroups()", SystemCall.GETGROUPS, count, ids);
    List<Integer> groups = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      groups.add(ids.getInt((long) WORD * i));
    }
    return groups;
  }

  @Override
  public void setSupplementaryGroups(List<Integer> gids) throws ErrnoException {
    Memory ids = SystemCalls.zeroed((long) WORD * (gids.size() + 1));
    for (int i = 0; i < gids.size(); i++) {
      ids.setInt((long) WORD * i, gids.get(i));
    }
    calls.check("setgroups(" + gids + ")", SystemCall.SETGROUPS, gids.size(), ids);
  }

  @Override
  public void setGroup(int gid) throws ErrnoException {
    setAll("setresgid", SystemCall.SETRESGID, gid);
  }

  @Override
  public void setUser(int uid) throws ErrnoException {
    setAll("setresuid", SystemCall.SETRESUID, uid);
  }

  /** For the kernel -1 means "leave it as it is", and it would call that a success. */
  private void setAll(String name, SystemCall call, int id) throws ErrnoException {
    String description = name + "(" + Integer.toUnsignedString(id) + ")";
    if (id == -1) {
      throw new ErrnoException(description, Errno.EINVAL);
    }
    calls.check(description, call, id, id, id);
  }
}
