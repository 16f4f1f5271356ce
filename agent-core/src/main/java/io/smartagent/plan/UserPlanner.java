package io.smartagent.plan;

import static io.smartagent.kernel.capability.Capability.CAP_CHOWN;
import static io.smartagent.kernel.capability.Capability.CAP_DAC_OVERRIDE;
import static io.smartagent.kernel.capability.Capability.CAP_SETGID;
import static io.smartagent.kernel.capability.Capability.CAP_SETUID;

import io.smartagent.config.Mode;
import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.config.Settings;
import io.smartagent.config.UserSpec;
import io.smartagent.host.DirectoryFacts;
import io.smartagent.host.HostFacts;
import io.smartagent.host.HostUser;
import io.smartagent.host.HostUsers;
import io.smartagent.host.HostUsers.BrokenLine;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.probe.ContainerFacts;
import java.util.List;
import java.util.Optional;

/** Decides which user the agent becomes: the named one of the host, or root with a reason. Pure. */
final class UserPlanner {

  private static final int BROKEN_LINES_TO_NAME = 3;

  private static final CapabilitySet TO_CHANGE_USER = CapabilitySet.of(CAP_SETUID, CAP_SETGID);

  /** The maximum of setgroups(2): NGROUPS_MAX, since Linux 2.6.4. */
  private static final int MAX_GROUPS = 65536;

  private final Settings settings;
  private final ContainerFacts container;
  private final HostFacts host;
  private final Findings findings;
  private final AccountPlanner accounts;
  private final FileCapabilityPlanner fileCapabilities;

  UserPlanner(
      Settings settings,
      ContainerFacts container,
      HostFacts host,
      Findings findings,
      AccountPlanner accounts,
      FileCapabilityPlanner fileCapabilities) {
    this.settings = settings;
    this.container = container;
    this.host = host;
    this.findings = findings;
    this.accounts = accounts;
    this.fileCapabilities = fileCapabilities;
  }

  /** Finds what is wrong with the host's accounts. */
  void checkAccounts() {
    if (host.users().passwd().isEmpty()) {
      findings.problem(
          Problem.configuration(
              "The host's /etc/passwd cannot be read: " + host.users().detail() + ".",
              "Mount a host's root at /mnt/root that has a regular file etc/passwd."));
      return;
    }
    List<BrokenLine> broken = host.users().passwd().get().brokenLines();
    for (BrokenLine line : broken.subList(0, Math.min(BROKEN_LINES_TO_NAME, broken.size()))) {
      findings.warning(
          "Line "
              + line.number()
              + " of the host's /etc/passwd is not an account and is ignored. It needs seven fields"
              + " separated by colons, the third and fourth of them numbers.");
    }
    if (broken.size() > BROKEN_LINES_TO_NAME) {
      findings.warning(
          (broken.size() - BROKEN_LINES_TO_NAME)
              + " more lines of the host's /etc/passwd are not accounts.");
    }
  }

  /**
   * Returns the user that the agent becomes.
   *
   * @param mode of the virtual root
   * @param kept the capabilities that the user has to keep
   */
  UserDecision decide(Mode mode, CapabilitySet kept) {
    HostUser root = host.users().passwd().flatMap(users -> users.byUid(0)).orElse(HostUser.ROOT);
    if (!settings.identity().nonRootMode()) {
      return new UserDecision(
          root, settings.sourceOf(Option.NON_ROOT_MODE) + " is false, so root was asked for.");
    }
    if (settings.identity().user().isEmpty() && !settings.sourceOf(Option.USER).equals("default")) {
      return new UserDecision(root, "Invalid --user value.");
    }
    if (settings.identity().user().isEmpty()) {
      return unnamed(root, mode, kept);
    }
    UserSpec spec = settings.identity().user().get();
    Optional<HostUser> user = find(spec);
    if (user.isEmpty()) {
      return fallback(
          root,
          new UserBlocker(
              "User \"" + spec + "\" is not in the host's /etc/passwd" + whyNot(spec),
              "Name one that is there with --user, or UID:GID in numbers."));
    }
    checkGroups(user.get());
    if (user.get().uid() == 0) {
      findings.problem(
          Problem.configuration(
              settings.sourceOf(Option.USER) + " is \"" + spec + "\", who is root.",
              "Name another user, or pass --non-root-mode false if root is meant."));
      return new UserDecision(root, "The user that was named is root.");
    }
    return unlessBlocked(
        root,
        kept,
        new UserDecision(
            user.get(), settings.sourceOf(Option.USER) + " names this user of the host."));
  }

  /**
   * Returns whether an account is created wherever it does not exist: on the next node, where it
   * was on this one.
   */
  boolean makesAccounts(Mode mode) {
    return settings.identity().nonRootMode()
        && settings.identity().user().isEmpty()
        && settings.sourceOf(Option.USER).equals("default")
        && mode != Mode.MINIMAL
        && host.users().accounts().etcIsWritable();
  }

  /** Mode minimal requires a named user, as documented, whatever accounts the host has. */
  private UserDecision unnamed(HostUser root, Mode mode, CapabilitySet kept) {
    Optional<HostUser> existing = accounts.existing();
    if (mode != Mode.MINIMAL && existing.isPresent() && existing.get().uid() != 0) {
      return unlessBlocked(
          root,
          kept,
          new UserDecision(
              existing.get(),
              "No user was named, and the host has \"" + AccountPlanner.NAME + "\"."));
    }
    Optional<UserBlocker> blocker =
        existing.isPresent() && mode != Mode.MINIMAL
            ? Optional.of(
                new UserBlocker(
                    "No user was named, and \"" + AccountPlanner.NAME + "\" of the host is root",
                    "Name another with --user, or pass --non-root-mode false."))
            : accounts.blocker(mode);
    if (blocker.isPresent()) {
      return fallback(root, blocker.get());
    }
    NewAccount account = accounts.account();
    return unlessBlocked(
        root,
        kept,
        new UserDecision(
            account.user(),
            "No user was named, so \"" + AccountPlanner.NAME + "\" is made on the host.",
            Optional.of(account)));
  }

