package io.smartagent.kubernetes.deploy;

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
import io.smartagent.kubernetes.deploy.InstallerWish.SecretKey;
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
 * Makes {@link Wishes} of the words behind {@code manifest}, and finds all that is wrong with them
 * at once. What the launch would refuse of its settings is refused here, by the same parser.
 */
public final class WishesParser {

  private static final List<String> FORMATS = List.of("yaml", "json");

  private static final Pattern NO_NAME = Pattern.compile("[,\\s]*");

  private final Map<WishOption, String> given = new EnumMap<>(WishOption.class);
  private final Set<String> without = new LinkedHashSet<>();
  private final List<Problem> problems = new ArrayList<>();
  private final List<? extends ModuleDescriptor> modules;

  private WishesParser(List<? extends ModuleDescriptor> modules) {
    this.modules = modules;
  }

  /**
   * Wishes, and what is wrong with them.
   *
   * @param wishes with the default wherever a value is wrong
   * @param json whether they are wanted as JSON
   * @param problems all of them
   */
  public record Result(Wishes wishes, boolean json, List<Problem> problems) {

    /** Copies the list. */
    public Result {
      problems = List.copyOf(problems);
    }
  }

  /**
   * Returns what is wished for.
   *
   * @param words behind the command's name
   * @param modules that are built
   */
  public static Result parse(List<String> words, List<? extends ModuleDescriptor> modules) {
    WishesParser parser = new WishesParser(modules);
    parser.collect(words);
    Wishes wishes = parser.wishes();
    return new Result(wishes, parser.isJson(), parser.problems);
  }

  private void collect(List<String> words) {
    Map<String, String> arguments = new LinkedHashMap<>();
    for (WishOption option : WishOption.values()) {
      arguments.put(option.flag(), option.argument() == null ? "" : option.argument());
    }
    String command = Command.MANIFEST.id();
    ArgumentParser taken =
        ArgumentParser.parse(
            new ArgumentParser.Grammar(
                command, arguments, Set.of(WishOption.WITHOUT.flag()), false),
            words);
    taken.refuseOperands("");
    problems.addAll(taken.problems());
    taken.given().forEach(each -> give(WishOption.of(each.flag()).orElseThrow(), each.value()));
  }

  private void give(WishOption option, String value) {
    if (option.argument() == null && Booleans.parse(value).isEmpty()) {
      refuse(option, value, Booleans.ACCEPTED + ", or just " + option.flag());
    } else if (option == WishOption.WITHOUT && NO_NAME.matcher(value).matches()) {
      refuse("Option " + option.flag() + " is empty.", "Leave it out.");
    } else if (option == WishOption.WITHOUT) {
      without.addAll(List.of(value.split("[,\\s]+", -1)));
    } else if (option == WishOption.CONTAINER_ROOT) {
      given.merge(option, value, (one, other) -> one + "," + other);
    } else {
      given.put(option, value);
    }
  }

  private void refuse(String fault, String remedy) {
    problems.add(Problem.usage(fault, remedy));
  }

  private void refuse(WishOption option, String value, String accepted) {
    refuse("Option " + option.flag() + " is \"" + value + "\".", "It must be " + accepted + ".");
  }

  private String value(WishOption option) {
    return given.getOrDefault(option, option.defaultText());
  }

  private boolean is(WishOption option) {
    return Booleans.parse(value(option)).orElse(false);
  }

  private Wishes wishes() {
    Settings settings = settings();
    Mode mode = mode();
    CapabilitySet missing = without();
    boolean privileged = privileged();
    String name = checked(WishOption.NAME, Names::isLabel, Names.LABEL);
    Set<ClusterFeature> features = features(settings.selections().modules());
    return new Wishes(
        name,
        checked(WishOption.NAMESPACE, Names::isLabel, Names.LABEL),
        createsNamespace(),
        checked(WishOption.IMAGE, Names::isImage, Names.IMAGE),
        optional(WishOption.IMAGE_PULL_SECRET, Names::isSubdomain, Names.SUBDOMAIN),
        mode,
        privileged,
        missing,
        modules(settings.selections().modules(), features),
        user(settings),
        settings.identity().nonRootMode(),
        seen(WishOption.INSTALL_PATH, settings.root().installPath(), mode),
        seen(WishOption.RUNTIME_PATH, settings.root().runtimePath(), mode),
        containerRoots(settings),
        is(WishOption.CRIO),
        remount(missing, privileged),
        features,
        !is(WishOption.NO_ADMISSION_POLICY),
        configMap(features).orElse(name),
        settings.node().statusAddress(),
        installer(),
        tolerateAll(),
        priorityClass(),
        resource(WishOption.CPU, ResourceWish.CPU),
        resource(WishOption.MEMORY, ResourceWish.MEMORY),
        checked(
            WishOption.MAX_UNAVAILABLE,
            Names::isCountOrPercentage,
            "a number from 1, or a percentage from 1% to 100%"));
  }

