package io.smartagent.cli;

import io.smartagent.config.ExitStatus;
import io.smartagent.config.Problem;
import io.smartagent.kubernetes.audit.Audit;
import io.smartagent.kubernetes.audit.ManifestFiles;
import java.io.InputStream;
import java.util.List;

/**
 * {@code audit}: which containers of manifests or of a cluster are privileged, and what they could
 * become.
 */
final class AuditCommand {

  private final Terminal terminal;
  private final InputStream standardInput;

  AuditCommand(Terminal terminal, InputStream standardInput) {
    this.terminal = terminal;
    this.standardInput = standardInput;
  }

  ExitStatus run(List<String> words) {
    AuditArguments arguments = AuditArguments.parse(words);
    if (!arguments.problems().isEmpty()) {
      PlanText.problems(arguments.problems()).forEach(terminal::error);
      return Problem.statusOf(arguments.problems());
    }
    if (arguments.cluster()) {
      return FullClassPath.run(ClusterAuditCommand.class.getName(), words);
    }
    AuditOutput output = new AuditOutput(terminal, arguments);
    Audit audit = new Audit(arguments.level(), output);
    new ManifestFiles(audit, standardInput).read(arguments.files());
    return output.end(audit.report(), ExitStatus.OK);
  }
}
