package io.smartagent.cli;

import io.smartagent.config.ExitStatus;
import io.smartagent.kubernetes.audit.Audit;
import io.smartagent.kubernetes.audit.ClusterAudit;
import io.smartagent.kubernetes.audit.cluster.ServerLists;
import io.smartagent.kubernetes.client.UnknownClusterException;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;

/** {@code audit --cluster}: what {@link FullClassPath} runs, with words that are right. */
public final class ClusterAuditCommand implements ToIntFunction<List<String>> {

  private final Terminal terminal = new Terminal();

  @Override
  public int applyAsInt(List<String> words) {
    return terminal.end(run(AuditArguments.parse(words))).code();
  }

  private ExitStatus run(AuditArguments arguments) {
    AuditOutput output = new AuditOutput(terminal, arguments);
    Audit audit = new Audit(arguments.level(), output);
    try (ServerLists lists = ServerLists.open(arguments.kubeconfig(), arguments.context())) {
      ExitStatus complete = new ClusterAudit(audit, lists, arguments.namespace()).read();
      return output.end(audit.report(), complete);
    } catch (UnknownClusterException e) {
      terminal.error(Objects.requireNonNull(e.getMessage()));
      return ExitStatus.CONFIGURATION;
    }
  }
}
