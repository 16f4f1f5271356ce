package io.smartagent.simulation;

import io.smartagent.config.Numbers;
import io.smartagent.config.Problem;
import io.smartagent.config.Setting;
import io.smartagent.config.Settings;
import io.smartagent.config.Spelling;
import io.smartagent.config.UserSpec;
import io.smartagent.confinement.ContainerEngine;
import io.smartagent.confinement.SeccompProfile;
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

/**
 * Makes an {@link AssumedContainer} of what {@code --assume} says, and finds all that is wrong with
 * it at once. What is not said is as it is here, where a host's root is here, else as a container
 * has it by default; either is listed.
 */
final class AssumptionParser {

  static final List<String> LSM_PROFILES = lsmProfiles();

  private static final String OPTION = "--assume";
  private static final String HERE = "here";
  private static final String DEFAULT = "default";
  private static final String PRIVILEGED = "privileged";
  private static final int FILE_LIMIT = 8 << 20;

  private static final CapabilitySet DEFAULT_CAPABILITIES = ContainerEngine.DOCKER.capabilities();

  private final Map<AssumptionKey, String> given = new EnumMap<>(AssumptionKey.class);
  private final List<Setting> listed = new ArrayList<>();
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
   * A container, and what is wrong with its description.
   *
   * @param container with the default wherever a value is wrong
   * @param problems all of them
   */
  record Result(AssumedContainer container, List<Problem> problems) {}

  /**
   * Returns the container that is described.
   *
   * @param texts of the options, each {@code KEY=VALUE,...}; a later value replaces an earlier one
   * @param here what this container may do, where a host's root is mounted into it
   * @param settings whose directories and user the host is assumed to have
   * @param kernel reads files, and has a release
   */
  static Result parse(
      List<String> texts, Optional<ContainerFacts> here, Settings settings, Kernel kernel) {
    AssumptionParser parser = new AssumptionParser(here, settings, kernel);
    texts.forEach(parser::collect);
    AssumedContainer container = parser.container();
    return new Result(container, List.copyOf(parser.problems));
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
    boolean initial = initialUserNamespace();
    int uid = uid();
    boolean hostPid = bool(AssumptionKey.HOST_PID, Optional.empty(), true);
    boolean hostNetwork = bool(AssumptionKey.HOST_NETWORK, Optional.empty(), true);
    boolean devices = anyDevice(privileged);
    String accountFile = accountFile();
    AssumedHost host = host();
    listWhatNothingSays();
    return new AssumedContainer(
        capabilities,
        noNewPrivileges,
        release,
        seccomp,
        lsm,
        initial,
        uid,
        hostPid,
        hostNetwork,
        devices,
        accountFile,
        host,
        hostIsHere(),
        listed);
  }

  private void list(AssumptionKey key, String value, String source) {
    listed.add(new Setting(key.id(), value, source));
  }

  private void list(String name, String value, String source) {
    listed.add(new Setting(name, value, source));
  }

  private void refuse(AssumptionKey key, String found, List<String> known) {
    problems.add(
        Problem.usage(
            "Assumption " + key.id() + " is \"" + found + "\".",
            "It can be " + key.accepted() + "." + Spelling.suggestion(found, known)));
  }

  private KernelRelease release() {
    String text = given.get(AssumptionKey.KERNEL);
    if (text != null) {
      Optional<KernelRelease> release = KernelRelease.parse(text);
      if (release.isPresent()) {
        list(AssumptionKey.KERNEL, text, OPTION);
        listFeatures(release.get());
        return release.get();
      }
      refuse(AssumptionKey.KERNEL, text, List.of());
    }
    String own = kernel.security().release();
    list(AssumptionKey.KERNEL, own, HERE);
    KernelRelease release = KernelRelease.parse(own).orElse(new KernelRelease(own, 0, 0));
    listFeatures(release);
    return release;
  }

  /** They come from the version also where the kernel is the one that is here. */
  private void listFeatures(KernelRelease release) {
    list(
        "kernelFeatures",
        "those of kernel.org's " + release.version() + "; a distribution's may have more",
        DEFAULT);
  }

