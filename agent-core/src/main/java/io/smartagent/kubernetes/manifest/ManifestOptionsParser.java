package io.smartagent.kubernetes.manifest;

import io.smartagent.config.ArgumentParser;
import io.smartagent.config.Booleans;
import io.smartagent.config.Command;
import io.smartagent.config.ExitStatus;
import io.smartagent.config.HiddenDirectories;
import io.smartagent.config.Mode;
import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.config.Selection;
import io.smartagent.config.Settings;
import io.smartagent.config.SettingsParser;
import io.smartagent.config.Spelling;
import io.smartagent.config.UserSpec;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kubernetes.ClusterFeature;
import io.smartagent.kubernetes.manifest.InstallerOptions.SecretKey;
import io.smartagent.module.ContainerRoots;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.SharedSettings;
import io.smartagent.module.Variable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes {@link ManifestOptions} of the words behind {@code manifest}, and finds all that is wrong
 * with them at once. What the launch would refuse of its settings is refused here, by the same
 * parser.
 */
public final class ManifestOptionsParser {

  private static final List<String> FORMATS = List.of("yaml", "json");

  private static final Pattern NO_NAME = Pattern.compile("[,\\s]*");

  private final Map<ManifestOption, String> given = new EnumMap<>(ManifestOption.class);
  private final Set<String> without = new LinkedHashSet<>();
  private final List<Problem> problems = new ArrayList<>();
  private final List<? extends ModuleDescriptor> modules;

  private ManifestOptionsParser(List<? extends ModuleDescriptor> modules) {
    this.modules = modules;
  }

  /**
   * ManifestOptions, and what is wrong with them.
   *
   * @param options with the default wherever a value is wrong
   * @param json whether they are wanted as JSON
   * @param problems all of them
   */
  public record Result(ManifestOptions options, boolean json, List<Problem> problems) {

    /** Copies the list. */
    public Result {
      problems = List.copyOf(problems);
    }
  }

  /**
   * Returns the options of a command line.
   *
   * @param words behind the command's name
   * @param modules that are built
   */
  public static Result parse(List<String> words, List<? extends ModuleDescriptor> modules) {
    ManifestOptionsParser parser = new ManifestOptionsParser(modules);
    parser.collect(words);
    ManifestOptions options = parser.options();
    return new Result(options, parser.isJson(), parser.problems);
  }

  private void collect(List<String> words) {
    Map<String, String> arguments = new LinkedHashMap<>();
    for (ManifestOption option : ManifestOption.values()) {
      arguments.put(option.flag(), option.argument() == null ? "" : option.argument());
    }
    String command = Command.MANIFEST.id();
    ArgumentParser taken =
        ArgumentParser.parse(
            new ArgumentParser.Grammar(
                command, arguments, Set.of(ManifestOption.WITHOUT.flag()), false),
            words);
    taken.refuseOperands("");
    problems.addAll(taken.problems());
    taken.given().forEach(each -> give(ManifestOption.of(each.flag()).orElseThrow(), each.value()));
  }

  private void give(ManifestOption option, String value) {
    if (option.argument() == null && Booleans.parse(value).isEmpty()) {
      refuse(option, value, Booleans.ACCEPTED + ", or just " + option.flag());
    } else if (option == ManifestOption.WITHOUT && NO_NAME.matcher(value).matches()) {
      refuse("Option " + option.flag() + " is empty.", "Omit it.");
    } else if (option == ManifestOption.WITHOUT) {
      without.addAll(List.of(value.split("[,\\s]+", -1)));
    } else if (option == ManifestOption.CONTAINER_ROOT) {
      given.merge(option, value, (one, other) -> one + "," + other);
    } else {
      given.put(option, value);
    }
  }

  private void refuse(String fault, String remedy) {
    problems.add(Problem.usage(fault, remedy));
  }

  private void refuse(ManifestOption option, String value, String accepted) {
    refuse("Option " + option.flag() + " is \"" + value + "\".", "It must be " + accepted + ".");
  }

  private String value(ManifestOption option) {
    return given.getOrDefault(option, option.defaultText());
  }

  private boolean is(ManifestOption option) {
    return Booleans.parse(value(option)).orElse(false);
  }

