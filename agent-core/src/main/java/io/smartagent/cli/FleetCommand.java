package io.smartagent.cli;

import io.smartagent.config.ExitStatus;
import io.smartagent.config.Problem;
import io.smartagent.kubernetes.client.ApiFailure;
import io.smartagent.kubernetes.client.ApiRequestException;
import io.smartagent.kubernetes.client.UnknownClusterException;
import io.smartagent.kubernetes.fleet.FleetJson;
import io.smartagent.kubernetes.fleet.FleetNode;
import io.smartagent.kubernetes.fleet.FleetReader;
import io.smartagent.kubernetes.fleet.FleetReport;
import io.smartagent.kubernetes.fleet.FleetText;
import java.util.List;
import java.util.function.ToIntFunction;

/** {@code fleet}: what the agents of all nodes say. Started with all jars. */
public final class FleetCommand implements ToIntFunction<List<String>> {

  private final Terminal terminal;

  /** Returns the command, for the process's own streams. */
  public FleetCommand() {
    this(new Terminal());
  }

  FleetCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public int applyAsInt(List<String> words) {
    return terminal.end(run(words)).code();
  }

  private ExitStatus run(List<String> words) {
    FleetArguments arguments = FleetArguments.parse(words);
    if (!arguments.problems().isEmpty()) {
      PlanText.problems(arguments.problems()).forEach(terminal::error);
      return Problem.statusOf(arguments.problems());
    }
    try {
      print(arguments, FleetReader.read(arguments.kubeconfig(), arguments.context()));
      return ExitStatus.OK;
    } catch (UnknownClusterException e) {
      return refuse(new Problem(ExitStatus.CONFIGURATION, String.valueOf(e.getMessage()), ""));
    } catch (ApiRequestException e) {
      return refuse(problem(e.failure()));
    }
  }

  private void print(FleetArguments arguments, List<FleetNode> nodes) {
    FleetReport report = FleetReport.of(nodes);
    if (arguments.format().equals("json")) {
      terminal.print(FleetJson.toJson(report));
    } else {
      terminal.print(FleetText.of(report));
    }
    if (nodes.isEmpty()) {
      terminal.error(
          "No node has an AgentNode. Is an agent deployed to this cluster, and is"
              + " SMARTAGENT_AGENT_NODE not false? Its /status reports why it cannot write"
              + " one.");
    }
  }

  private static Problem problem(ApiFailure failure) {
    ExitStatus status =
        switch (failure.kind()) {
          case UNAUTHORIZED, FORBIDDEN -> ExitStatus.NOT_PERMITTED;
          case NOT_FOUND,
              CONFLICT,
              GONE,
              INVALID,
              TOO_MANY_REQUESTS,
              SERVER_ERROR,
              UNREACHABLE,
              TIMEOUT,
              UNTRUSTED,
              NO_ACCOUNT,
              OTHER ->
              ExitStatus.UNAVAILABLE;
        };
    return new Problem(status, failure.fault(), failure.remedy().strip());
  }

  private ExitStatus refuse(Problem problem) {
    terminal.error(problem.text().strip());
    return problem.status();
  }
}