  private CapabilitySet capabilities(KernelRelease release) {
    CapabilitySet known = CapabilitySet.upTo(KernelFeature.lastCapability(release));
    String text = given.get(AssumptionKey.CAPS);
    if (text == null) {
      CapabilitySet set =
          here.map(facts -> facts.capabilities().bounding()).orElse(DEFAULT_CAPABILITIES);
      list(AssumptionKey.CAPS, written(set), here.isPresent() ? HERE : DEFAULT);
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
    String text = given.get(key);
    if (text != null && (text.equals("true") || text.equals("false"))) {
      list(key, text, OPTION);
      return text.equals("true");
    }
    if (text != null) {
      refuse(key, text, List.of("true", "false"));
    }
    boolean value = found.orElse(otherwise);
    list(key, Boolean.toString(value), found.isPresent() ? HERE : DEFAULT);
    return value;
  }

  /** Of a filter that is here nobody can tell which one it is. */
  private SeccompProfile seccomp(boolean privileged) {
    String text = given.get(AssumptionKey.SECCOMP);
    if (text != null) {
      Optional<SeccompProfile> filter = SeccompProfile.of(text);
      if (filter.isPresent()) {
        list(AssumptionKey.SECCOMP, text, OPTION);
        return filter.get();
      }
      refuse(AssumptionKey.SECCOMP, text, SeccompProfile.ids());
    }
    if (privileged) {
      list(AssumptionKey.SECCOMP, SeccompProfile.NONE.id(), "caps=privileged");
      return SeccompProfile.NONE;
    }
    if (here.map(ContainerFacts::seccomp).equals(Optional.of(SeccompMode.DISABLED))) {
      list(AssumptionKey.SECCOMP, SeccompProfile.NONE.id(), HERE);
      return SeccompProfile.NONE;
    }
    list(AssumptionKey.SECCOMP, SeccompProfile.DOCKER.id(), DEFAULT);
    return SeccompProfile.DOCKER;
  }

  private Optional<String> lsm(boolean privileged) {
    String text = given.get(AssumptionKey.LSM);
    if (text != null && LSM_PROFILES.contains(text)) {
      list(AssumptionKey.LSM, text, OPTION);
      return Optional.of(text).filter(profile -> !profile.equals("none"));
    }
    if (text != null) {
      refuse(AssumptionKey.LSM, text, LSM_PROFILES);
    }
    Optional<String> label = here.flatMap(ContainerFacts::lsmLabel);
    Optional<String> found =
        LSM_PROFILES.stream()
            .filter(profile -> label.isPresent() && label.get().startsWith(profile + " "))
            .findFirst();
    if (privileged || found.isEmpty()) {
      boolean told = here.isPresent() && label.isEmpty();
      list(AssumptionKey.LSM, "none", privileged ? "caps=privileged" : told ? HERE : DEFAULT);
      return Optional.empty();
    }
    list(AssumptionKey.LSM, found.get(), HERE);
    return found;
  }

  private boolean initialUserNamespace() {
    String text = given.get(AssumptionKey.USERNS);
    if (text != null && (text.equals("initial") || text.equals("mapped"))) {
      list(AssumptionKey.USERNS, text, OPTION);
      return text.equals("initial");
    }
    if (text != null) {
      refuse(AssumptionKey.USERNS, text, List.of("initial", "mapped"));
    }
    boolean initial = here.map(ContainerFacts::initialUserNamespace).orElse(true);
    list(AssumptionKey.USERNS, initial ? "initial" : "mapped", here.isPresent() ? HERE : DEFAULT);
    return initial;
  }

  private int uid() {
    String text = given.get(AssumptionKey.UID);
    if (text != null) {
      Optional<Long> uid = Numbers.parse(text, UserSpec.LARGEST_ID);
      if (uid.isPresent()) {
        list(AssumptionKey.UID, text, OPTION);
        return uid.get().intValue();
      }
      refuse(AssumptionKey.UID, text, List.of());
    }
    int uid = here.map(ContainerFacts::uid).orElse(0);
    list(AssumptionKey.UID, Integer.toUnsignedString(uid), here.isPresent() ? HERE : DEFAULT);
    return uid;
  }

  private boolean anyDevice(boolean privileged) {
    String text = given.get(AssumptionKey.DEVICES);
    if (text != null && (text.equals("all") || text.equals("default"))) {
      list(AssumptionKey.DEVICES, text, OPTION);
      return text.equals("all");
    }
    if (text != null) {
      refuse(AssumptionKey.DEVICES, text, List.of("all", "default"));
    }
    boolean found = here.map(facts -> facts.can(Ability.KMSG)).orElse(false);
    String source = privileged ? "caps=privileged" : found ? HERE : DEFAULT;
    list(AssumptionKey.DEVICES, privileged || found ? "all" : "default", source);
    return privileged || found;
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
    String text = given.get(AssumptionKey.SERVICE_ACCOUNT);
    if (text != null) {
      Optional<AssumedAccount> account = AssumedAccount.of(text);
      if (account.isPresent()) {
        list(AssumptionKey.SERVICE_ACCOUNT, text, OPTION);
        return account.get();
      }
      refuse(AssumptionKey.SERVICE_ACCOUNT, text, AssumedAccount.ids());
    }
    ClusterFacts found = here.map(ContainerFacts::cluster).orElse(ClusterFacts.NONE);
    AssumedAccount account =
        !found.hasAccount()
            ? AssumedAccount.NONE
            : found.onHost() ? AssumedAccount.PROJECTED : AssumedAccount.AUTOMOUNTED;
    list(AssumptionKey.SERVICE_ACCOUNT, account.id(), here.isPresent() ? HERE : DEFAULT);
    return account;
  }

  /** The host that is here is meant, unless something else is said of a host. */
  private boolean hostIsHere() {
    return here.isPresent()
        && !given.containsKey(AssumptionKey.MOUNTS)
        && !given.containsKey(AssumptionKey.USERS);
  }

  private AssumedHost host() {
    AssumedHost standard = ExpectedHost.of(settings);
    MountTable mounts = mounts(standard);
    if (hostIsHere()) {
      list("host", "the one at /mnt/root", HERE);
      return new AssumedHost(mounts, standard.passwd(), standard.group(), standard.directories());
    }
    String passwd = standard.passwd();
    String group = standard.group();
    String file = given.get(AssumptionKey.USERS);
    Optional<String> accounts = file == null ? Optional.empty() : read(AssumptionKey.USERS, file);
    if (file != null && accounts.isPresent()) {
      list(AssumptionKey.USERS, file, OPTION);
      passwd = accounts.get();
      group = beside(file);
    } else {
      list(AssumptionKey.USERS, String.join(" ", names(passwd)), DEFAULT);
    }
    list(
        "host",
        "every directory is there, root's, with mode 0755; so is every program in /bin, /sbin,"
            + " /usr/bin and /usr/sbin",
        DEFAULT);
    return new AssumedHost(mounts, passwd, group, standard.directories());
  }

  private MountTable mounts(AssumedHost standard) {
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
    return standard.mounts();
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

  private void listWhatNothingSays() {
    list("lockdown", "none", DEFAULT);
    if (!hostIsHere()) {
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
