package io.smartagent.host;

import java.util.Optional;

/**
 * What there is on the host to make an account with.
 *
 * @param etcIsWritable whether /etc is a directory on a mount that is not read-only
 * @param tool that makes an account; empty where the host has none, and where /etc is read-only
 * @param noLoginShell what refuses a login, by its path on the host
 * @param packaged the accounts that the system's image brings in /usr/lib, which the tools know of
 *     too: nss_altfiles(5)
 */
public record AccountFacts(
    boolean etcIsWritable, Optional<AccountTool> tool, String noLoginShell, HostUsers packaged) {

  /** Nothing can be made. */
  public static final AccountFacts NONE =
      new AccountFacts(false, Optional.empty(), "/bin/false", new HostUsers("", ""));
}
