package io.smartagent.config;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.module.ModuleSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes {@link Settings} of options and environment, and finds all that is wrong with them at once.
 */
public final class SettingsParser {

  private static final String PREFIX = "SMARTAGENT_";

  /** What Kubernetes sets in every pod for a Service whose name starts with "smartagent". */
  private static final Pattern SERVICE_VARIABLE =
      Pattern.compile(
          "SMARTAGENT(_[A-Z0-9_]+)?_"
              + "(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");

  private final Map<Option, String> given = new EnumMap<>(Option.class);
  private final Map<Option, String> sources = new EnumMap<>(Option.class);
  private final Collection<String> moduleIds;
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private SettingsParser(Collection<String> moduleIds) {
    this.moduleIds = moduleIds;
  }

  /**
   * Settings, and what is wrong with them.
   *
   * @param settings with the default wherever a value is wrong
   * @param problems all of them
   */
  public record Result(Settings settings, List<Problem> problems) {}

  /**
   * Returns what is meant by options and environment; the option wins.
   *
   * @param moduleIds the modules that are built
   */
  public static Result parse(
      Map<Option, String> options, Map<String, String> environment, Collection<String> moduleIds) {
    SettingsParser parser = new SettingsParser(moduleIds);
    parser.collect(options, environment);
    parser.warnOfUnknownVariables(environment);
    return new Result(parser.settings(), List.copyOf(parser.problems));
  }

  /** The documented manifests have a place for each variable, which may be left empty. */
  private void collect(Map<Option, String> options, Map<String, String> environment) {
    for (Option option : Option.values()) {
      String fromOption = options.get(option);
      String fromVariable = environment.get(option.variable());
      if (fromOption != null) {
        given.put(option, fromOption);
        sources.put(option, String.valueOf(option.flag()));
      } else if (fromVariable != null && !fromVariable.isBlank()) {
        boolean url = option == Option.INSTALLER_SCRIPT_URL;
        given.put(option, url ? fromVariable.strip() : fromVariable);
        sources.put(option, option.variable());
      }
    }
  }

  private void warnOfUnknownVariables(Map<String, String> environment) {
    List<String> known = Stream.of(Option.values()).map(Option::variable).toList();
    for (String name : new TreeSet<>(environment.keySet())) {
      boolean ours = name.startsWith(PREFIX) && !known.contains(name);
      if (ours && !SERVICE_VARIABLE.matcher(name).matches()) {
        warnings.add(
            "Variable "
                + name
                + " is not known and has no effect."
                + Spelling.suggestion(name, known));
      }
    }
  }

  /** Without an installer nothing of what belongs to one is looked at. */
  private Optional<InstallerSettings> installer(String installPath) {
    if (!value(Option.INSTALLER_SCRIPT_URL).isEmpty()) {
      return new InstallerParser(this::value, problems).parse(installPath + "/smartagent");
    }
    if (given.containsKey(Option.AGENT_COMMAND) && !value(Option.AGENT_COMMAND).isBlank()) {
      warnings.add(
          "SMARTAGENT_AGENT_COMMAND has no effect without SMARTAGENT_INSTALLER_SCRIPT_URL. Use run"
              + " -- COMMAND for an agent that is installed already.");
    }
    return Optional.empty();
  }

  private Settings settings() {
    String installPath = path(Option.INSTALL_PATH);
    String runtimePath = path(Option.RUNTIME_PATH);
    if (installPath.equals(runtimePath + "/bonree") || installPath.equals(runtimePath)) {
      problems.add(
          Problem.configuration(
              "Installation and runtime directory are the same: \"" + installPath + "\".",
              "Give SMARTAGENT_INSTALL_PATH and SMARTAGENT_RUNTIME_PATH different directories."));
    }
    if (!List.of("info", "debug").contains(value(Option.LOG_LEVEL))) {
      refuse(Option.LOG_LEVEL, "\"info\" or \"debug\"");
    }
    if (ModuleSettings.parseRoots(value(Option.CONTAINER_ROOTS)).isEmpty()) {
      refuse(
          Option.CONTAINER_ROOTS,
          "RUNTIME=PATH, separated by commas, where RUNTIME is "
              + String.join(", ", ModuleSettings.RUNTIMES)
              + " and PATH an absolute path of the host below \"/\", without \"..\"");
    }
    long blocked =
        Numbers.parse(value(Option.BLOCKED_TASK_SECONDS), ModuleSettings.LONGEST_BLOCKED)
            .orElse(0L);
    if (blocked < 1) {
      refuse(
          Option.BLOCKED_TASK_SECONDS,
          "a whole number of seconds from 1 to " + ModuleSettings.LONGEST_BLOCKED);
    }
    Mode mode = mode();
    Optional<InstallerSettings> installer = installer(installPath);
    return new Settings(
        user(),
        bool(Option.NON_ROOT_MODE),
        bool(Option.ENABLE_MINIMAL_MOUNT) && mode == Mode.AUTO ? Mode.MINIMAL : mode,
        modules(Option.MODULES),
        modules(Option.REQUIRE).names(),
        capabilities(),
        bool(Option.STRICT),
        installPath,
        runtimePath,
        bool(Option.NO_REMOUNT_ROOT),
        statusAddress(),
        value(Option.NODE_NAME),
        values(),
        warnings,
        installer);
  }