  private UserDecision unlessBlocked(HostUser root, CapabilitySet kept, UserDecision decision) {
    return blockerOf(decision.user(), kept)
        .map(blocker -> fallback(root, blocker))
        .orElse(decision);
  }

  private Optional<HostUser> find(UserSpec spec) {
    Optional<HostUser> known =
        host.users()
            .passwd()
            .flatMap(users ->
                spec.uid().isPresent() ? users.byUid(spec.uid().get()) : users.byName(spec.name()));
    if (spec.group() == null) {
      return known;
    }
    Optional<Integer> gid =
        host.users()
            .passwd()
            .orElseGet(() -> new HostUsers("", ""))
            .gid(String.valueOf(spec.group()));
    if (gid.isEmpty()) {
      findings.problem(
          Problem.configuration(
              "Group \""
                  + spec.group()
                  + "\" of "
                  + settings.sourceOf(Option.USER)
                  + " is not in the host's /etc/group.",
              "Name one that is there, or its number."));
      return known;
    }
    return known
        .map(user -> user.withGroup(gid.get()))
        .or(() ->
            spec.uid()
                .map(uid ->
                    new HostUser(
                        Long.toString(uid), uid.intValue(), gid.get(), List.of(gid.get()), "/")));
  }

  private void checkGroups(HostUser user) {
    if (user.groups().size() > MAX_GROUPS) {
      findings.problem(
          Problem.configuration(
              "User \""
                  + user.name()
                  + "\" is in "
                  + user.groups().size()
                  + " groups of the host, and Linux allows "
                  + MAX_GROUPS
                  + ".",
              "Name one group with --user " + user.name() + ":GROUP: then he is in no other."));
    }
  }

  private String whyNot(UserSpec spec) {
    return host.users().passwd().stream()
        .flatMap(users -> users.brokenLines().stream())
        .filter(line -> line.name().equals(spec.name()))
        .findFirst()
        .map(line -> " (line " + line.number() + " names it but is no account)")
        .orElse("");
  }

  private Optional<UserBlocker> blockerOf(HostUser user, CapabilitySet kept) {
    CapabilitySet missing = TO_CHANGE_USER.minus(container.capabilities().effective());
    if (!missing.isEmpty()) {
      return Optional.of(
          new UserBlocker(
              "The container lacks " + String.join(" and ", missing.names()),
              inline(
                  container.capabilities().bounding().containsAll(missing)
                      ? Remedies.runAsRoot()
                      : Remedies.addCapabilities(missing))));
    }
    if (fileCapabilities.areNeeded(user, kept) && fileCapabilities.blocker().isPresent()) {
      return fileCapabilities.blocker();
    }
    if (container.securebits().forbidsAmbientRaise()) {
      return Optional.of(
          new UserBlocker(
              "SECBIT_NO_CAP_AMBIENT_RAISE is set, so another user would have no capability",
              "Start the container without it."));
    }
    if (!fits(host.directories().runtime(), user) && !canChangeOwner()) {
      return Optional.of(
          new UserBlocker(
              "\""
                  + settings.runtimeDirectory()
                  + "\" does not belong to user \""
                  + user.name()
                  + "\" and the container lacks CAP_CHOWN",
              "Change its owner on the host to "
                  + Integer.toUnsignedString(user.uid())
                  + ", or add the capability CHOWN."));
    }
    return Optional.empty();
  }

  private boolean canChangeOwner() {
    return container.capabilities().effective().contains(CAP_CHOWN);
  }

  private static boolean fits(DirectoryFacts runtime, HostUser user) {
    return runtime.isDirectory() && runtime.uid() == user.uid();
  }

  /**
   * Returns whether the data directory has to change its owner for {@code user}: for root too, as
   * the agent keeps no CAP_DAC_OVERRIDE to write to the directory of another.
   */
  boolean mustChangeOwner(HostUser user) {
    boolean ofAnother = !fits(host.directories().runtime(), user);
    return user.uid() == 0
        ? ofAnother && host.directories().runtime().isDirectory() && canChangeOwner()
        : ofAnother;
  }

  /** Refuses where not even root could write to the data directory. */
  void requireWritableRuntime(HostUser user) {
    if (user.uid() == 0
        && host.directories().runtime().isDirectory()
        && !fits(host.directories().runtime(), user)
        && !canChangeOwner()
        && !container.has(CAP_DAC_OVERRIDE)) {
      findings.problem(
          Problem.notPermitted(
              "Root cannot write to \""
                  + settings.runtimeDirectory()
                  + "\": it belongs to uid "
                  + Integer.toUnsignedString(host.directories().runtime().uid())
                  + ", and the container lacks CAP_DAC_OVERRIDE and CAP_CHOWN.",
              "Add the capability CHOWN, or change the directory's owner on the host."));
    }
  }

  private UserDecision fallback(HostUser root, UserBlocker blocker) {
    if (settings.identity().strict()) {
      findings.problem(
          Problem.configuration(
              blocker.fault() + ", and --strict forbids to run as root.", blocker.remedy()));
    } else {
      findings.warning(blocker.fault() + ", so the agent runs as root. " + blocker.remedy());
    }
    return new UserDecision(root, blocker.fault() + ".");
  }

  private static String inline(String yaml) {
    return "Add to the container spec:\n" + yaml;
  }
}