  private ManifestOptions options() {
    Settings settings = settings();
    Mode mode = mode();
    CapabilitySet missing = without();
    boolean privileged = privileged();
    String name = checked(ManifestOption.NAME, Names::isLabel, Names.LABEL);
    Set<ClusterFeature> features = features(settings.selections().modules());
    return new ManifestOptions(
        name,
        checked(ManifestOption.NAMESPACE, Names::isLabel, Names.LABEL),
        createsNamespace(),
        checked(ManifestOption.IMAGE, Names::isImage, Names.IMAGE),
        optional(ManifestOption.IMAGE_PULL_SECRET, Names::isSubdomain, Names.SUBDOMAIN),
        mode,
        privileged,
        missing,
        modules(settings.selections().modules(), features),
        user(settings),
        settings.identity().nonRootMode(),
        seen(ManifestOption.INSTALL_PATH, settings.root().installPath(), mode),
        seen(ManifestOption.RUNTIME_PATH, settings.root().runtimePath(), mode),
        containerRoots(settings),
        is(ManifestOption.CRIO),
        remount(missing, privileged),
        features,
        !is(ManifestOption.NO_ADMISSION_POLICY),
        configMap(features).orElse(name),
        settings.node().statusAddress(),
        installer(),
        tolerateAll(),
        priorityClass(),
        resource(ManifestOption.CPU, ResourceRequest.CPU),
        resource(ManifestOption.MEMORY, ResourceRequest.MEMORY),
        checked(
            ManifestOption.MAX_UNAVAILABLE,
            Names::isCountOrPercentage,
            "a number from 1, or a percentage from 1% to 100%"));
  }

  /** Has the values that the launch will see checked by what will read them there. */
  private Settings settings() {
    Map<Option, String> launchOptions = new EnumMap<>(Option.class);
    Map<String, String> environment = new HashMap<>();
    given.forEach((option, value) ->
        option
            .setting()
            .filter(setting -> setting != Option.MODE)
            .ifPresent(setting -> {
              if (value.isBlank()) {
                refuse("Option " + option.flag() + " is empty.", "Omit it.");
              } else if (setting.flag() != null && setting instanceof Option launchOption) {
                launchOptions.put(launchOption, value);
              } else {
                environment.put(setting.variable(), value);
              }
            }));
    SettingsParser.Result parsed = SettingsParser.parse(launchOptions, environment, modules);
    for (Problem problem : parsed.problems()) {
      problems.add(
          new Problem(ExitStatus.USAGE, asOptions(problem.fault()), asOptions(problem.remedy())));
    }
    return parsed.settings();
  }

  private static String asOptions(String text) {
    String result =
        text.replace(
            Option.INSTALLER_DOWNLOAD_TOKEN.variable(),
            ManifestOption.INSTALLER_TOKEN_SECRET.flag());
    for (ManifestOption option : ManifestOption.values()) {
      Optional<Variable> setting = option.setting();
      if (setting.isPresent()) {
        result = result.replace(setting.get().variable(), option.flag());
      }
    }
    return result;
  }

  private Mode mode() {
    String value = value(ManifestOption.MODE);
    Optional<Mode> mode =
        Stream.of(Mode.FULL, Mode.READ_ONLY, Mode.MINIMAL)
            .filter(each -> each.id().equals(value))
            .findAny();
    if (mode.isEmpty()) {
      refuse(
          ManifestOption.MODE,
          value,
          "\"full\", \"read-only\" or \"minimal\": it decides what is mounted");
    }
    return mode.orElse(Mode.READ_ONLY);
  }

  private CapabilitySet without() {
    CapabilitySet set = CapabilitySet.NONE;
    for (String name : without) {
      Optional<Capability> capability = Capability.parse(name);
      if (capability.isPresent()) {
        set = set.with(capability.get());
      } else if (!name.isEmpty()) {
        List<String> known = Stream.of(Capability.values()).map(Capability::shortName).toList();
        refuse(
            "Unknown capability \"" + name + "\" in option --without.",
            "Name capabilities as capabilities(7) does, such as SYS_ADMIN."
                + Spelling.suggestion(name.replaceFirst("^CAP_", ""), known));
      }
    }
    return set;
  }

  /** The launch refuses root that was not asked for by name. */
  private Optional<UserSpec> user(Settings settings) {
    Optional<UserSpec> user = settings.identity().user();
    if (user.isPresent() && settings.identity().nonRootMode() && user.get().isRoot()) {
      refuse(
          "Option --user is \"" + user.get() + "\", who is root.",
          "Name another user, or pass --non-root-mode false if root is meant.");
    }
    return user;
  }