  private String value(Option option) {
    String standard = option.standard();
    return given.getOrDefault(option, standard == null ? "" : standard);
  }

  private void refuse(Option option, String accepted) {
    String source = sources.getOrDefault(option, option.variable());
    problems.add(
        new Problem(
            source.startsWith("--") ? ExitStatus.USAGE : ExitStatus.CONFIGURATION,
            source + " is \"" + value(option) + "\".",
            "It must be " + accepted + "."));
  }

  private boolean bool(Option option) {
    String value = value(option);
    if (value.equalsIgnoreCase("true")) {
      return true;
    }
    if (!value.equalsIgnoreCase("false")) {
      refuse(option, "\"true\" or \"false\"");
      return Boolean.parseBoolean(option.standard());
    }
    return false;
  }

  private Mode mode() {
    for (Mode mode : Mode.values()) {
      if (mode.id().equals(value(Option.MODE))) {
        return mode;
      }
    }
    refuse(Option.MODE, "\"auto\", \"full\", \"read-only\" or \"minimal\"");
    return Mode.AUTO;
  }

  private String path(Option option) {
    String value = value(option);
    String clean = value.length() > 1 && value.endsWith("/") ? value.replaceAll("/+$", "") : value;
    boolean ordinary =
        clean.startsWith("/")
            && clean.length() > 1
            && clean.length() < 4096
            && !clean.contains("//")
            && clean.chars().noneMatch(letter -> letter < ' ')
            && !List.of(clean.split("/", -1)).contains("..")
            && !List.of(clean.split("/", -1)).contains(".");
    if (!ordinary) {
      refuse(option, "an absolute path of the host below \"/\", without \"..\"");
      return String.valueOf(option.standard());
    }
    return clean;
  }

  private Optional<UserSpec> user() {
    if (!given.containsKey(Option.USER)) {
      return Optional.empty();
    }
    String value = value(Option.USER);
    String[] parts = value.split(":", -1);
    boolean wellFormed =
        parts.length <= 2 && Stream.of(parts).allMatch(SettingsParser::isUserOrGroup);
    if (!wellFormed) {
      refuse(
          Option.USER,
          "a user of the host as NAME, UID or UID:GID, with numbers from 0 to "
              + UserSpec.LARGEST_ID);
      return Optional.empty();
    }
    return Optional.of(new UserSpec(parts[0], parts.length == 2 ? parts[1] : null));
  }

  private static boolean isUserOrGroup(String part) {
    boolean number =
        !part.isEmpty() && part.chars().allMatch(letter -> letter >= '0' && letter <= '9');
    if (number || part.startsWith("-")) {
      return Numbers.parse(part, UserSpec.LARGEST_ID).isPresent();
    }
    return !part.isBlank() && part.chars().noneMatch(letter -> letter < ' ' || letter == '/');
  }

  private Selection modules(Option option) {
    String value = value(option);
    List<String> names = new ArrayList<>(list(value).names());
    boolean auto = option == Option.MODULES && names.remove("auto");
    for (String name : names) {
      if (!moduleIds.contains(name)) {
        String source = sources.getOrDefault(option, option.variable());
        problems.add(
            new Problem(
                source.startsWith("--") ? ExitStatus.USAGE : ExitStatus.CONFIGURATION,
                source + " names the module \"" + name + "\", which there is not.",
                ("The modules are "
                    + String.join(", ", moduleIds)
                    + "."
                    + Spelling.suggestion(name, moduleIds))));
      }
    }
    return auto ? Selection.autoAnd(names) : Selection.of(names);
  }

  private Selection capabilities() {
    String value = value(Option.CAPABILITIES);
    if (value.equals("auto")) {
      return Selection.AUTO;
    }
    Selection selection = list(value);
    for (String name : selection.names()) {
      if (Capability.parse(name).isEmpty()) {
        refuse(
            Option.CAPABILITIES,
            "\"auto\", \"none\" or names of capabilities(7) separated by commas; \""
                + name
                + "\" is none");
      }
    }
    return selection;
  }

  private static Selection list(String value) {
    Set<String> names = new LinkedHashSet<>();
    for (String name : value.split(",", -1)) {
      if (!name.isBlank() && !value.equals("none")) {
        names.add(name.strip());
      }
    }
    return Selection.of(List.copyOf(names));
  }

  private StatusAddress statusAddress() {
    return StatusAddress.parse(value(Option.STATUS_ADDRESS))
        .orElseGet(() -> {
          refuse(Option.STATUS_ADDRESS, "IPV4:PORT or [IPV6]:PORT, with a port from 1 to 65535");
          return new StatusAddress("127.0.0.1", 9871);
        });
  }

  private List<Setting> values() {
    return Stream.of(Option.values())
        .map(option ->
            new Setting(option.variable(), shown(option), sources.getOrDefault(option, "default")))
        .toList();
  }

  private String shown(Option option) {
    String value = value(option);
    if (option.isSecret() && given.containsKey(option)) {
      return "***";
    }
    boolean address = option == Option.INSTALLER_SCRIPT_URL && !value.isEmpty();
    return address ? InstallerSettings.withoutSecrets(value) : value;
  }
}
