package io.smartagent.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.module.ContainerRoots;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.TestDescriptor;
import io.smartagent.module.Variable;
import io.smartagent.modules.ModuleCatalog;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsParserTest {

  private static final List<ModuleDescriptor> MODULES =
      List.of(
          TestDescriptor.of("application-discovery"),
          TestDescriptor.of("host-events")
              .having(Variables.of(ModuleCatalog.modules()).ofModules()));

  private final Map<Option, String> options = new EnumMap<>(Option.class);
  private final Map<String, String> environment = new TreeMap<>();

  private SettingsParser.Result parse() {
    return SettingsParser.parse(options, environment, MODULES);
  }

  private Problem problem() {
    List<Problem> problems = parse().problems();
    assertThat(problems).hasSize(1);
    return problems.getFirst();
  }

  @Test
  void isCompleteWithoutAnySetting() {
    Settings settings = parse().settings();

    assertThat(parse().problems()).isEmpty();
    assertThat(settings.identity().user()).isEmpty();
    assertThat(settings.identity().nonRootMode()).isTrue();
    assertThat(settings.root().mode()).isEqualTo(Mode.AUTO);
    assertThat(settings.selections().modules()).isEqualTo(Selection.AUTO);
    assertThat(settings.selections().require()).isEmpty();
    assertThat(settings.identity().strict()).isFalse();
    assertThat(settings.root().installPath()).isEqualTo("/opt");
    assertThat(settings.runtimeDirectory()).isEqualTo("/var/lib/bonree");
    assertThat(settings.root().noRemountRoot()).isFalse();
    assertThat(settings.node().statusAddress()).isEqualTo(new StatusAddress("127.0.0.1", 9871));
    assertThat(settings.warnings()).isEmpty();
    assertThat(settings.values())
        .hasSize(Variables.of(ModuleCatalog.modules()).all().size())
        .allMatch(setting -> setting.source().equals("default"));
  }

  @Test
  void prefersTheOptionToTheVariableAndReportsTheSource() {
    environment.put("SMARTAGENT_USER", "daemon");
    environment.put("SMARTAGENT_MODE", "full");
    options.put(Option.USER, "nobody:adm");

    Settings settings = parse().settings();

    assertThat(settings.identity().user()).isEqualTo(Optional.of(new UserSpec("nobody", "adm")));
    assertThat(settings.sourceOf(Option.USER)).isEqualTo("--user");
    assertThat(settings.sourceOf(Option.MODE)).isEqualTo("SMARTAGENT_MODE");
    assertThat(settings.sourceOf(Option.STRICT)).isEqualTo("default");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":",
        "a:",
        ":a",
        "a:b:c",
        "-1",
        "-u",
        "4294967295",
        "99999999999999999999",
        "nobody:4294967295",
        "a/b",
        "a\nb",
        "1:-2"
      })
  void refusesWhatNamesNoUser(String user) {
    options.put(Option.USER, user);
    Problem byOption = problem();
    options.clear();
    environment.put("SMARTAGENT_USER", user);
    Problem byVariable = problem();

    assertThat(byOption.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(byOption.fault()).isEqualTo("--user is \"" + user + "\".");
    assertThat(byOption.remedy())
        .isEqualTo(
            "It must be a user of the host as NAME, UID or UID:GID, with numbers from 0 to"
                + " 4294967294.");
    assertThat(byVariable.status()).isEqualTo(ExitStatus.CONFIGURATION);
    assertThat(byVariable.fault()).isEqualTo("SMARTAGENT_USER is \"" + user + "\".");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nobody", "0", "4294967294", "1000:1000", "test.user-1", "dom\\user", "é"})
  void acceptsNamesAndNumbers(String user) {
    options.put(Option.USER, user);

    assertThat(parse().problems()).isEmpty();
    assertThat(parse().settings().identity().user()).map(UserSpec::toString).contains(user);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"opt", "/", "//", "/opt/../etc", "/opt/./x", "/a//b", "/a\tb", "../x", "/.."})
  void refusesPathsThatAreNoneOfTheHost(String path) {
    environment.put("SMARTAGENT_INSTALL_PATH", path);

    assertThat(problem().fault()).isEqualTo("SMARTAGENT_INSTALL_PATH is \"" + path + "\".");
    assertThat(parse().settings().root().installPath()).isEqualTo("/opt");
  }

  @Test
  void refusesAPathThatNoKernelTakes() {
    environment.put("SMARTAGENT_RUNTIME_PATH", "/" + "x".repeat(4095));

    assertThat(problem().status()).isEqualTo(ExitStatus.CONFIGURATION);
  }

  @Test
  void dropsSlashesAtTheEndOfAPath() {
    environment.put("SMARTAGENT_RUNTIME_PATH", "/data/agent///");

    assertThat(parse().settings().runtimeDirectory()).isEqualTo("/data/agent/bonree");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/var/lib", "/var/lib/bonree"})
  void refusesOneDirectoryForBoth(String path) {
    environment.put("SMARTAGENT_INSTALL_PATH", path);

    assertThat(problem().fault())
        .isEqualTo("Installation and runtime directory are the same: \"" + path + "\".");
  }

  @ParameterizedTest
  @CsvSource({"true, true", "TRUE, true", "false, false", "False, false"})
  void readsBooleansInAnyCase(String text, boolean value) {
    environment.put("SMARTAGENT_NO_REMOUNT_ROOT", text);

    assertThat(parse().settings().root().noRemountRoot()).isEqualTo(value);
    assertThat(parse().problems()).isEmpty();
  }

  @Test
  void takesTheDefaultWhereABooleanIsNone() {
    options.put(Option.NON_ROOT_MODE, "yes");

    assertThat(problem().text())
        .isEqualTo("--non-root-mode is \"yes\". It must be \"true\" or \"false\".");
    assertThat(parse().settings().identity().nonRootMode()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "86401", "1.5", "30s", "99999999999999999999"})
  void refusesATimeThatIsNone(String seconds) {
    environment.put("SMARTAGENT_BLOCKED_TASK_SECONDS", seconds);

    assertThat(problem().text())
        .isEqualTo(
            "SMARTAGENT_BLOCKED_TASK_SECONDS is \""
                + seconds
                + "\". It must be a whole number of seconds from 1 to 86400.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/data/docker",
        "docker",
        "docker=",
        "docker=data",
        "docker=/",
        "docker=/a/../b",
        "rkt=/var/lib/rkt",
        "docker=/a,,containerd",
        "=/a"
      })
  void refusesRootsThatAreNone(String roots) {
    environment.put("SMARTAGENT_CONTAINER_ROOTS", roots);

    assertThat(problem().text())
        .startsWith(
            "SMARTAGENT_CONTAINER_ROOTS is \""
                + roots
                + "\". It must be RUNTIME=PATH, separated by")
        .contains("containerd, cri-o, crun, docker, podman, runc");
  }

  @Test
  void acceptsSeveralRootsOfARuntime() {
    environment.put(
        "SMARTAGENT_CONTAINER_ROOTS", "docker=/a, docker=/b=c ,containerd=/run/k3s/containerd,");

    assertThat(parse().problems()).isEmpty();
    assertThat(ContainerRoots.parse(environment.get("SMARTAGENT_CONTAINER_ROOTS")))
        .hasValue(
            new ContainerRoots(
                Map.of(
                    "docker", List.of("/a", "/b=c"),
                    "containerd", List.of("/run/k3s/containerd"))));
  }

  @Test
  void takesAModuleThatIsNamedBesideAuto() {
    options.put(Option.MODULES, "auto, host-events");

    Selection modules = parse().settings().selections().modules();

    assertThat(parse().problems()).isEmpty();
    assertThat(modules.includes("application-discovery")).isTrue();
    assertThat(modules.isNamed("application-discovery")).isFalse();
    assertThat(modules.isNamed("host-events")).isTrue();
  }

  @Test
  void refusesAModeThatThereIsNot() {
    options.put(Option.MODE, "readonly");

    assertThat(problem().text())
        .isEqualTo(
            "--mode is \"readonly\". It must be \"auto\", \"full\", \"read-only\" or \"minimal\".");
  }

  @Test
  void takesMinimalMountForAModeWhereNoOtherIsNamed() {
    environment.put("SMARTAGENT_ENABLE_MINIMAL_MOUNT", "true");
    assertThat(parse().settings().root().mode()).isEqualTo(Mode.MINIMAL);

    options.put(Option.MODE, "full");
    assertThat(parse().settings().root().mode()).isEqualTo(Mode.FULL);
  }

  @Test
  void readsListsOfModulesInTheirOrderWithoutDoubles() {
    options.put(Option.MODULES, " host-events , application-discovery,,host-events");

    assertThat(parse().settings().selections().modules())
        .isEqualTo(Selection.of(List.of("host-events", "application-discovery")));
    options.put(Option.MODULES, "none");
    assertThat(parse().settings().selections().modules()).isEqualTo(Selection.of(List.of()));
  }

  @Test
  void leavesModulesOut() {
    options.put(Option.MODULES, "auto, !host-events");
    Selection selection = parse().settings().selections().modules();
    assertThat(selection.includes("host-events")).isFalse();
    assertThat(selection.includes("application-discovery")).isTrue();
    assertThat(selection.text()).isEqualTo("auto,!host-events");

    options.put(Option.MODULES, "!host-events");
    assertThat(parse().settings().selections().modules()).isEqualTo(selection);
    options.put(Option.MODULES, "application-discovery,!host-events");
    assertThat(parse().settings().selections().modules().includes("host-events")).isFalse();
  }

  @Test
  void refusesToNameAndToExcludeAModule() {
    options.put(Option.MODULES, "auto,host-events,!host-events");
    assertThat(problem().text())
        .isEqualTo(
            "--modules both names and excludes the module \"host-events\". Write either host-events"
                + " or !host-events.");
  }

  @Test
  void doesNotAcceptExclusionsAsRequirements() {
    environment.put("SMARTAGENT_REQUIRE", "!host-events");
    assertThat(problem().text()).contains("Unknown module \"!host-events\"");
  }

  @Test
  void refusesAModuleThatThereIsNotAndSuggestsOne() {
    environment.put("SMARTAGENT_REQUIRE", "host-event");

    assertThat(problem().text())
        .isEqualTo(
            "Unknown module \"host-event\" in SMARTAGENT_REQUIRE. The modules"
                + " are application-discovery, host-events. Did you mean host-events?");
  }

  @Test
  void refusesACapabilityThatThereIsNot() {
    options.put(Option.CAPABILITIES, "SYS_PTRACE,SYS_MAGIC");

    assertThat(problem().fault()).isEqualTo("--capabilities is \"SYS_PTRACE,SYS_MAGIC\".");
    assertThat(problem().remedy()).contains("\"SYS_MAGIC\" is none");
  }

  @Test
  void warnsOfVariablesThatItDoesNotKnow() {
    environment.put("SMARTAGENT_USR", "nobody");

    assertThat(parse().problems()).isEmpty();
    assertThat(parse().settings().warnings())
        .containsExactly(
            "Variable SMARTAGENT_USR is not known and has no effect. Did you mean"
                + " SMARTAGENT_USER?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SMARTAGENT_SERVICE_HOST",
        "SMARTAGENT_SERVICE_PORT",
        "SMARTAGENT_SERVICE_PORT_METRICS",
        "SMARTAGENT_PORT",
        "SMARTAGENT_PORT_9871_TCP",
        "SMARTAGENT_PORT_9871_TCP_PROTO",
        "SMARTAGENT_PORT_9871_UDP_ADDR",
        "SMARTAGENT_STATUS_SERVICE_HOST",
        "SMARTAGENT_STATUS_PORT_80_TCP_PORT"
      })
  void doesNotWarnOfWhatKubernetesSetsForAServiceOfItsName(String name) {
    environment.put(name, "tcp://10.0.0.1:9871");

    assertThat(parse().settings().warnings()).isEmpty();
  }

  @Test
  void hidesTheDownloadToken() {
    environment.put("SMARTAGENT_INSTALLER_DOWNLOAD_TOKEN", "s3cret");

    assertThat(parse().toString()).doesNotContain("s3cret");
    assertThat(parse().settings().values())
        .contains(
            new SettingValue(
                "SMARTAGENT_INSTALLER_DOWNLOAD_TOKEN",
                "***",
                "SMARTAGENT_INSTALLER_DOWNLOAD_TOKEN"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "text"})
  void takesFormatsOfEvents(String format) {
    options.put(Option.EVENTS, format);

    assertThat(parse().problems()).isEmpty();
    assertThat(parse().settings().valueOf(Option.EVENTS)).isEqualTo(format);
  }

  @Test
  void refusesAnotherFormatOfEvents() {
    environment.put("SMARTAGENT_EVENTS", "xml");

    assertThat(problem().fault()).isEqualTo("SMARTAGENT_EVENTS is \"xml\".");
    assertThat(problem().remedy()).isEqualTo("It must be \"json\" or \"text\".");
  }

  @Test
  void reportsEveryProblemAtOnce() {
    options.put(Option.USER, "");
    options.put(Option.MODE, "x");
    environment.put("SMARTAGENT_STATUS_ADDRESS", "x");
    environment.put("SMARTAGENT_STRICT", "x");

    assertThat(parse().problems())
        .extracting(Problem::fault)
        .containsExactlyInAnyOrder(
            "--user is \"\".",
            "--mode is \"x\".",
            "SMARTAGENT_STATUS_ADDRESS is \"x\".",
            "SMARTAGENT_STRICT is \"x\".");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n"})
  void takesABlankVariableForOneThatIsNotSet(String blank) {
    Settings standard = parse().settings();
    for (Variable variable : Variables.of(MODULES).all()) {
      environment.put(variable.variable(), blank);
    }

    assertThat(parse().problems()).isEmpty();
    assertThat(parse().settings()).isEqualTo(standard);
  }

  @Test
  void takesBlanksAroundTheUrlForNothing() {
    environment.put(Option.INSTALLER_SCRIPT_URL.variable(), " https://a.example/b\n");

    assertThat(parse().settings().installer().orElseThrow().download().url().reveal())
        .isEqualTo("https://a.example/b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent-settings", "a", "a.b-c.1", "1"})
  void takesNamesOfConfigMaps(String name) {
    environment.put("SMARTAGENT_CONFIG_MAP", name);

    assertThat(parse().problems()).isEmpty();
    assertThat(parse().settings().valueOf(Option.CONFIG_MAP)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"A", "a_b", "-a", "a-", "a..b", ".a", "default/a", "a b", "\u00e4"})
  void refusesWhatNoConfigMapIsCalled(String name) {
    environment.put("SMARTAGENT_CONFIG_MAP", name);

    assertThat(problem().fault()).isEqualTo("SMARTAGENT_CONFIG_MAP is \"" + name + "\".");
  }

  @Test
  void takesOnlyOnePlaceForSettingsThatChange() {
    environment.put("SMARTAGENT_CONFIG_MAP", "a");
    environment.put("SMARTAGENT_CONFIG_PATH", "/etc/smartagent");

    assertThat(problem().text())
        .contains("SMARTAGENT_CONFIG_PATH and SMARTAGENT_CONFIG_MAP are both set");
  }

  @Test
  void refusesAPlaceForSettingsThatIsNone() {
    environment.put("SMARTAGENT_CONFIG_PATH", "etc/../x");

    assertThat(problem().fault()).isEqualTo("SMARTAGENT_CONFIG_PATH is \"etc/../x\".");
  }
}
