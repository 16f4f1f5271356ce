package io.smartagent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.ExitStatus;
import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.kernel.capability.Capability;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InstallerPlanTest {

  private final Situation situation =
      new Situation()
          .variable(Option.INSTALLER_SCRIPT_URL, "https://get.example.com/a.sh?key=q5ery")
          .variable(Option.INSTALLER_DOWNLOAD_TOKEN, "t0ken");

  private List<String> actions() {
    return situation.plan().steps().stream().map(Step::action).toList();
  }

  @Test
  void isFetchedFirstAndRunInTheSealedRootBeforeTheDrop() {
    assertThat(situation.plan().problems()).isEmpty();
    assertThat(actions())
        .startsWith("recover-installation", "fetch-installer")
        .containsSubsequence(
            "verify-seal",
            "enter-root",
            "close-descriptors",
            "set-umask",
            "run-installer",
            "become-user",
            "execute");
  }

  @Test
  void startsWhatIsInstalledWithWhatTheModulesNeed() {
    LaunchPlan plan = situation.plan();

    ProcessStep.Execute execute = (ProcessStep.Execute) plan.steps().getLast();
    assertThat(execute.path()).isEqualTo("/opt/smartagent/bin/start");
    assertThat(execute.agent()).isFalse();
    assertThat(plan.capabilities().kept()).isEqualTo(new Situation().plan().capabilities().kept());
  }

  @Test
  void honoursCapabilitiesAndCommand() {
    situation
        .option(Option.CAPABILITIES, "SYSLOG")
        .variable(Option.AGENT_COMMAND, "bin/agent 'a b'");

    LaunchPlan plan = situation.plan();

    assertThat(plan.problems()).isEmpty();
    assertThat(plan.capabilities().kept().shortNames()).containsExactly("SYSLOG");
    assertThat(((ProcessStep.Execute) plan.steps().getLast()).arguments())
        .containsExactly("/opt/smartagent/bin/agent", "a b");
  }

  @Test
  void givesTheScriptFewCapabilitiesOfThoseThatThereAre() {
    situation.without(Capability.CAP_KILL);

    InstallerStep.RunInstaller run =
        situation.plan().steps().stream()
            .filter(InstallerStep.RunInstaller.class::isInstance)
            .map(InstallerStep.RunInstaller.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(run.capabilities().shortNames())
        .containsExactlyInAnyOrder(
            "CHOWN",
            "DAC_OVERRIDE",
            "DAC_READ_SEARCH",
            "FOWNER",
            "FSETID",
            "SETUID",
            "SETGID",
            "SETFCAP");
  }

  @Test
  void callsNoCapabilityOfTheScriptSurplus() {
    assertThat(situation.plan().capabilities().surplus().shortNames())
        .doesNotContain("FOWNER", "DAC_OVERRIDE", "SETFCAP", "KILL");
    assertThat(new Situation().plan().capabilities().surplus().shortNames())
        .contains("FOWNER", "SETFCAP", "KILL");
  }

  @Test
  void needsNoRuntimeOnTheHostWithoutSysAdmin() {
    situation.without(Capability.CAP_SYS_ADMIN).variable(Option.NO_REMOUNT_ROOT, "true");

    assertThat(situation.plan().problems()).isEmpty();
    assertThat(actions())
        .doesNotContain("install-runtime")
        .containsSubsequence("fetch-installer", "enter-root", "run-installer", "execute");
  }

  @Test
  void isIgnoredByRunWithAWarning() {
    situation.program("/bin/true", "");

    assertThat(actions()).doesNotContain("fetch-installer", "run-installer");
    assertThat(situation.plan().warnings())
        .anyMatch(warning -> warning.contains("run starts its own command: nothing is installed"));
  }

  @Test
  void isNotThereWithoutAUrl() {
    assertThat(new Situation().plan().steps().stream().map(Step::action))
        .doesNotContain("recover-installation", "fetch-installer", "run-installer");
  }

  @Test
  void warnsOfASkippedCertificateCheckEachTime() {
    situation.variable(Option.INSTALLER_SKIP_CERT_CHECK, "true");

    assertThat(situation.plan().warnings())
        .anyMatch(warning ->
            warning.startsWith("SMARTAGENT_INSTALLER_SKIP_CERT_CHECK is true")
                && warning.contains("SMARTAGENT_INSTALLER_CA_FILE"));
  }

  @Test
  void refusesAnInstallationDirectoryOfAnother() {
    situation.install(Situation.directory("/opt", 1000));

    assertThat(situation.plan().problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.status()).isEqualTo(ExitStatus.CONFIGURATION);
          assertThat(problem.fault()).contains("\"/opt\" belongs to uid 1000");
        });
  }

  @Test
  void refusesARuntimeDirectoryThatIsReplacedWithTheAgent() {
    situation
        .variable(Option.RUNTIME_PATH, "/opt/smartagent/data")
        .runtime(Situation.directory("/opt/smartagent/data/bonree", 0));

    assertThat(situation.plan().problems())
        .extracting(Problem::fault)
        .anyMatch(fault -> fault.contains("is in \"/opt/smartagent\""));
  }

  @Test
  void refusesAHostWhoseProcfsCannotBeMounted() {
    situation
        .without(Capability.CAP_SYS_ADMIN)
        .variable(Option.NO_REMOUNT_ROOT, "true")
        .noProc(true);

    assertThat(situation.plan().problems())
        .extracting(Problem::fault)
        .containsExactly("The host's root has no procfs at /proc, which an installer needs.");
  }

  @Test
  void refusesAHostWithoutAPlaceForProcfs() {
    situation.noProc(false);

    assertThat(situation.plan().problems())
        .extracting(Problem::fault)
        .contains("The host's root has no procfs at /proc, which an installer needs.");
  }

  @Test
  void showsNoSecret() {
    assertThat(situation.plan().toString()).doesNotContain("t0ken").doesNotContain("q5ery");
    assertThat(situation.plan().steps().get(1).subject()).isEqualTo("https://get.example.com/a.sh");
  }
}
