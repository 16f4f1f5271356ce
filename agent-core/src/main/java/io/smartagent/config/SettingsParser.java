package io.smartagent.config;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.Setting;
import io.smartagent.module.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Makes {@link Settings} of options and environment, and finds all that is wrong with them at once.
 */
public final class SettingsParser {

  private static final String PREFIX = "SMARTAGENT_";

  /** Compiled only where a variable is not known: few starts have one. */
  private static final class ServiceVariable {

    /** What Kubernetes sets in every pod for a Service whose name starts with "smartagent". */
    private static final Pattern NAME =
        Pattern.compile(
            "SMARTAGENT(_[A-Z0-9_]+)?_(SERVICE_HOST|SERVICE_PORT(_.+)?"
                + "|PORT(_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");
  }

  private final Map<Variable, String> given = new HashMap<>();
  private final Map<Variable, String> sources = new HashMap<>();
  private final List<String> moduleIds;
  private final Variables variables;
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private SettingsParser(List<? extends ModuleDescriptor> modules) {
    this.moduleIds = ModuleNames.of(modules);
    this.variables = Variables.of(modules);
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
   * @param modules that are built
   */
  public static Result parse(
      Map<Option, String> options,
      Map<String, String> environment,
      List<? extends ModuleDescriptor> modules) {
    SettingsParser parser = new SettingsParser(modules);
    parser.collect(options, environment);
    parser.warnOfUnknownVariables(environment);
    return new Result(parser.settings(), List.copyOf(parser.problems));
  }

  /** The documented manifests have a place for each variable, which may be left empty. */
  private void collect(Map<Option, String> options, Map<String, String> environment) {
    for (Variable variable : variables.all()) {
      String fromOption = variable instanceof Option option ? options.get(option) : null;
      String fromVariable = environment.get(variable.variable());
      if (fromOption != null) {
        given.put(variable, fromOption);
        sources.put(variable, String.valueOf(variable.flag()));
      } else if (fromVariable != null && !fromVariable.isBlank()) {
        boolean url = variable == Option.INSTALLER_SCRIPT_URL;
        given.put(variable, url ? fromVariable.strip() : fromVariable);
        sources.put(variable, variable.variable());
      }
    }
  }

  private void warnOfUnknownVariables(Map<String, String> environment) {
    List<String> known = variables.names();
    for (String name : new TreeSet<>(environment.keySet())) {
      boolean ours = name.startsWith(PREFIX) && !known.contains(name);
      if (ours && !ServiceVariable.NAME.matcher(name).matches()) {
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
    checkModuleSettings();
    checkConfiguration();
    checkReports();
    Mode mode = mode();
    Optional<InstallerSettings> installer = installer(installPath);
    return new Settings(
        new Settings.Identity(user(), bool(Option.NON_ROOT_MODE), bool(Option.STRICT)),
        new Settings.Root(
            bool(Option.ENABLE_MINIMAL_MOUNT) && mode == Mode.AUTO ? Mode.MINIMAL : mode,
            installPath,
            runtimePath,
            bool(Option.NO_REMOUNT_ROOT)),
        new Settings.Selections(
            modules(Option.MODULES), modules(Option.REQUIRE).names(), capabilities()),
        new Settings.Node(value(Option.NODE_NAME), statusAddress()),
        values(),
        warnings,
        installer);
  }

  private String value(Variable variable) {
    String defaultText = variable.defaultText();
    return given.getOrDefault(variable, defaultText == null ? "" : defaultText);
  }

  private void refuse(Variable variable, String accepted) {
    String source = sources.getOrDefault(variable, variable.variable());
    problems.add(
        new Problem(
            source.startsWith("--") ? ExitStatus.USAGE : ExitStatus.CONFIGURATION,
            source + " is \"" + value(variable) + "\".",
            "It must be " + accepted + "."));
  }

  private boolean bool(Option option) {
    Optional<Boolean> value = Booleans.parse(value(option));
    if (value.isEmpty()) {
      refuse(option, Booleans.ACCEPTED);
    }
    return value.orElse(Boolean.parseBoolean(option.defaultText()));
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
            && !hasControl(clean)
            && !List.of(clean.split("/", -1)).contains("..")
            && !List.of(clean.split("/", -1)).contains(".");
    if (!ordinary) {
      refuse(option, "an absolute path of the host below \"/\", without \"..\"");
      return String.valueOf(option.defaultText());
    }
    return clean;
  }

  private static boolean hasControl(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ') {
        return true;
      }
    }
    return false;
  }

  private Optional<UserSpec> user() {
    if (!given.containsKey(Option.USER)) {
      return Optional.empty();
    }
    String value = value(Option.USER);
    String[] parts = value.split(":", -1);
    boolean wellFormed = parts.length <= 2;
    for (String part : parts) {
      wellFormed &= isUserOrGroup(part);
    }
    if (!wellFormed) {
      refuse(
          Option.USER,
          "a user of the host as NAME, UID or UID:GID, with numbers from 0 to " + UserSpec.MAX_ID);
      return Optional.empty();
    }
    return Optional.of(new UserSpec(parts[0], parts.length == 2 ? parts[1] : null));
  }

  private static boolean isUserOrGroup(String part) {
    boolean number = !part.isEmpty();
    for (int i = 0; i < part.length(); i++) {
      char letter = part.charAt(i);
      number &= letter >= '0' && letter <= '9';
      if (letter < ' ' || letter == '/') {
        return false;
      }
    }
    if (number || part.startsWith("-")) {
      return Numbers.parse(part, UserSpec.MAX_ID).isPresent();
    }
    return !part.isBlank();
  }

  private Selection modules(Option option) {
    String source = sources.getOrDefault(option, option.variable());
    ExitStatus status = source.startsWith("--") ? ExitStatus.USAGE : ExitStatus.CONFIGURATION;
    return new ModuleNames(moduleIds, source, option == Option.MODULES)
        .parse(value(option), (fault, remedy) -> problems.add(new Problem(status, fault, remedy)));
  }

  private Selection capabilities() {
    String value = value(Option.CAPABILITIES);
    if (value.equals("auto")) {
      return Selection.AUTO;
    }
    Selection selection = ModuleNames.split(value);
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

  /** A default is valid, and need not be parsed: most starts set nothing. */
  private void checkModuleSettings() {
    if (!LogLevel.isValid(value(Option.LOG_LEVEL))) {
      refuse(Option.LOG_LEVEL, LogLevel.ACCEPTED);
    }
    for (Setting<?> setting : variables.ofModules()) {
      if (given.containsKey(setting) && setting.parse(value(setting)).isEmpty()) {
        refuse(setting, setting.accepted());
      }
    }
  }

  private void checkConfiguration() {
    String map = value(Option.CONFIG_MAP);
    boolean path = !value(Option.CONFIG_PATH).isEmpty();
    if (path) {
      path(Option.CONFIG_PATH);
    }
    if (!map.isEmpty() && !ObjectName.isSubdomain(map)) {
      refuse(
          Option.CONFIG_MAP,
          "the name of a ConfigMap: small letters, digits, \"-\" and \".\", at most 253 of them");
    }
    if (path && !map.isEmpty()) {
      problems.add(
          Problem.configuration(
              "SMARTAGENT_CONFIG_PATH and SMARTAGENT_CONFIG_MAP are both set.",
              "Set the first for a ConfigMap that is mounted, the second for one that is"
                  + " watched."));
    }
  }

  private void checkReports() {
    bool(Option.KUBERNETES_EVENTS);
    bool(Option.AGENT_NODE);
    if (!value(Option.EVENTS).equals("json") && !value(Option.EVENTS).equals("text")) {
      refuse(Option.EVENTS, "\"json\" or \"text\"");
    }
    if (Numbers.parse(value(Option.AGENT_NODE_SPREAD_SECONDS), ReportSettings.MAX_SPREAD_SECONDS)
        .isEmpty()) {
      refuse(
          Option.AGENT_NODE_SPREAD_SECONDS,
          "a whole number of seconds from 0 to " + ReportSettings.MAX_SPREAD_SECONDS);
    }
  }

  private StatusAddress statusAddress() {
    return StatusAddress.parse(value(Option.STATUS_ADDRESS))
        .orElseGet(() -> {
          refuse(Option.STATUS_ADDRESS, "IPV4:PORT or [IPV6]:PORT, with a port from 1 to 65535");
          return new StatusAddress("127.0.0.1", 9871);
        });
  }

  private List<SettingValue> values() {
    List<SettingValue> values = new ArrayList<>();
    for (Variable variable : variables.all()) {
      String source = sources.getOrDefault(variable, "default");
      values.add(new SettingValue(variable.variable(), shown(variable), source));
    }
    return values;
  }

  private String shown(Variable variable) {
    String value = value(variable);
    if (variable.isSecret() && given.containsKey(variable)) {
      return "***";
    }
    boolean address = variable == Option.INSTALLER_SCRIPT_URL && !value.isEmpty();
    return address ? DownloadSettings.withoutSecrets(value) : value;
  }
}
