package io.smartagent.simulation;

import io.smartagent.config.Booleans;
import io.smartagent.config.Numbers;
import io.smartagent.config.Problem;
import io.smartagent.config.SettingValue;
import io.smartagent.config.Settings;
import io.smartagent.config.Spelling;
import io.smartagent.config.UserSpec;
import io.smartagent.confinement.ContainerEngine;
import io.smartagent.confinement.SeccompProfile;
import io.smartagent.host.HostFiles;
import io.smartagent.host.HostRoot;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.kernel.security.SeccompMode;
import io.smartagent.probe.Ability;
import io.smartagent.probe.ClusterFacts;
import io.smartagent.probe.ClusterQuestion;
import io.smartagent.probe.ContainerFacts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes a {@link Simulation} of the values of {@code --assume}, and finds all their problems at
 * once. What is not said is as it is here, where a host's root is here, else as a container has it
 * by default; either is listed.
 */
final class AssumptionParser {

  static final List<String> LSM_PROFILES = lsmProfiles();

  private static final String OPTION = "--assume";
  private static final String HERE = "here";
  private static final String DEFAULT = "default";
  private static final String PRIVILEGED = "privileged";
  private static final String FROM_PRIVILEGED = "caps=privileged";
  private static final int FILE_LIMIT = 8 << 20;

  private static final CapabilitySet DEFAULT_CAPABILITIES = ContainerEngine.DOCKER.capabilities();

  private final Map<AssumptionKey, String> given = new EnumMap<>(AssumptionKey.class);
  private final List<SettingValue> listed = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final Optional<ContainerFacts> here;
  private final Settings settings;
  private final Kernel kernel;

  private AssumptionParser(Optional<ContainerFacts> here, Settings settings, Kernel kernel) {
    this.here = here;
    this.settings = settings;
    this.kernel = kernel;
  }

  private static List<String> lsmProfiles() {
    List<String> profiles = new ArrayList<>(List.of("none"));
    for (ContainerEngine engine : ContainerEngine.values()) {
      profiles.add(engine.appArmorProfile());
    }
    return List.copyOf(profiles);
  }

  /**
   * Returns what is described, with the default wherever a value is not valid.
   *
   * @param texts of the options, each {@code KEY=VALUE,...}; a later value replaces an earlier one
   * @param here what this container may do, where a host's root is mounted into it
   * @param settings whose directories and user the host is assumed to have
   * @param kernel reads files, and has a release
   */
  static Simulation parse(
      List<String> texts, Optional<ContainerFacts> here, Settings settings, Kernel kernel) {
    AssumptionParser parser = new AssumptionParser(here, settings, kernel);
    texts.forEach(parser::collect);
    AssumedContainer container = parser.container();
    AssumedHost host = parser.host(container.accountFile());
    parser.listUnknown();
    return new Simulation(
        new AssumedProbe(container, host, kernel.security()),
        parser.isHostHere()
            ? HostFiles.of(kernel, HostRoot.MOUNT_POINT)
            : new HostFiles(new AssumedFiles(host), host.mounts(), HostRoot.MOUNT_POINT),
        parser.listed,
        parser.problems,
        !container.accountFile().isEmpty());
  }

