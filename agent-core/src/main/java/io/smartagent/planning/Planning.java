package io.smartagent.planning;

import io.smartagent.config.CommandLine;
import io.smartagent.config.DownloadSettings;
import io.smartagent.config.InstallerSettings;
import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.config.Settings;
import io.smartagent.config.SettingsParser;
import io.smartagent.config.StatusAddress;
import io.smartagent.host.HostFacts;
import io.smartagent.host.HostFiles;
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

/** Plans a launch: the same for {@code plan}, for {@code plan --assume} and for the launch. */
public final class Planning {

  private static final String AGENT_OPTIONS = LaunchPlanner.IMAGE_HOME + "/agent.options";
  private static final int OPTIONS_LIMIT = 65536;
  private static final int DIGESTS_LIMIT = 1 << 20;

  private final Kernel kernel;
  private final List<ModuleDescriptor> modules;
  private final CommandLine line;
  private final Map<String, String> environment;
  private final Settings settings;
  private final List<Problem> problems;

  /**
   * Returns the planning of a launch.
   *
   * @param kernel of this container
   * @param modules that are built
   * @param environment of the container
   */
  public Planning(
      Kernel kernel,
      List<? extends ModuleDescriptor> modules,
      CommandLine line,
      Map<String, String> environment) {
    SettingsParser.Result parsed = SettingsParser.parse(line.options(), environment, modules);
    this.kernel = kernel;
    this.modules = List.copyOf(modules);
    this.line = line;
    this.environment = environment;
    this.settings = parsed.settings();
    this.problems = new ArrayList<>(line.problems());
    problems.addAll(parsed.problems());
  }

  /**
   * What was found and what was decided.
   *
   * @param container the facts that the plan was made from
   * @param plan that was made
   */
  public record Result(ContainerFacts container, LaunchPlan plan) {}

  /** Returns what was set, with the default wherever a value is not valid. */
  public Settings settings() {
    return settings;
  }

  /**
   * Returns the plan for this container and its host.
   *
   * @throws ErrnoException where not even the thread's capabilities can be read
   */
  public Result plan() throws ErrnoException {
    ContainerFacts container = container();
    HostFacts host = host(HostFiles.of(kernel, HostRoot.MOUNT_POINT));
    Target target = target();
    if (target instanceof Target.BuiltInAgent) {
      checkStatusAddress(settings.node().statusAddress());
    }
    return result(container, host, target);
  }

  /**
   * Returns the plan for a container that is not here. Whether the status server could listen there
   * is unknown.
   *
   * @param container what it may do
   * @param host where facts about its host are read
   * @param assumptions what is wrong with their description
   * @throws ErrnoException if the host's root can no longer be read
   */
  public Result plan(ContainerFacts container, HostFiles host, List<Problem> assumptions)
      throws ErrnoException {
    problems.addAll(line.problems().size(), assumptions);
    return result(container, host(host), target());
  }

  private Result result(ContainerFacts container, HostFacts host, Target target) {
    return new Result(
        container, LaunchPlanner.plan(settings, problems, container, host, modules, target));
  }

  /** Returns what this container may do, where a host's root is mounted into it. */
  public Optional<ContainerFacts> containerWithHost() throws ErrnoException {
    HostFacts host = new HostRoot(HostFiles.of(kernel, HostRoot.MOUNT_POINT)).read(question());
    return host.root().state() == HostFacts.State.ROOT
        ? Optional.of(container())
        : Optional.empty();
  }

  private ContainerFacts container() throws ErrnoException {
    return new ContainerProbe(kernel, HostRoot.MOUNT_POINT, clusterQuestion(settings, environment))
        .probe();
  }

  /** Returns where a ServiceAccount is looked for in a container with this environment. */
  public static ClusterQuestion clusterQuestion(
      Settings settings, Map<String, String> environment) {
    return ClusterQuestion.of(
        environment, settings.runtimeDirectory() + "/" + LaunchPlanner.ACCOUNT_NAME);
  }

  private HostFacts host(HostFiles files) throws ErrnoException {
    return MinimalSurvey.complete(new HostRoot(files).read(question()), files, settings);
  }

  private HostRoot.Question question() {
    return new HostRoot.Question(
        settings.root().installPath(),
        settings.runtimeDirectory(),
        List.of(LaunchPlanner.RUNTIME_NAME, LaunchPlanner.ACCOUNT_NAME),
        line.program().isEmpty() ? Optional.empty() : Optional.of(line.program().getFirst()));
  }

  private Target target() {
    if (!line.program().isEmpty()) {
      return new Target.HostProgram(line.program());
    }
    if (settings.installer().isPresent()) {
      InstallerSettings installer = settings.installer().get();
      checkCaFile(installer.download());
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
      return new Target.BuiltInAgent(lines, settings.root().noRemountRoot() ? runtimeId() : "");
    } catch (ErrnoException e) {
      problems.add(
          Problem.configuration(
              "This image has no built-in agent: " + e.getMessage() + ".",
              "Use the image that the project builds, or run -- COMMAND."));
      return new Target.BuiltInAgent(List.of());
    }
  }

  private void checkCaFile(DownloadSettings download) {
    if (download.caFile().isEmpty() || download.skipCertificateCheck()) {
      return;
    }
    String file = download.caFile().get();
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

  /** Only certain faults: another process listens there, or the address does not exist. */
  private void checkStatusAddress(StatusAddress address) {
    try {
      kernel.syscallProbes().bindTcp(address.bytes(), address.port());
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EADDRINUSE || e.errno() == Errno.EADDRNOTAVAIL) {
        problems.add(
            Problem.unavailable(
                "The status server cannot listen on " + address + ": " + e.getMessage() + ".",
                "Give it another address with SMARTAGENT_STATUS_ADDRESS; on the host's network"
                    + " every agent needs its own."));
      }
    }
  }
}