  /** Has the values that the launch will see checked by what will read them there. */
  private Settings settings() {
    Map<Option, String> options = new EnumMap<>(Option.class);
    Map<String, String> environment = new HashMap<>();
    given.forEach((option, value) ->
        option
            .setting()
            .filter(setting -> setting != Option.MODE)
            .ifPresent(setting -> {
              if (value.isBlank()) {
                refuse("Option " + option.flag() + " is empty.", "Leave it out.");
              } else if (setting.flag() != null && setting instanceof Option launchOption) {
                options.put(launchOption, value);
              } else {
                environment.put(setting.variable(), value);
              }
            }));
    SettingsParser.Result parsed = SettingsParser.parse(options, environment, modules);
    for (Problem problem : parsed.problems()) {
      problems.add(
          new Problem(ExitStatus.USAGE, asOptions(problem.fault()), asOptions(problem.remedy())));
    }
    return parsed.settings();
  }

  private static String asOptions(String text) {
    String result =
        text.replace(
            Option.INSTALLER_DOWNLOAD_TOKEN.variable(), WishOption.INSTALLER_TOKEN_SECRET.flag());
    for (WishOption option : WishOption.values()) {
      Optional<Variable> setting = option.setting();
      if (setting.isPresent()) {
        result = result.replace(setting.get().variable(), option.flag());
      }
    }
    return result;
  }