  private void collect(String text) {
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 0) {
        problems.add(
            Problem.usage(
                "Option --assume has \"" + part + "\", which is no KEY=VALUE.",
                Capability.parse(part).isPresent()
                    ? "Join capabilities by \"+\", as in caps=CHOWN+SETUID."
                    : "Its keys are " + String.join(", ", AssumptionKey.ids()) + "."));
        continue;
      }
      String name = part.substring(0, equals);
      Optional<AssumptionKey> key = AssumptionKey.of(name);
      if (key.isEmpty()) {
        List<String> known = AssumptionKey.ids();
        problems.add(
            Problem.usage(
                "Option --assume has no key \"" + name + "\".",
                "Its keys are "
                    + String.join(", ", known)
                    + "."
                    + Spelling.suggestion(name, known)));
        continue;
      }
      given.put(key.get(), part.substring(equals + 1));
    }
  }

  private AssumedContainer container() {
    KernelRelease release = release();
    boolean privileged = PRIVILEGED.equals(given.get(AssumptionKey.CAPS));
    CapabilitySet capabilities = capabilities(release);
    boolean noNewPrivileges =
        bool(AssumptionKey.NNP, here.map(ContainerFacts::noNewPrivileges), false);
    SeccompProfile seccomp = seccomp(privileged);
    Optional<String> lsm = lsm(privileged);
    boolean initialUser = isInitialUserNamespace();
    int uid = uid();
    AssumedContainer.Namespaces namespaces =
        new AssumedContainer.Namespaces(
            initialUser,
            bool(AssumptionKey.HOST_PID, Optional.empty(), true),
            bool(AssumptionKey.HOST_NETWORK, Optional.empty(), true));
    boolean anyDevice = anyDevice(privileged);
    return new AssumedContainer(
        release,
        capabilities,
        uid,
        new AssumedContainer.Confinement(noNewPrivileges, seccomp, lsm, anyDevice),
        namespaces,
        accountFile());
  }

  private void list(AssumptionKey key, String value, String source) {
    listed.add(new SettingValue(key.id(), value, source));
  }

  private void list(String name, String value, String source) {
    listed.add(new SettingValue(name, value, source));
  }

  private void refuse(AssumptionKey key, String found, List<String> known) {
    problems.add(
        Problem.usage(
            "Assumption " + key.id() + " is \"" + found + "\".",
            "It can be " + key.accepted() + "." + Spelling.suggestion(found, known)));
  }

  /**
   * What holds where nothing is said.
   *
   * @param value that holds
   * @param text of it, as {@code --assume} takes it
   * @param source {@code here}, {@code default}, or the assumption that it follows from
   */
  private record Fallback<T>(T value, String text, String source) {}

  private <T> T choose(
      AssumptionKey key,
      List<String> known,
      Function<String, Optional<T>> parser,
      Fallback<T> fallback) {
    String text = given.get(key);
    Optional<T> value = text == null ? Optional.empty() : parser.apply(text);
    if (text != null && value.isPresent()) {
      list(key, text, OPTION);
      return value.get();
    }
    if (text != null) {
      refuse(key, text, known);
    }
    list(key, fallback.text(), fallback.source());
    return fallback.value();
  }

  private String hereOr(String otherwise) {
    return here.isPresent() ? HERE : otherwise;
  }

  /** The features come from the version also where the kernel is the one that is here. */
  private KernelRelease release() {
    String own = kernel.security().release();
    KernelRelease release =
        choose(
            AssumptionKey.KERNEL,
            List.of(),
            KernelRelease::parse,
            new Fallback<>(
                KernelRelease.parse(own).orElse(new KernelRelease(own, 0, 0)), own, HERE));
    list(
        "kernelFeatures",
        "those of kernel.org's " + release.version() + "; a distribution's may have more",
        DEFAULT);
    return release;
  }

  private CapabilitySet capabilities(KernelRelease release) {
    CapabilitySet known = CapabilitySet.upTo(KernelFeature.lastCapability(release));
    String text = given.get(AssumptionKey.CAPS);
    if (text == null) {
      CapabilitySet set =
          here.map(facts -> facts.capabilities().bounding()).orElse(DEFAULT_CAPABILITIES);
      list(AssumptionKey.CAPS, written(set), hereOr(DEFAULT));
      return set.intersect(known);
    }
    list(AssumptionKey.CAPS, text, OPTION);
    if (text.equals(PRIVILEGED)) {
      return known;
    }
    CapabilitySet set = CapabilitySet.NONE;
    for (String word : text.split("[+]", -1)) {
      set = set.union(capability(word, known));
    }
    CapabilitySet unknown = set.minus(known);
    if (!unknown.isEmpty()) {
      list(
          "capsUnknownToKernel",
          written(unknown) + ": not given, because the kernel is older",
          AssumptionKey.KERNEL.id());
    }
    return set.intersect(known);
  }

  private CapabilitySet capability(String word, CapabilitySet known) {
    return switch (word) {
      case "all" -> known;
      case "none" -> CapabilitySet.NONE;
      case "docker" -> DEFAULT_CAPABILITIES;
      default -> {
        Optional<Capability> capability = Capability.parse(word);
        if (capability.isEmpty()) {
          List<String> names = new ArrayList<>(List.of("all", "none", "docker", PRIVILEGED));
          for (Capability each : Capability.values()) {
            names.add(each.shortName());
          }
          refuse(AssumptionKey.CAPS, word, names);
        }
        yield capability.map(CapabilitySet::of).orElse(CapabilitySet.NONE);
      }
    };
  }

  private static String written(CapabilitySet set) {
    return set.isEmpty() ? "none" : String.join("+", set.shortNames());
  }

  private boolean bool(AssumptionKey key, Optional<Boolean> found, boolean otherwise) {
    boolean value = found.orElse(otherwise);
    return choose(
        key,
        List.of("true", "false"),
        Booleans::parse,
        new Fallback<>(value, Boolean.toString(value), found.isPresent() ? HERE : DEFAULT));
  }

  /** A choice of two words, of which the first one is true. */
  private boolean either(AssumptionKey key, String yes, String no, boolean value, String source) {
    return choose(
        key,
        List.of(yes, no),
        text ->
            text.equals(yes) || text.equals(no) ? Optional.of(text.equals(yes)) : Optional.empty(),
        new Fallback<>(value, value ? yes : no, source));
  }

  /** The profile of a filter that is here cannot be found out. */
  private SeccompProfile seccomp(boolean privileged) {
    boolean unfilteredHere =
        here.map(ContainerFacts::seccomp).equals(Optional.of(SeccompMode.DISABLED));
    SeccompProfile filter =
        privileged || unfilteredHere ? SeccompProfile.NONE : SeccompProfile.DOCKER;
    String source = privileged ? FROM_PRIVILEGED : unfilteredHere ? HERE : DEFAULT;
    return choose(
        AssumptionKey.SECCOMP,
        SeccompProfile.ids(),
        SeccompProfile::of,
        new Fallback<>(filter, filter.id(), source));
  }

  private Optional<String> lsm(boolean privileged) {
    Optional<String> label = here.flatMap(ContainerFacts::lsmLabel);
    Optional<String> found =
        LSM_PROFILES.stream()
            .filter(profile -> !privileged)
            .filter(profile -> label.isPresent() && label.get().startsWith(profile + " "))
            .findFirst();
    boolean known = found.isPresent() || (here.isPresent() && label.isEmpty());
    String profile =
        choose(
            AssumptionKey.LSM,
            LSM_PROFILES,
            text -> Optional.of(text).filter(LSM_PROFILES::contains),
            new Fallback<>(
                found.orElse("none"),
                found.orElse("none"),
                privileged ? FROM_PRIVILEGED : known ? HERE : DEFAULT));
    return Optional.of(profile).filter(name -> !name.equals("none"));
  }

  private boolean isInitialUserNamespace() {
    return either(
        AssumptionKey.USERNS,
        "initial",
        "mapped",
        here.map(ContainerFacts::initialUserNamespace).orElse(true),
        hereOr(DEFAULT));
  }

  private int uid() {
    int uid = here.map(ContainerFacts::uid).orElse(0);
    return choose(
        AssumptionKey.UID,
        List.of(),
        text -> Numbers.parse(text, UserSpec.MAX_ID).map(Long::intValue),
        new Fallback<>(uid, Integer.toUnsignedString(uid), hereOr(DEFAULT)));
  }

  private boolean anyDevice(boolean privileged) {
    boolean found = here.map(facts -> facts.can(Ability.KMSG)).orElse(false);
    return either(
        AssumptionKey.DEVICES,
        "all",
        "default",
        privileged || found,
        privileged ? FROM_PRIVILEGED : found ? HERE : DEFAULT);
  }

  private String accountFile() {
    return switch (account()) {
      case NONE -> "";
      case AUTOMOUNTED -> ClusterQuestion.AUTOMOUNTED + ClusterQuestion.TOKEN;
      case PROJECTED ->
          HostRoot.MOUNT_POINT
              + settings.runtimeDirectory()
              + "/"
              + ClusterQuestion.DIRECTORY_NAME
              + ClusterQuestion.TOKEN;
    };
  }

  private AssumedAccount account() {
    ClusterFacts found = here.map(ContainerFacts::cluster).orElse(ClusterFacts.NONE);
    AssumedAccount account =
        !found.hasAccount()
            ? AssumedAccount.NONE
            : found.onHost() ? AssumedAccount.PROJECTED : AssumedAccount.AUTOMOUNTED;
    return choose(
        AssumptionKey.SERVICE_ACCOUNT,
        AssumedAccount.ids(),
        AssumedAccount::of,
        new Fallback<>(account, account.id(), hereOr(DEFAULT)));
  }

  /** The host that is here is meant, unless something else is said of a host. */
  private boolean isHostHere() {
    return here.isPresent()
        && !given.containsKey(AssumptionKey.MOUNTS)
        && !given.containsKey(AssumptionKey.USERS);
  }

  private AssumedHost host(String accountFile) {
    AssumedHost expected = ExpectedHost.of(settings, accountFile);
    MountTable mounts = mounts(expected);
    if (isHostHere()) {
      list("host", "the one at /mnt/root", HERE);
      return expected.with(mounts, expected.passwd(), expected.group());
    }
    String file = given.get(AssumptionKey.USERS);
    Optional<String> accounts = file == null ? Optional.empty() : read(AssumptionKey.USERS, file);
    String group = expected.group();
    if (file != null && accounts.isPresent()) {
      list(AssumptionKey.USERS, file, OPTION);
      group = beside(file);
    } else {
      list(AssumptionKey.USERS, String.join(" ", names(expected.passwd())), DEFAULT);
    }
    list(
        "host",
        "every directory is there, root's, with mode 0755; so is every program in /bin, /sbin,"
            + " /usr/bin and /usr/sbin",
        DEFAULT);
    return expected.with(mounts, accounts.orElse(expected.passwd()), group);
  }

  private MountTable mounts(AssumedHost expected) {
    String file = given.get(AssumptionKey.MOUNTS);
    Optional<String> text = file == null ? Optional.empty() : read(AssumptionKey.MOUNTS, file);
    if (file != null && text.isPresent()) {
      try {
        MountTable table = MountTable.parse(text.get());
        list(AssumptionKey.MOUNTS, file, OPTION);
        return table;
      } catch (IllegalArgumentException e) {
        problems.add(
            Problem.usage(
                "Assumption mounts names \"" + file + "\", which is no mountinfo.",
                "Save /proc/PID/mountinfo of the container's first process in it."));
      }
    }
    if (here.isPresent() && file == null) {
      try {
        MountTable table = kernel.mounts().table();
        list(AssumptionKey.MOUNTS, "as at /mnt/root", HERE);
        return table;
      } catch (ErrnoException noProc) {
        // Then those of the documentation have to do.
      }
    }
    list(AssumptionKey.MOUNTS, ExpectedHost.describe(settings), DEFAULT);
    return expected.mounts();
  }

  private Optional<String> read(AssumptionKey key, String file) {
    try {
      byte[] bytes = kernel.filesystem().readAll(file, FILE_LIMIT);
      return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    } catch (ErrnoException e) {
      problems.add(
          Problem.usage(
              "Assumption " + key.id() + " cannot be read: " + e.getMessage() + ".",
              "It is " + key.accepted() + ", mounted into this container."));
      return Optional.empty();
    }
  }

  private String beside(String passwd) {
    String group = passwd.substring(0, passwd.lastIndexOf('/') + 1) + "group";
    try {
      byte[] bytes = kernel.filesystem().readAll(group, FILE_LIMIT);
      list("groups", group, OPTION);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (ErrnoException none) {
      list("groups", "none: there is no " + group, DEFAULT);
      return "";
    }
  }

  private static List<String> names(String passwd) {
    return passwd.lines().map(line -> line.substring(0, line.indexOf(':'))).toList();
  }

  private void listUnknown() {
    list("lockdown", "none", DEFAULT);
    if (!isHostHere()) {
      list("SELinux", "not enforcing", DEFAULT);
    }
    for (String name : List.of("kernel/dmesg_restrict", "kernel/perf_event_paranoid")) {
      kernel
          .security()
          .sysctl(name)
          .ifPresent(value -> list(name.replace('/', '.'), Long.toString(value), HERE));
    }
  }
}
