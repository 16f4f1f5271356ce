package io.smartagent.plan;

import io.smartagent.config.Problem;
import io.smartagent.config.Settings;
import io.smartagent.host.HostFacts;
import java.util.ArrayList;
import java.util.List;

/** Decides what the launcher becomes in the end. Pure. */
final class ProgramPlanner {

  /** The loader that starts the agent's JVM, in the runtime's bin. */
  static final String PROGRAM_NAME = "smartagent";

  private static final String HOME = "@HOME@";

  /** The loader gets no locale where it has file capabilities: it takes LOCPATH away. */
  private static final String FILE_NAMES = "-Dsun.jnu.encoding=UTF-8";

  private final Settings settings;
  private final HostFacts host;
  private final Target target;
  private final Findings findings;

  ProgramPlanner(Settings settings, HostFacts host, Target target, Findings findings) {
    this.settings = settings;
    this.host = host;
    this.target = target;
    this.findings = findings;
  }

  void check() {
    host.program()
        .filter(program -> !program.fault().isEmpty())
        .ifPresent(program ->
            findings.problem(
                Problem.configuration(
                    "Program \"" + program.name() + "\" " + program.fault() + ".",
                    "run starts a program of the host: name one by its absolute path.")));
  }

  /**
   * @param home where the runtime is
   * @param carrier of the kept capabilities: the agent's loader may have file capabilities
   */
  ProcessStep.Execute execute(String home, CapabilityCarrier carrier) {
    if (target instanceof Target.InstalledAgent agent) {
      return new ProcessStep.Execute(
          agent.words().getFirst(),
          agent.words(),
          false,
          "It is what the installer has installed.");
    }
    return target instanceof Target.HostProgram program
        ? new ProcessStep.Execute(
            host.program().orElseThrow().path(),
            program.words(),
            false,
            "It is the command of run.")
        : executeAgent(
            home, carrier == CapabilityCarrier.FILE, ((Target.BuiltInAgent) target).options());
  }

  private ProcessStep.Execute executeAgent(String home, boolean byFile, List<String> options) {
    List<String> arguments = new ArrayList<>();
    arguments.add(home + "/bin/" + PROGRAM_NAME);
    arguments.addAll(
        List.of(
            "--inhibit-cache", "--library-path", libraries(home, byFile), home + "/jre/bin/java"));
    if (byFile) {
      arguments.add(FILE_NAMES);
    }
    options.forEach(option -> arguments.add(option.replace(HOME, home)));
    arguments.add(settings.runtimeDirectory() + "/launch.json");
    return new ProcessStep.Execute(
        arguments.getFirst(), arguments, true, "The launcher leaves nothing of itself behind.");
  }

  /** With file capabilities $ORIGIN is not expanded, so the loader gets each path: ld.so(8). */
  private static String libraries(String home, boolean byFile) {
    String own = home + "/lib";
    String jre = home + "/jre/lib";
    return byFile ? own + ":" + jre + ":" + jre + "/server" : own;
  }
}