  private boolean privileged() {
    boolean unprivileged =
        is(ManifestOption.UNPRIVILEGED)
            || "false".equalsIgnoreCase(given.get(ManifestOption.PRIVILEGED))
            || !without.isEmpty();
    if (is(ManifestOption.PRIVILEGED) && !without.isEmpty()) {
      refuse(
          "Options --privileged and --without exclude each other: a privileged container has every"
              + " capability.",
          "Omit one of them.");
    } else if (is(ManifestOption.PRIVILEGED) && unprivileged) {
      refuse("Options --privileged and --unprivileged exclude each other.", "Omit one of them.");
    }
    return !unprivileged;
  }

  /**
   * The root can be entered by pivot_root(2) in a mount namespace of one's own, or by chroot(2).
   */
  private boolean remount(CapabilitySet missing, boolean privileged) {
    boolean admin = privileged || !missing.contains(Capability.CAP_SYS_ADMIN);
    boolean remount = !is(ManifestOption.NO_REMOUNT) && admin;
    if (missing.contains(Capability.CAP_SYS_CHROOT) && !remount) {
      refuse(
          "Without SYS_CHROOT the host's root is entered by pivot_root, in a mount namespace that"
              + " takes SYS_ADMIN, and "
              + (admin ? "--no-remount allows no mounts." : "--without names that too."),
          admin ? "Omit one of them." : "Remove SYS_CHROOT or SYS_ADMIN from --without.");
    }
    return remount;
  }

  private Optional<String> configMap(Set<ClusterFeature> features) {
    if (given.containsKey(ManifestOption.CONFIG_MAP)
        && !features.contains(ClusterFeature.CONFIG_MAP)) {
      refuse(
          "Option --config-map has no effect without the feature config-map.",
          "Name it in --features too, or omit --config-map.");
    }
    return optional(ManifestOption.CONFIG_MAP, Names::isSubdomain, Names.SUBDOMAIN);
  }

  private boolean createsNamespace() {
    return is(ManifestOption.CREATE_NAMESPACE)
        || (value(ManifestOption.NAMESPACE).equals(ManifestOptions.DEFAULT_NAMESPACE)
            && !given.containsKey(ManifestOption.CREATE_NAMESPACE));
  }

  private String checked(ManifestOption option, Predicate<String> fits, String what) {
    String value = value(option);
    if (!fits.test(value)) {
      refuse(option, value, what);
      return option.defaultText();
    }
    return value;
  }

  private Optional<String> optional(ManifestOption option, Predicate<String> fits, String what) {
    return given.containsKey(option) ? Optional.of(checked(option, fits, what)) : Optional.empty();
  }

  /** Kubernetes takes no colon in a mountPath. */
  private String mountable(ManifestOption option, String path) {
    if (path.contains(":")) {
      refuse(option, path, "a path without \":\", which Kubernetes does not mount");
    }
    return path;
  }

  private String seen(ManifestOption option, String path, Mode mode) {
    if (mode != Mode.FULL && HiddenDirectories.hold(path)) {
      refuse(option, path, "a path that the agent sees: only mode full shows it that one");
    }
    return mountable(option, path);
  }

  private Map<String, List<String>> containerRoots(Settings settings) {
    Map<String, List<String>> roots =
        ContainerRoots.parse(settings.valueOf(SharedSettings.CONTAINER_ROOTS))
            .map(ContainerRoots::paths)
            .orElse(Map.of());
    roots.values().stream()
        .flatMap(List::stream)
        .forEach(path -> mountable(ManifestOption.CONTAINER_ROOT, path));
    return roots;
  }

  /** Attributes of pods are not read where the module does not run that adds them. */
  private Set<ClusterFeature> features(Selection modules) {
    String value = value(ManifestOption.FEATURES);
    Set<ClusterFeature> all = EnumSet.noneOf(ClusterFeature.class);
    Stream.of(ClusterFeature.values()).filter(ClusterFeature::isOfAgent).forEach(all::add);
    Set<ClusterFeature> features = value.equals("all") ? all : named(value, all);
    if (!modules.includes(ClusterFeature.ATTRIBUTES.id())) {
      features.remove(ClusterFeature.ATTRIBUTES);
    }
    return features;
  }

  /** What no role allows is not to be tried: the agent would report each refusal. */
  private Selection modules(Selection modules, Set<ClusterFeature> features) {
    String id = ClusterFeature.ATTRIBUTES.id();
    if (modules.isNamed(id) && !features.contains(ClusterFeature.ATTRIBUTES)) {
      refuse(
          "Option --modules names " + id + ", and --features does not.",
          "Name it in both, or in neither.");
    }
    return features.contains(ClusterFeature.ATTRIBUTES) || !modules.includes(id)
        ? modules
        : modules.excluding(id);
  }

