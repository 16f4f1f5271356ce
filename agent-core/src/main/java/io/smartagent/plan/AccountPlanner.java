package io.smartagent.plan;

import io.smartagent.config.Mode;
import io.smartagent.host.AccountTool;
import io.smartagent.host.HostFacts;
import io.smartagent.host.HostUser;
import io.smartagent.host.HostUsers;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.needs.LaunchNeed;
import io.smartagent.probe.ContainerFacts;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Decides which account of the host the agent gets where no user is named. Pure. */
final class AccountPlanner {

  /** The account that the agent makes for itself, and finds again. */
  static final String NAME = "smartagent";

  /** The directory that accounts are made in. */
  static final String ETC = "/etc";

  /** Accounts of people begin at 1000, those that distributions give numbers to end at 99. */
  private static final int ID_LIMIT = 1000;

  private static final int MIN_ID = 100;

  private static final String NAME_ONE =
      "name a user that is in the host's /etc/passwd with --user, or pass --non-root-mode false.";

  private final ContainerFacts container;
  private final HostFacts host;
  private final Findings findings;

  AccountPlanner(ContainerFacts container, HostFacts host, Findings findings) {
    this.container = container;
    this.host = host;
    this.findings = findings;
  }

  /** Returns the account that is there already: an earlier start, or the host's owner, made it. */
  Optional<HostUser> existing() {
    return host.users().passwd().flatMap(users -> users.byName(NAME));
  }

  /** Returns why none can be created; empty where one can. */
  Optional<UserBlocker> blocker(Mode mode) {
    if (mode == Mode.MINIMAL) {
      return blocked("mode minimal makes none", "N" + NAME_ONE.substring(1));
    }
    if (!host.users().accounts().etcIsWritable()) {
      return blocked(
          "none can be made in the host's read-only /etc",
          "Mount it at \"/mnt/root/etc\" with readOnly: false until the user is there, or "
              + NAME_ONE);
    }
    if (host.users().accounts().tool().isEmpty()) {
      return blocked(
          "the host has neither useradd nor busybox's adduser to make one",
          "Make a user on the host, and " + NAME_ONE);
    }
    CapabilitySet missing =
        LaunchNeed.MAKE_USER.capabilities().minus(container.capabilities().effective());
    if (!missing.isEmpty()) {
      return blocked(
          "the container lacks " + String.join(" and ", missing.names()) + " to make one",
          "Add to the container spec:\n" + Remedies.addCapabilities(missing));
    }
    if (freeId() < MIN_ID) {
      return blocked(
          "the host has given away all numbers from " + MIN_ID + " to " + (ID_LIMIT - 1),
          "Make a user on the host, and " + NAME_ONE);
    }
    return Optional.empty();
  }

  private static Optional<UserBlocker> blocked(String why, String remedy) {
    return Optional.of(new UserBlocker("No user was named, and " + why, remedy));
  }

  /** Returns the account to create, where there is no blocker. */
  NewAccount account() {
    AccountTool tool = host.users().accounts().tool().orElseThrow();
    Optional<Integer> group = users().gid(NAME);
    int gid = group.orElseGet(this::freeId);
    int uid = numberOfGroup(gid) ? gid : freeId();
    TreeSet<Long> groups = new TreeSet<>();
    groups.add(Integer.toUnsignedLong(gid));
    users().groupsWithMember(NAME).forEach(member -> groups.add(Integer.toUnsignedLong(member)));
    List<Integer> gids = groups.stream().map(Long::intValue).toList();
    HostUser user = new HostUser(NAME, uid, gid, gids, NewAccount.NO_HOME);
    return new NewAccount(user, group.isEmpty(), tool, host.users().accounts().noLoginShell());
  }

  /**
   * A start that finds the group but no user may run between the two steps of another start, which
   * gives both the same number: so does this one, and both agree.
   */
  private boolean numberOfGroup(int gid) {
    return gid >= MIN_ID && gid < ID_LIMIT && users().byUid(gid).isEmpty();
  }

  private HostUsers users() {
    return host.users().passwd().orElseGet(() -> new HostUsers("", ""));
  }

  /** The highest that neither a user nor a group has, as the tools themselves choose. */
  private int freeId() {
    BitSet taken = users().idsBelow(ID_LIMIT);
    taken.or(host.users().accounts().packaged().idsBelow(ID_LIMIT));
    return taken.previousClearBit(ID_LIMIT - 1);
  }

  /** Warns where /etc cannot be sealed once the account is there. */
  void warnOfWhatStaysOpen(VirtualRoot root, UserDecision user) {
    if (user.account().isPresent() && !root.sealed() && root.mode() == Mode.READ_ONLY) {
      findings.warning(
          "The host's /etc stays writable after \""
              + NAME
              + "\" is made there, as the YAML mounted it: without CAP_SYS_ADMIN the launcher"
              + " cannot seal it. Mount it with readOnly: true from now on.");
    }
  }
}
