package io.smartagent.kubernetes.audit;

import io.smartagent.kubernetes.audit.AuditReport.Counts;
import io.smartagent.kubernetes.yaml.ManifestProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A report for people: as blocks of text that fit a terminal, or with one line for each container.
 */
public final class AuditTable {

  private static final int LEVEL_COLUMN = 12;

  private final int width;
  private final StringBuilder text = new StringBuilder();

  private AuditTable(int width) {
    this.width = width;
  }

  /** Returns a block for each owner, with lines of no more than {@code width} letters. */
  public static String blocks(AuditReport report, int width) {
    AuditTable table = new AuditTable(width);
    for (Map.Entry<Owner, List<ContainerReport>> entry : report.entries()) {
      table.text.append(printable(entry.getKey().toString())).append('\n');
      entry.getValue().forEach(table::block);
      table.text.append('\n');
    }
    table.wrap("", summary(report));
    return table.text.toString();
  }

  private void block(ContainerReport container) {
    String name = printable(container.name()) + called(container.type());
    String times = container.pods() > 1 ? " (in " + container.pods() + " pods)" : "";
    String head = "  " + left(container.level().id(), LEVEL_COLUMN) + name + times;
    text.append(head).append('\n');
    wrap("      ", "at " + container.location());
    wrap("      ", "has " + words(container));
    Demotion demotion = container.demotion();
    if (demotion == null) {
      container.findings().stream()
          .filter(finding -> finding.level() == container.level())
          .map(finding -> finding.words() + ": " + finding.reason() + " " + finding.rule().remedy())
          .distinct()
          .forEach(sentence -> wrap("      ", sentence));
      return;
    }
    if (demotion.isPossible()) {
      wrap("      ", "CAN be demoted" + (demotion.exact() ? ", to exactly this:" : "."));
    } else {
      wrap("      ", "CANNOT be demoted as it is:");
      demotion.blockers().stream()
          .map(each ->
              each.blocker().id()
                  + ", "
                  + each.words()
                  + ": "
                  + each.blocker().reason()
                  + " "
                  + each.blocker().remedy())
          .distinct()
          .forEach(sentence -> wrap("      - ", sentence));
    }
    demotion.reasons().forEach(sentence -> wrap("      ", sentence));
    wrap("      ", demotion.nextStep());
    demotion.securityContext().forEach(line -> text.append("        ").append(line).append('\n'));
  }

  private static String called(ContainerType type) {
    return type == ContainerType.CONTAINER ? "" : " (" + type.id() + ")";
  }

  private static String words(ContainerReport container) {
    return container.findings().stream()
        .map(Finding::words)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /** Writes a paragraph; further lines are indented like its first. */
  private void wrap(String start, String paragraph) {
    int column = start.length();
    text.append(start);
    boolean first = true;
    for (String word : printable(paragraph).split(" ", -1)) {
      if (!first && column + 1 + word.length() > width) {
        text.append('\n').append(" ".repeat(start.length()));
        column = start.length();
        first = true;
      }
      text.append(first ? "" : " ").append(word);
      column += word.length() + (first ? 0 : 1);
      first = false;
    }
    text.append('\n');
  }

  /** Returns a line for each container, under a line with what the columns are. */
  public static String wide(AuditReport report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "NAMESPACE",
            "KIND",
            "NAME",
            "CONTAINER",
            "TYPE",
            "LEVEL",
            "DEMOTION",
            "OBSTACLES",
            "CAPABILITIES",
            "FOUND",
            "LOCATION"));
    for (Map.Entry<Owner, List<ContainerReport>> entry : report.entries()) {
      for (ContainerReport container : entry.getValue()) {
        rows.add(row(entry.getKey(), container));
      }
    }
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder table = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(left(row.get(i), widths[i] + 2));
      }
      table.append(line.toString().stripTrailing()).append('\n');
    }
    return table.toString();
  }

  private static List<String> row(Owner owner, ContainerReport container) {
    Demotion demotion = container.demotion();
    return Stream.of(
            owner.namespace(),
            owner.kind(),
            owner.name(),
            container.name(),
            container.type().id(),
            container.level().id(),
            demotion == null ? "" : demotion.isPossible() ? "possible" : "impossible",
            demotion == null
                ? ""
                : demotion.blockers().stream()
                    .map(blocker -> blocker.blocker().id())
                    .distinct()
                    .collect(Collectors.joining(",")),
            demotion == null ? "" : String.join(",", demotion.capabilities().shortNames()),
            container.findings().stream()
                .map(Finding::words)
                .distinct()
                .collect(Collectors.joining("; ")),
            container.location().toString())
        .map(cell -> cell.isEmpty() ? "-" : printable(cell))
        .toList();
  }

  /** Returns how much was found in how much, as sentences. */
  static String summary(AuditReport report) {
    Counts counts = report.counts();
    StringBuilder summary = new StringBuilder();
    if (report.foundAny()) {
      summary.append("Containers: ").append(report.count(Level.PRIVILEGED)).append(" privileged");
      summary.append(" (").append(report.blocked()).append(" cannot be demoted as they are), ");
      summary.append(report.count(Level.EQUIVALENT)).append(" as good as privileged");
      long weakened = report.count(Level.WEAKENED);
      summary.append(weakened == 0 ? "." : ", " + weakened + " weakened.");
    } else {
      summary.append("No privileged container was found");
      summary.append(
          report.problems().isEmpty() ? "." : " in what could be read, which is not all.");
    }
    summary.append(" Read: ").append(counts.objects()).append(" objects, ");
    summary.append(counts.workloads()).append(" of them with pods");
    summary.append(counts.windows() == 0 ? "" : ", " + counts.windows() + " for Windows");
    summary.append(
        counts.inactive() == 0 ? "" : ", " + counts.inactive() + " former revisions excluded");
    return summary.append('.').toString();
  }

  private static String left(String cell, int width) {
    return cell + " ".repeat(Math.max(0, width - cell.length()));
  }

  /** Returns a problem as a line; behind it the rule of a role where one is missing. */
  public static String line(ManifestProblem problem) {
    String place = problem.source() + (problem.line() > 0 ? ":" + problem.line() : "");
    return printable(place + ": " + problem.fault())
        + " "
        + problem.remedy().lines().map(AuditTable::printable).collect(Collectors.joining("\n"));
  }

  /** Names come from the author of the manifest; no terminal is to take them for commands. */
  public static String printable(String words) {
    StringBuilder printable = new StringBuilder(words.length());
    words
        .codePoints()
        .forEach(letter -> {
          int type = Character.getType(letter);
          boolean hidden =
              type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE;
          printable.appendCodePoint(hidden ? '?' : letter);
        });
    return printable.toString();
  }
}