  private Set<ClusterFeature> named(String value, Set<ClusterFeature> all) {
    Set<ClusterFeature> features = EnumSet.noneOf(ClusterFeature.class);
    List<String> ids = all.stream().map(ClusterFeature::id).toList();
    for (String name : value.equals("none") ? List.<String>of() : List.of(value.split(",", -1))) {
      String id = name.strip();
      if (!ids.contains(id)) {
        refuse(
            "Unknown feature \"" + id + "\" in option --features.",
            "It can be all, none or of "
                + String.join(", ", ids)
                + "."
                + Spelling.suggestion(id, ids));
      }
      all.stream().filter(feature -> feature.id().equals(id)).forEach(features::add);
    }
    return features;
  }

  private Optional<InstallerOptions> installer() {
    if (!given.containsKey(ManifestOption.INSTALLER_URL)) {
      for (ManifestOption option :
          List.of(
              ManifestOption.INSTALLER_TOKEN_SECRET,
              ManifestOption.INSTALLER_SHA256,
              ManifestOption.INSTALLER_SKIP_CERT_CHECK)) {
        if (given.containsKey(option)) {
          refuse(
              "Option " + option.flag() + " has no effect without --installer-url.",
              "Write --installer-url https://HOST/PATH, or omit it.");
        }
      }
      return Optional.empty();
    }
    return Optional.of(
        new InstallerOptions(
            value(ManifestOption.INSTALLER_URL),
            tokenSecret(),
            Optional.ofNullable(given.get(ManifestOption.INSTALLER_SHA256)),
            is(ManifestOption.INSTALLER_SKIP_CERT_CHECK)));
  }

  private Optional<SecretKey> tokenSecret() {
    String value = value(ManifestOption.INSTALLER_TOKEN_SECRET);
    if (value.isEmpty() && !given.containsKey(ManifestOption.INSTALLER_TOKEN_SECRET)) {
      return Optional.empty();
    }
    int slash = value.indexOf('/');
    String name = slash < 0 ? value : value.substring(0, slash);
    String key = slash < 0 ? "" : value.substring(slash + 1);
    if (!Names.isSubdomain(name) || !Names.isKey(key)) {
      refuse(
          ManifestOption.INSTALLER_TOKEN_SECRET,
          value,
          "NAME/KEY of a Secret in the agent's namespace, never the token itself");
      return Optional.empty();
    }
    return Optional.of(new SecretKey(name, key));
  }

  private boolean tolerateAll() {
    String value = value(ManifestOption.TOLERATIONS);
    if (!value.equals("all") && !value.equals("none")) {
      refuse(ManifestOption.TOLERATIONS, value, "\"all\" or \"none\"");
    }
    return !value.equals("none");
  }

  private Optional<String> priorityClass() {
    return value(ManifestOption.PRIORITY_CLASS).equals("none")
        ? Optional.empty()
        : Optional.of(
            checked(
                ManifestOption.PRIORITY_CLASS,
                Names::isSubdomain,
                "\"none\" or the name of a PriorityClass"));
  }

  private ResourceRequest resource(ManifestOption option, ResourceRequest standard) {
    String value = value(option);
    int colon = value.indexOf(':');
    String request = colon < 0 ? value : value.substring(0, colon);
    Optional<String> limit = colon < 0 ? Optional.empty() : Optional.of(value.substring(colon + 1));
    Optional<Quantity> least = Quantity.parse(request);
    Optional<Quantity> most = limit.flatMap(Quantity::parse);
    if (least.isEmpty() || limit.isPresent() != most.isPresent()) {
      refuse(
          option,
          value,
          "REQUEST or REQUEST:LIMIT, each a quantity of Kubernetes such as "
              + (option == ManifestOption.CPU ? "100m" : "256Mi"));
      return standard;
    }
    if (most.isPresent() && most.get().compareTo(least.get()) < 0) {
      refuse(option, value, "a request and a limit that is not less");
      return standard;
    }
    return new ResourceRequest(request, limit);
  }

  private boolean isJson() {
    String value = value(ManifestOption.FORMAT);
    if (!FORMATS.contains(value)) {
      refuse(ManifestOption.FORMAT, value, "\"yaml\" or \"json\"");
    }
    return value.equals("json");
  }
}
