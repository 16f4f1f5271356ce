package io.smartagent.cli;

import io.smartagent.Version;
import io.smartagent.config.Command;
import io.smartagent.config.CommandLine;
import io.smartagent.config.ExitStatus;
import io.smartagent.config.Problem;
import io.smartagent.config.Spelling;
import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.module.ModuleDefinition;
import io.smartagent.modules.ModuleCatalog;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The program's entry: finds the command and runs it. No stack trace ever reaches the user. */
public final class Main {

  private static final List<ModuleDefinition> MODULES = ModuleCatalog.modules();

  private Main() {}

  /**
   * Runs the program and ends with its exit code.
   *
   * @param arguments as the container's args give them
   */
  public static void main(String[] arguments) {
    Terminal terminal = new Terminal();
    ExitStatus status;
    try {
      status = run(List.of(arguments), terminal);
    } catch (RuntimeException | Error e) {
      terminal.error(
          "An error of this program itself: " + e + ". Report it with the output of probe.");
      status = ExitStatus.INTERNAL;
    }
    status = terminal.end(status);
    if (status != ExitStatus.OK) {
      // Not exit(): that looks up a logger first, which takes longer than the plan did.
      Runtime.getRuntime().halt(status.code());
    }
  }

  /** Runs the program up to where it would end, or becomes another. */
  static ExitStatus run(List<String> words, Terminal terminal) {
    String first = words.isEmpty() ? "--help" : words.getFirst();
    if (first.equals("--version")) {
      terminal.print("smartagent " + Version.current() + "\n");
      return ExitStatus.OK;
    }
    if (first.equals("--help") || first.equals("-h") || first.equals("help")) {
      terminal.print(Help.overview());
      return words.isEmpty() ? ExitStatus.USAGE : ExitStatus.OK;
    }
    Optional<Command> command = Command.of(first);
    if (command.isEmpty()) {
      List<String> known = Stream.of(Command.values()).map(Command::id).toList();
      return refuse(
          List.of(
              Problem.usage(
                  "There is no command \"" + first + "\".",
                  "The commands are "
                      + String.join(", ", known)
                      + "."
                      + Spelling.suggestion(first, known))),
          terminal);
    }
    CommandLine line = CommandLine.parse(command.get(), words.subList(1, words.size()));
    if (line.help()) {
      terminal.print(Help.of(command.get(), MODULES));
      return ExitStatus.OK;
    }
    return run(command.get(), line, terminal);
  }

  private static ExitStatus run(Command command, CommandLine line, Terminal terminal) {
    if (!line.problems().isEmpty() && !command.takesLaunchOptions()) {
      return refuse(line.problems(), terminal);
    }
    return switch (command) {
      case CONFIG, RUN ->
          new LaunchCommand(new LinuxKernel(), MODULES, terminal).run(command, line);
      case PLAN -> new PlanCommand(new LinuxKernel(), MODULES, terminal).run(line);
      case PROBE -> new ProbeCommand(new LinuxKernel(), terminal).run(line, System.getenv());
      case STATUS -> new StatusCommand(terminal).run(line);
      case MANIFEST -> new ManifestCommand(MODULES, terminal).run(line.program());
      case AUDIT -> new AuditCommand(terminal, System.in).run(line.program());
      case FLEET -> FullClassPath.run("io.smartagent.cli.FleetCommand", line.program());
    };
  }

  private static ExitStatus refuse(List<Problem> problems, Terminal terminal) {
    PlanText.problems(problems).forEach(terminal::error);
    return Problem.statusOf(problems);
  }
}
