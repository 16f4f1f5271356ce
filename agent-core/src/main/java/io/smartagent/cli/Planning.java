package io.smartagent.cli;

import io.smartagent.config.CommandLine;
import io.smartagent.config.Problem;
import io.smartagent.config.Settings;
import io.smartagent.config.SettingsParser;
import io.smartagent.config.StatusAddress;
import io.smartagent.host.HostFacts;
import io.smartagent.host.HostRoot;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.modules.ModuleCatalog;
import io.smartagent.plan.LaunchPlan;
import io.smartagent.plan.LaunchPlanner;
import io.smartagent.plan.Target;
import io.smartagent.probe.ContainerFacts;
import io.smartagent.probe.ContainerProbe;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
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

  private final Kernel kernel;

  Planning(Kernel kernel) {
    this.kernel = kernel;
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
    List<ModuleDescriptor> catalog = ModuleCatalog.descriptors();
    SettingsParser.Result parsed =
        SettingsParser.parse(
            line.options(), environment, catalog.stream().map(ModuleDescriptor::id).toList());
    Settings settings = parsed.settings();
    List<Problem> problems = new ArrayList<>(line.problems());
    problems.addAll(parsed.problems());
    ContainerFacts container = new ContainerProbe(kernel, HostRoot.MOUNT_POINT).probe();
    HostFacts host = new HostRoot(kernel, HostRoot.MOUNT_POINT).read(question(settings, line));
    Target target = target(line, problems);
    if (target instanceof Target.BuiltInAgent) {
      checkStatusAddress(settings.statusAddress(), problems);
    }
    return new Result(
        container, LaunchPlanner.plan(settings, problems, container, host, catalog, target));
  }

  private static HostRoot.Question question(Settings settings, CommandLine line) {
    return new HostRoot.Question(
        settings.installPath(),
        settings.runtimeDirectory(),
        List.of(LaunchPlanner.RUNTIME_NAME),
        line.program().stream().findFirst());
  }

  private Target target(CommandLine line, List<Problem> problems) {
    if (!line.program().isEmpty()) {
      return new Target.HostProgram(line.program());
    }
    try {
      byte[] options = kernel.filesystem().readAll(AGENT_OPTIONS, OPTIONS_LIMIT);
      return new Target.BuiltInAgent(
          new String(options, StandardCharsets.UTF_8).lines().filter(l -> !l.isEmpty()).toList());
    } catch (ErrnoException e) {
      problems.add(
          Problem.configuration(
              "This image has no built-in agent: " + e.getMessage() + ".",
              "Use the image that the project builds, or run -- COMMAND."));
      return new Target.BuiltInAgent(List.of());
    }
  }

  /** Only what is sure: that somebody else listens there, or that there is no such address. */
  private void checkStatusAddress(StatusAddress address, List<Problem> problems) {
    try {
      Optional<byte[]> bytes = bytes(address.host());
      if (bytes.isPresent()) {
        kernel.trials().bindTcp(bytes.get(), address.port());
      }
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

  private static Optional<byte[]> bytes(String host) {
    try {
      return Optional.of(InetAddress.ofLiteral(host).getAddress());
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }
}