  private Mode mode() {
    String value = value(WishOption.MODE);
    Optional<Mode> mode =
        Stream.of(Mode.FULL, Mode.READ_ONLY, Mode.MINIMAL)
            .filter(each -> each.id().equals(value))
            .findAny();
    if (mode.isEmpty()) {
      refuse(
          WishOption.MODE,
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
            "Option --without names the capability \"" + name + "\", which there is not.",
            "Name capabilities as capabilities(7) does, such as SYS_ADMIN."
                + Spelling.suggestion(name.replaceFirst("^CAP_", ""), known));
      }
    }
    return set;
  }

  /** The launch refuses root that nobody has asked for by name. */
  private Optional<UserSpec> user(Settings settings) {
    Optional<UserSpec> user = settings.identity().user();
    if (user.isPresent() && settings.identity().nonRootMode() && user.get().isRoot()) {
      refuse(
          "Option --user is \"" + user.get() + "\", who is root.",
          "Name another user, or say --non-root-mode false if root is meant.");
    }
    return user;
  }

  private boolean privileged() {
    boolean unprivileged =
        is(WishOption.UNPRIVILEGED)
            || "false".equalsIgnoreCase(given.get(WishOption.PRIVILEGED))
            || !without.isEmpty();
    if (is(WishOption.PRIVILEGED) && !without.isEmpty()) {
      refuse(
          "Options --privileged and --without exclude each other: a privileged container has every"
              + " capability.",
          "Leave one of them out.");
    } else if (is(WishOption.PRIVILEGED) && unprivileged) {
      refuse(
          "Options --privileged and --unprivileged exclude each other.", "Leave one of them out.");
    }
    return !unprivileged;
  }

  /**
   * The root can be entered by pivot_root(2) in a mount namespace of one's own, or by chroot(2).
   */
  private boolean remount(CapabilitySet missing, boolean privileged) {
    boolean admin = privileged || !missing.contains(Capability.CAP_SYS_ADMIN);
    boolean remount = !is(WishOption.NO_REMOUNT) && admin;
    if (missing.contains(Capability.CAP_SYS_CHROOT) && !remount) {
      refuse(
          "Without SYS_CHROOT the host's root is entered by pivot_root, in a mount namespace that"
              + " takes SYS_ADMIN, and "
              + (admin ? "--no-remount allows no mounts." : "--without names that too."),
          admin ? "Leave one of them out." : "Leave SYS_CHROOT or SYS_ADMIN out of --without.");
    }
    return remount;
  }

  private Optional<String> configMap(Set<ClusterFeature> features) {
    if (given.containsKey(WishOption.CONFIG_MAP) && !features.contains(ClusterFeature.CONFIG_MAP)) {
      refuse(
          "Option --config-map has no effect without the feature config-map.",
          "Name it in --features too, or leave --config-map out.");
    }
    return optional(WishOption.CONFIG_MAP, Names::isSubdomain, Names.SUBDOMAIN);
  }

  private boolean createsNamespace() {
    return is(WishOption.CREATE_NAMESPACE)
        || (value(WishOption.NAMESPACE).equals(Wishes.DEFAULT_NAMESPACE)
            && !given.containsKey(WishOption.CREATE_NAMESPACE));
  }

  private String checked(WishOption option, Predicate<String> fits, String what) {
    String value = value(option);
    if (!fits.test(value)) {
      refuse(option, value, what);
      return option.defaultText();
    }
    return value;
  }

  private Optional<String> optional(WishOption option, Predicate<String> fits, String what) {
    return given.containsKey(option) ? Optional.of(checked(option, fits, what)) : Optional.empty();
  }

  /** Kubernetes takes no colon in a mountPath. */
  private String mountable(WishOption option, String path) {
    if (path.contains(":")) {
      refuse(option, path, "a path without \":\", which Kubernetes does not mount");
    }
    return path;
  }

  private String seen(WishOption option, String path, Mode mode) {
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
        .forEach(path -> mountable(WishOption.CONTAINER_ROOT, path));
    return roots;
  }

  /** Nobody asks for the attributes of pods where the module does not run that adds them. */
  private Set<ClusterFeature> features(Selection modules) {
    String value = value(WishOption.FEATURES);
    Set<ClusterFeature> all = EnumSet.noneOf(ClusterFeature.class);
    Stream.of(ClusterFeature.values()).filter(ClusterFeature::isOfAgent).forEach(all::add);
    Set<ClusterFeature> features = value.equals("all") ? all : named(value, all);
    if (!modules.includes(ClusterFeature.ATTRIBUTES.id())) {
      features.remove(ClusterFeature.ATTRIBUTES);
    }
    return features;
  }

  /** What no role allows is not to be tried: the agent would tell of each refusal. */
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
            "Option --features names \"" + id + "\", which there is not.",
            "It can be all, none or of "
                + String.join(", ", ids)
                + "."
                + Spelling.suggestion(id, ids));
      }
      all.stream().filter(feature -> feature.id().equals(id)).forEach(features::add);
    }
    return features;
  }

  private Optional<InstallerWish> installer() {
    if (!given.containsKey(WishOption.INSTALLER_URL)) {
      for (WishOption option :
          List.of(
              WishOption.INSTALLER_TOKEN_SECRET,
              WishOption.INSTALLER_SHA256,
              WishOption.INSTALLER_SKIP_CERT_CHECK)) {
        if (given.containsKey(option)) {
          refuse(
              "Option " + option.flag() + " has no effect without --installer-url.",
              "Write --installer-url https://HOST/PATH, or leave it out.");
        }
      }
      return Optional.empty();
    }
    return Optional.of(
        new InstallerWish(
            value(WishOption.INSTALLER_URL),
            tokenSecret(),
            Optional.ofNullable(given.get(WishOption.INSTALLER_SHA256)),
            is(WishOption.INSTALLER_SKIP_CERT_CHECK)));
  }

  private Optional<SecretKey> tokenSecret() {
    String value = value(WishOption.INSTALLER_TOKEN_SECRET);
    if (value.isEmpty() && !given.containsKey(WishOption.INSTALLER_TOKEN_SECRET)) {
      return Optional.empty();
    }
    int slash = value.indexOf('/');
    String name = slash < 0 ? value : value.substring(0, slash);
    String key = slash < 0 ? "" : value.substring(slash + 1);
    if (!Names.isSubdomain(name) || !Names.isKey(key)) {
      refuse(
          WishOption.INSTALLER_TOKEN_SECRET,
          value,
          "NAME/KEY of a Secret in the agent's namespace, never the token itself");
      return Optional.empty();
    }
    return Optional.of(new SecretKey(name, key));
  }

  private boolean tolerateAll() {
    String value = value(WishOption.TOLERATIONS);
    if (!value.equals("all") && !value.equals("none")) {
      refuse(WishOption.TOLERATIONS, value, "\"all\" or \"none\"");
    }
    return !value.equals("none");
  }

  private Optional<String> priorityClass() {
    return value(WishOption.PRIORITY_CLASS).equals("none")
        ? Optional.empty()
        : Optional.of(
            checked(
                WishOption.PRIORITY_CLASS,
                Names::isSubdomain,
                "\"none\" or the name of a PriorityClass"));
  }

  private ResourceWish resource(WishOption option, ResourceWish standard) {
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
              + (option == WishOption.CPU ? "100m" : "256Mi"));
      return standard;
    }
    if (most.isPresent() && most.get().compareTo(least.get()) < 0) {
      refuse(option, value, "a request and a limit that is not less");
      return standard;
    }
    return new ResourceWish(request, limit);
  }

  private boolean isJson() {
    String value = value(WishOption.FORMAT);
    if (!FORMATS.contains(value)) {
      refuse(WishOption.FORMAT, value, "\"yaml\" or \"json\"");
    }
    return value.equals("json");
  }
}
