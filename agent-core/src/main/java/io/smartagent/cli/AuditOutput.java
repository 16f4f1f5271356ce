package io.smartagent.cli;

import io.smartagent.config.ExitStatus;
import io.smartagent.config.Numbers;
import io.smartagent.kubernetes.audit.Audit;
import io.smartagent.kubernetes.audit.AuditJson;
import io.smartagent.kubernetes.audit.AuditReport;
import io.smartagent.kubernetes.audit.AuditSarif;
import io.smartagent.kubernetes.audit.AuditTable;

/** What an audit shows while it reads, and reports at its end. */
final class AuditOutput implements Audit.Progress {

  private static final int LEAST_WIDTH = 60;
  private static final int DEFAULT_WIDTH = 80;
  private static final int MAX_WIDTH = 1000;
  private static final long QUIET_NANOSECONDS = 1_000_000_000;
  private static final long INTERVAL_NANOSECONDS = 250_000_000;

  private final Terminal terminal;
  private final AuditArguments arguments;
  private final boolean showsProgress;
  private long nextProgress;
  private boolean shown;

  AuditOutput(Terminal terminal, AuditArguments arguments) {
    this.terminal = terminal;
    this.arguments = arguments;
    this.showsProgress = terminal.showsProgress();
    this.nextProgress = System.nanoTime() + QUIET_NANOSECONDS;
  }

  @Override
  public void at(String source, long bytes, long objects) {
    long now = System.nanoTime();
    if (!showsProgress || now - nextProgress < 0) {
      return;
    }
    nextProgress = now + INTERVAL_NANOSECONDS;
    shown = true;
    terminal.progress(
        AuditTable.printable(
            (bytes == 0 ? "" : (bytes >> 20) + " MB, ")
                + objects
                + " objects read, now in "
                + source));
  }

  /**
   * Prints what was found, and what could not be read. A build that fails on findings has to know
   * whether everything was read, so that comes first.
   *
   * @param complete OK where all was read, else how it ends
   */
  ExitStatus end(AuditReport report, ExitStatus complete) {
    if (shown) {
      terminal.progress("");
    }
    print(report);
    report.problems().forEach(problem -> terminal.error(AuditTable.line(problem)));
    if (report.moreProblems() > 0) {
      terminal.error("There are " + report.moreProblems() + " problems more.");
    }
    report.notes().forEach(terminal::line);
    if (complete != ExitStatus.OK) {
      return complete;
    }
    if (!report.problems().isEmpty()) {
      return ExitStatus.CONFIGURATION;
    }
    return arguments.fail() && report.foundAny() ? ExitStatus.FOUND : ExitStatus.OK;
  }

  private void print(AuditReport report) {
    switch (arguments.format()) {
      case "json" -> terminal.print(out -> AuditJson.write(report, out));
      case "sarif" -> terminal.print(out -> AuditSarif.write(report, out));
      case "wide" -> terminal.print(AuditTable.wide(report));
      default -> terminal.print(AuditTable.blocks(report, width()));
    }
  }

  /** Shells keep the width of their terminal in COLUMNS; few export it. */
  private static int width() {
    String columns = System.getenv("COLUMNS");
    long width =
        Numbers.parse(columns == null ? "" : columns, MAX_WIDTH).orElse((long) DEFAULT_WIDTH);
    return (int) Math.max(LEAST_WIDTH, width);
  }
}
