package io.smartagent.simulation;

import static io.smartagent.simulation.PlanOnly.noPlanAsksFor;

import io.smartagent.kernel.process.Credentials;
import io.smartagent.kernel.process.UserIds;
import java.util.List;

/** The user of an assumed container's first process. */
final class AssumedCredentials implements Credentials {

  private final int uid;

  AssumedCredentials(int uid) {
    this.uid = uid;
  }

  @Override
  public UserIds users() {
    return new UserIds(uid, uid, uid);
  }

  @Override
  public UserIds groups() {
    return users();
  }

  @Override
  public List<Integer> supplementaryGroups() {
    return List.of();
  }

  @Override
  public void setSupplementaryGroups(List<Integer> gids) {
    throw noPlanAsksFor("other groups");
  }

  @Override
  public void setGroup(int gid) {
    throw noPlanAsksFor("another group");
  }

  @Override
  public void setUser(int user) {
    throw noPlanAsksFor("another user");
  }
}
