package io.smartagent.kubernetes.fleet;

import io.smartagent.kubernetes.fleet.FleetReport.Block;
import io.smartagent.kubernetes.fleet.FleetReport.ModuleCounts;
import io.smartagent.kubernetes.fleet.FleetReport.ModuleFailure;
import io.smartagent.kubernetes.fleet.FleetReport.NotReady;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code fleet} for people. */
public final class FleetText {

  private static final int SHOWN_NODES = 3;
  private static final int SHOWN_BLOCKS = 50;
  private static final int NAME = 22;
  private static final int NUMBER = 9;

  private final StringBuilder text = new StringBuilder();

  private FleetText() {}

  /** Returns the report as lines, with a newline at the end of each. */
  public static String of(FleetReport report) {
    FleetText text = new FleetText();
    text.write(report);
    return text.text.toString();
  }

  private void write(FleetReport report) {
    line(
        report.nodes()
            + (report.nodes() == 1 ? " node: " : " nodes: ")
            + report.ready().yes()
            + " ready, "
            + report.ready().no()
            + " not ready, "
            + report.ready().ended()
            + " ended, "
            + report.silent().size()
            + " without status");
    counts("mode", report.modes());
    counts("version", report.versions());
    counts("user", report.users());
    if (!report.silent().isEmpty()) {
      line("  " + left("silent", 8) + " " + some(report.silent()));
    }
    for (NotReady group : report.notReady()) {
      line("");
      line(on(group.nodes()) + " not ready: " + printable(group.reason()));
      line("  " + printable(group.message()));
    }
    modules(report);
    List<Block> shown = report.blocks().subList(0, Math.min(SHOWN_BLOCKS, report.blocks().size()));
    shown.forEach(this::block);
    if (shown.size() < report.blocks().size()) {
      line("");
      line((report.blocks().size() - shown.size()) + " more are in --format json.");
    }
    report.failures().stream().limit(SHOWN_BLOCKS).forEach(this::failure);
  }

  private void counts(String name, Map<String, Integer> counts) {
    if (!counts.isEmpty()) {
      line(
          "  "
              + left(name, 8)
              + " "
              + counts.entrySet().stream()
                  .map(entry -> printable(entry.getKey()) + " " + entry.getValue())
                  .collect(Collectors.joining(", ")));
    }
  }

  private void modules(FleetReport report) {
    if (report.modules().isEmpty()) {
      return;
    }
    line("");
    line(left("MODULE", NAME) + right("ENABLED") + right("DEGRADED") + right("DISABLED"));
    for (Map.Entry<String, ModuleCounts> entry : report.modules().entrySet()) {
      ModuleCounts counts = entry.getValue();
      line(
          left(printable(entry.getKey()), NAME)
              + right(Integer.toString(counts.enabled()))
              + right(Integer.toString(counts.degraded()))
              + right(Integer.toString(counts.disabled())));
    }
  }

  private void block(Block block) {
    line("");
    line(
        printable(block.module())
            + " is "
            + printable(block.state())
            + " on "
            + some(block.nodes()));
    if (block.missing() != null) {
      line(
          "  missing "
              + printable(block.missing())
              + (block.blockedBy() == null ? "" : ", blocked by " + printable(block.blockedBy())));
    }
    detail(block.effect());
    if (block.remedy() != null) {
      block.remedy().lines().forEach(yaml -> line("      " + printable(yaml)));
    }
  }

  private void failure(ModuleFailure failure) {
    line("");
    line(printable(failure.module()) + " is unhealthy on " + some(failure.nodes()));
    detail(failure.error());
  }

  private void detail(@Nullable String detail) {
    if (detail != null && !detail.isEmpty()) {
      line("  " + printable(detail));
    }
  }

  private static String on(List<String> nodes) {
    return some(nodes) + (nodes.size() == 1 ? " is" : " are");
  }

  private static String some(List<String> nodes) {
    List<String> first = nodes.subList(0, Math.min(SHOWN_NODES, nodes.size()));
    String names = printable(String.join(", ", first));
    int more = nodes.size() - first.size();
    return nodes.size()
        + (nodes.size() == 1 ? " node (" : " nodes (")
        + names
        + (more > 0 ? " and " + more + " more" : "")
        + ")";
  }

  private void line(String line) {
    text.append(line.stripTrailing()).append('\n');
  }

  private static String left(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private static String right(String text) {
    return " ".repeat(Math.max(1, NUMBER - text.length())) + text;
  }

  /** Anyone who may write AgentNodes controls these texts: they must not control a terminal. */
  private static String printable(String text) {
    StringBuilder printable = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      boolean plain =
          !Character.isISOControl(letter) && Character.getType(letter) != Character.FORMAT;
      printable.append(plain ? letter : '?');
    }
    return printable.toString();
  }
}
