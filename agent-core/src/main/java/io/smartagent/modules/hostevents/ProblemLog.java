package io.smartagent.modules.hostevents;

import io.smartagent.module.EventType;
import io.smartagent.modules.hostevents.KernelReport.Problem;
import io.smartagent.modules.kernellog.KernelLogLine;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is said in one sentence: net/core/dev.c, net/netfilter/nf_conntrack_core.c, drivers/edac,
 * drivers/firmware/efi/cper.c, kernel/rcu/tree_stall.h, of Linux 3.10 to 6.18.
 */
final class ProblemLog implements LogReader {

  /**
   * A sentence and what it means.
   *
   * @param pattern whose first group, if it has one, is what it happened to
   */
  private record Rule(EventType type, Pattern pattern) {

    static Rule of(EventType type, String pattern) {
      return new Rule(type, Pattern.compile(pattern));
    }
  }

  private static final List<Rule> RULES =
      List.of(
          Rule.of(
              HostEventTypes.UNREGISTER_NET_DEVICE,
              "unregister_netdevice: waiting for (\\S{1,15}) to become free\\. Usage count ="
                  + " -?\\d{1,10}"),
          Rule.of(
              HostEventTypes.CONNTRACK_FULL,
              "(?:nf_conntrack: )?nf_conntrack: table full(?: in netns \\d{1,10})?, dropping"
                  + " packet\\.?"),
          Rule.of(
              HostEventTypes.MEMORY_READ_ERROR,
              "EDAC (\\w{1,20}): (?:\\d{1,9} )?[CU]E (?:memory|ECC) (?:read|scrubbing)"
                  + " error.{0,300}"),
          Rule.of(
              HostEventTypes.CPER_FATAL,
              "(?:\\{\\d{1,9}\\})?\\[Hardware Error\\]: *event severity: fatal"),
          Rule.of(
              HostEventTypes.CPER_RECOVERABLE,
              "(?:\\{\\d{1,9}\\})?\\[Hardware Error\\]: *event severity: recoverable"),
          Rule.of(
              HostEventTypes.CPER_CORRECTED,
              "(?:\\{\\d{1,9}\\})?\\[Hardware Error\\]: *event severity: corrected"),
          Rule.of(
              HostEventTypes.RCU_STALL,
              "(?:rcu: )?INFO: (rcu\\w{1,40}) (?:self-)?detected (?:expedited )?stalls? on"
                  + " .{1,300}"));

  @Override
  public boolean read(KernelLogLine line, Consumer<KernelReport> reports) {
    for (Rule rule : RULES) {
      Matcher matcher = rule.pattern().matcher(line.text());
      if (matcher.matches()) {
        reports.accept(
            new Problem(
                line.microseconds(),
                rule.type(),
                matcher.groupCount() > 0 ? matcher.group(1) : null,
                null,
                null,
                line.text(),
                List.of()));
        return true;
      }
    }
    return false;
  }

  @Override
  public void end(Consumer<KernelReport> reports) {}
}
