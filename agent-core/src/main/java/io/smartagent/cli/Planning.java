package io.smartagent.cli;

import io.smartagent.config.CommandLine;
import io.smartagent.config.InstallerSettings;
import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.config.Settings;
import io.smartagent.config.SettingsParser;
import io.smartagent.config.StatusAddress;
import io.smartagent.host.HostFacts;
import io.smartagent.host.HostRoot;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.launch.RuntimeDigests;
import io.smartagent.launch.installer.CertificateFile;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.plan.LaunchPlan;
import io.smartagent.plan.LaunchPlanner;
import io.smartagent.plan.Target;
import io.smartagent.probe.ClusterQuestion;
import io.smartagent.probe.ContainerFacts;
import io.smartagent.probe.ContainerProbe;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gathers settings and facts, and has the plan made: the same for {@code plan} and for the launch.
 */
final class Planning {

  private static final String AGENT_OPTIONS = LaunchPlanner.IMAGE_HOME + "/agent.options";
  private static final int OPTIONS_LIMIT = 65536;
  private static final int DIGESTS_LIMIT = 1 << 20;

  private final Kernel kernel;
  private final Kernel hostKernel;
  private final List<ModuleDescriptor> modules;

  /**
   * @param modules that are built
   */
  Planning(Kernel kernel, List<? extends ModuleDescriptor> modules) {
    this(kernel, kernel, modules);
  }

  /**
   * @param kernel of the container
   * @param hostKernel that the host's root is read with
   * @param modules that are built
   */
  Planning(Kernel kernel, Kernel hostKernel, List<? extends ModuleDescriptor> modules) {
    this.kernel = kernel;
    this.hostKernel = hostKernel;
    this.modules = List.copyOf(modules);
  }

  /**
   * What was found and what was decided.
   *
   * @param container the facts that the plan was made from
   * @param plan that was made
   */
  record Result(ContainerFacts container, LaunchPlan plan) {}

  /**
   * Returns the plan for a command line.
   *
   * @param environment of the container
   * @throws ErrnoException where not even the thread's capabilities can be read
   */
  Result plan(CommandLine line, Map<String, String> environment) throws ErrnoException {
    SettingsParser.Result parsed = SettingsParser.parse(line.options(), environment, modules);
    Settings settings = parsed.settings();
    List<Problem> problems = new ArrayList<>(line.problems());
    problems.addAll(parsed.problems());
    ContainerFacts container =
        new ContainerProbe(kernel, HostRoot.MOUNT_POINT, clusterQuestion(settings, environment))
            .probe();
    HostFacts host =
        new MinimalSurvey(hostKernel, settings)
            .complete(
                new HostRoot(hostKernel, HostRoot.MOUNT_POINT).read(question(settings, line)));
    Target target = target(settings, line, problems);
    if (target instanceof Target.BuiltInAgent) {
      checkStatusAddress(settings.statusAddress(), problems);
    }
    return new Result(
        container, LaunchPlanner.plan(settings, problems, container, host, modules, target));
  }

  static ClusterQuestion clusterQuestion(Settings settings, Map<String, String> environment) {
    return ClusterQuestion.of(
        environment, settings.runtimeDirectory() + "/" + LaunchPlanner.ACCOUNT_NAME);
  }

  static HostRoot.Question question(Settings settings, CommandLine line) {
    return new HostRoot.Question(
        settings.installPath(),
        settings.runtimeDirectory(),
        List.of(LaunchPlanner.RUNTIME_NAME, LaunchPlanner.ACCOUNT_NAME),
        line.program().isEmpty() ? Optional.empty() : Optional.of(line.program().getFirst()));
  }

  private Target target(Settings settings, CommandLine line, List<Problem> problems) {
    if (!line.program().isEmpty()) {
      return new Target.HostProgram(line.program());
    }
    if (settings.installer().isPresent()) {
      InstallerSettings installer = settings.installer().get();
      checkCaFile(installer, problems);
      return new Target.InstalledAgent(installer.command());
    }
    try {
      byte[] options = kernel.filesystem().readAll(AGENT_OPTIONS, OPTIONS_LIMIT);
      List<String> lines = new ArrayList<>();
      for (String option : new String(options, StandardCharsets.UTF_8).split("\n", -1)) {
        if (!option.isEmpty()) {
          lines.add(option);
        }
      }
      return new Target.BuiltInAgent(lines, settings.noRemountRoot() ? runtimeId() : "");
    } catch (ErrnoException e) {
      problems.add(
          Problem.configuration(
              "This image has no built-in agent: " + e.getMessage() + ".",
              "Use the image that the project builds, or run -- COMMAND."));
      return new Target.BuiltInAgent(List.of());
    }
  }

  private void checkCaFile(InstallerSettings installer, List<Problem> problems) {
    if (installer.caFile().isEmpty() || installer.skipCertificateCheck()) {
      return;
    }
    String file = installer.caFile().get();
    String fault;
    try {
      byte[] text = kernel.filesystem().readAll(file, CertificateFile.LIMIT);
      if (!CertificateFile.certificates(text).isEmpty()) {
        return;
      }
      fault = "has no certificate in it";
    } catch (ErrnoException e) {
      fault = "cannot be read: " + e.getMessage();
    } catch (CertificateException e) {
      fault = "has a certificate in it that is not valid: " + e.getMessage();
    }
    problems.add(
        Problem.configuration(
            Option.INSTALLER_CA_FILE.variable() + " is \"" + file + "\", which " + fault + ".",
            "It must name a file of the container with certificates in PEM, such as a mounted"
                + " ConfigMap's."));
  }

  private String runtimeId() throws ErrnoException {
    String path = LaunchPlanner.IMAGE_HOME + "/" + RuntimeDigests.FILE_NAME;
    return RuntimeDigests.idOf(kernel.filesystem().readAll(path, DIGESTS_LIMIT));
  }

  /** Only what is sure: that another process listens there, or that there is no such address. */
  private void checkStatusAddress(StatusAddress address, List<Problem> problems) {
    try {
      kernel.trials().bindTcp(address.bytes(), address.port());
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EADDRINUSE || e.errno() == Errno.EADDRNOTAVAIL) {
        problems.add(
            Problem.unavailable(
                "The status server cannot listen on " + address + ": " + e.getMessage() + ".",
                "Give it another address with SMARTAGENT_STATUS_ADDRESS; on the host's network every"
                    + " agent needs one of its own."));
      }
    }
  }
}
