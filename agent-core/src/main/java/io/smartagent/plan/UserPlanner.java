package io.smartagent.plan;

import static io.smartagent.kernel.capability.Capability.CAP_CHOWN;
import static io.smartagent.kernel.capability.Capability.CAP_DAC_OVERRIDE;
import static io.smartagent.kernel.capability.Capability.CAP_SETGID;
import static io.smartagent.kernel.capability.Capability.CAP_SETUID;

import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.config.Settings;
import io.smartagent.config.UserSpec;
import io.smartagent.host.DirectoryFacts;
import io.smartagent.host.HostFacts;
import io.smartagent.host.HostUser;
import io.smartagent.host.HostUsers;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.probe.ContainerFacts;
import java.util.List;
import java.util.Optional;

/** Decides whom the agent becomes: the host's user that was named, or root with a reason. Pure. */
final class UserPlanner {

  private static final CapabilitySet TO_CHANGE_USER = CapabilitySet.of(CAP_SETUID, CAP_SETGID);

  private final Settings settings;
  private final ContainerFacts container;
  private final HostFacts host;
  private final List<Problem> problems;
  private final List<String> warnings;

  UserPlanner(
      Settings settings,
      ContainerFacts container,
      HostFacts host,
      List<Problem> problems,
      List<String> warnings) {
    this.settings = settings;
    this.container = container;
    this.host = host;
    this.problems = problems;
    this.warnings = warnings;
  }

  UserDecision decide() {
    HostUser root = host.passwd().flatMap(users -> users.byUid(0)).orElse(HostUser.ROOT);
    if (!settings.nonRootMode()) {
      return new UserDecision(
          root, settings.sourceOf(Option.NON_ROOT_MODE) + " is false, so root was asked for.");
    }
    if (settings.user().isEmpty() && !settings.sourceOf(Option.USER).equals("default")) {
      return new UserDecision(root, "The user that was named is none.");
    }
    if (settings.user().isEmpty()) {
      return fallback(
          root,
          "No user was named",
          "Name one that is in the host's /etc/passwd with --user, or say --non-root-mode false.");
    }
    UserSpec spec = settings.user().get();
    Optional<HostUser> user = find(spec);
    if (user.isEmpty()) {
      return fallback(
          root,
          "User \"" + spec + "\" is not in the host's /etc/passwd" + whyNot(spec),
          "Name one that is there with --user, or UID:GID in numbers.");
    }
    if (user.get().uid() == 0) {
      problems.add(
          Problem.configuration(
              settings.sourceOf(Option.USER) + " is \"" + spec + "\", who is root.",
              "Name another user, or say --non-root-mode false if root is meant."));
      return new UserDecision(root, "The user that was named is root.");
    }
    return whatStandsInTheWay(user.get())
        .map(obstacle -> fallback(root, obstacle.fault(), obstacle.remedy()))
        .orElseGet(() ->
            new UserDecision(
                user.get(), settings.sourceOf(Option.USER) + " names this user of the host."));
  }

  private Optional<HostUser> find(UserSpec spec) {
    Optional<HostUser> known =
        host.passwd()
            .flatMap(users ->
                spec.uid().isPresent() ? users.byUid(spec.uid().get()) : users.byName(spec.name()));
    if (spec.group() == null) {
      return known;
    }
    Optional<Integer> gid =
        host.passwd().orElseGet(() -> new HostUsers("", "")).gid(String.valueOf(spec.group()));
    if (gid.isEmpty()) {
      problems.add(
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

  private String whyNot(UserSpec spec) {
    return host.passwd().stream()
        .flatMap(users -> users.brokenLines().stream())
        .filter(line -> line.name().equals(spec.name()))
        .findFirst()
        .map(line -> " (line " + line.number() + " names it but is no account)")
        .orElse("");
  }

  /** A reason to stay root, with what the user can do about it. */
  private record Obstacle(String fault, String remedy) {}

  private Optional<Obstacle> whatStandsInTheWay(HostUser user) {
    CapabilitySet missing = TO_CHANGE_USER.minus(container.capabilities().effective());
    if (!missing.isEmpty()) {
      return Optional.of(
          new Obstacle(
              "The container lacks " + String.join(" and ", missing.names()),
              inline(
                  container.capabilities().bounding().containsAll(missing)
                      ? Remedies.runAsRoot()
                      : Remedies.addCapabilities(missing))));
    }
    if (!container.ambientSupported()) {
      return Optional.of(
          new Obstacle(
              "This kernel has no ambient capabilities (Linux 4.3), so another user would have none",
              "Say --non-root-mode false, or use a newer kernel."));
    }
    if (container.securebits().forbidsAmbientRaise()) {
      return Optional.of(
          new Obstacle(
              "SECBIT_NO_CAP_AMBIENT_RAISE is set, so another user would have no capability",
              "Start the container without it."));
    }
    if (!fits(host.runtime(), user) && !canChangeOwner()) {
      return Optional.of(
          new Obstacle(
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
    boolean ofAnother = !fits(host.runtime(), user);
    return user.uid() == 0
        ? ofAnother && host.runtime().isDirectory() && canChangeOwner()
        : ofAnother;
  }

  /** Refuses where not even root could write to the data directory. */
  void requireWritableRuntime(HostUser user) {
    if (user.uid() == 0
        && host.runtime().isDirectory()
        && !fits(host.runtime(), user)
        && !canChangeOwner()
        && !has(CAP_DAC_OVERRIDE)) {
      problems.add(
          Problem.notPermitted(
              "Root cannot write to \""
                  + settings.runtimeDirectory()
                  + "\": it belongs to uid "
                  + Integer.toUnsignedString(host.runtime().uid())
                  + ", and the container lacks CAP_DAC_OVERRIDE and CAP_CHOWN.",
              "Add the capability CHOWN, or change the directory's owner on the host."));
    }
  }

  private boolean has(Capability capability) {
    return container.capabilities().effective().contains(capability);
  }

  private UserDecision fallback(HostUser root, String fault, String remedy) {
    if (settings.strict()) {
      problems.add(Problem.configuration(fault + ", and --strict forbids to run as root.", remedy));
    } else {
      warnings.add(fault + ", so the agent runs as root. " + remedy);
    }
    return new UserDecision(root, fault + ".");
  }

  private static String inline(String yaml) {
    return "Add to the container spec:\n" + yaml;
  }
}
