package io.smartagent.plan;

import io.smartagent.host.AccountTool;
import io.smartagent.host.HostUser;

/**
 * An account that is made on the host.
 *
 * @param user that will be there
 * @param makesGroup whether the group of the same name is not there yet
 * @param tool that makes it
 * @param shell that refuses a login
 */
public record NewAccount(HostUser user, boolean makesGroup, AccountTool tool, String shell) {

  /** Where the account's home directory is not: nothing is made there. */
  public static final String NO_HOME = "/nonexistent";
}
