package io.smartagent.telemetry;

import io.smartagent.module.HealthState;
import io.smartagent.module.ModuleHealth;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The page for people: one document, nothing loaded from anywhere. */
final class StatusPage {

  /** Nothing may run or be loaded; the one style sheet is inline. */
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none';"
          + " form-action 'none'";

  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="refresh" content="15">
      <title>SmartAgent</title>
      <style>
      :root { color-scheme: light dark; --back: #fff; --text: #111; --line: #8886; --good: #157f3b; --fair: #8a5a00; --bad: #b3261e; --dim: #666 }
      @media (prefers-color-scheme: dark) {
        :root { --back: #121212; --text: #eee; --good: #5fd38a; --fair: #e6b450; --bad: #ff8a80; --dim: #aaa }
      }
      html { background: var(--back); color: var(--text); font-size: clamp(16px, 8px + .55vw, 32px) }
      body { font: 1rem/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 96rem; padding: 1rem }
      h1 { font-size: 1.4rem; margin: 0 0 .25rem }
      .glance { font-size: 1.25rem; font-weight: 600 }
      h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem }
      p { margin: .25rem 0 }
      table { border-collapse: collapse; width: 100% }
      th, td { border-bottom: 1px solid var(--line); padding: .45rem .6rem .45rem 0; text-align: left; vertical-align: top }
      th { font-size: .85rem }
      td { overflow-wrap: anywhere }
      td:nth-child(-n+2), td[data-label=Source] { overflow-wrap: normal }
      td:nth-child(7) { min-width: 14rem }
      pre { font-size: .85rem; margin: 0; overflow-x: auto; white-space: pre-wrap }
      .good { color: var(--good) } .fair { color: var(--fair) } .bad { color: var(--bad) } .dim { color: var(--dim) }
      @media (max-width: 48rem) {
        thead { display: none }
        table, tbody, tr, td { display: block }
        tr { border-bottom: 2px solid var(--line); padding: .5rem 0 }
        td { border: 0; padding: .15rem 0 }
        td:nth-child(7) { min-width: 0 }
        td:empty { display: none }
        td[data-label]::before { color: var(--dim); content: attr(data-label) ": " }
      }
      </style>
      </head>
      <body>
      """;

  private static final String TABLE_HEAD =
      """
      <table>
      <thead><tr><th>Module</th><th>State</th><th>Source</th><th>Last seen</th><th>Last error</th>\
      <th>Cannot see</th><th>Remedy</th></tr></thead>
      <tbody>
      """;

  StatusPage() {}

  /** Returns the page. */
  String write(StatusReport report) {
    Instant now = Instant.now();
    StringBuilder page = new StringBuilder(8192).append(HEAD);
    writeSummary(page, report, now);
    page.append("<h2>Modules</h2>\n").append(TABLE_HEAD);
    for (ModuleStatus module : report.modules()) {
      writeModule(page, module, now);
    }
    page.append("</tbody>\n</table>\n");
    writeAttestation(page, report.attestation());
    writeConfiguration(page, report.configuration(), now);
    writeWarnings(page, report.warnings());
    page.append("</body>\n</html>\n");
    return page.toString();
  }

  private static void writeSummary(StringBuilder page, StatusReport report, Instant now) {
    page.append("<h1>SmartAgent ").append(escape(report.version()));
    if (!report.nodeName().isEmpty()) {
      page.append(" on ").append(escape(report.nodeName()));
    }
    page.append("</h1>\n");
    String blocker = report.notReadyBecause();
    page.append("<p class=\"glance\">")
        .append(
            blocker.isEmpty() ? "<span class=\"good\">Ready" : "<span class=\"bad\">Not ready: ")
        .append(escape(blocker))
        .append("</span>");
    writeCounts(page, report.modules());
    page.append("</p>\n<p>Up for ")
        .append(age(report.startedAt(), now))
        .append(", as user ")
        .append(escape(report.user().name()))
        .append(" (")
        .append(Integer.toUnsignedString(report.user().uid()))
        .append(':')
        .append(Integer.toUnsignedString(report.user().gid()))
        .append("), mode ")
        .append(escape(report.mode()))
        .append(".</p>\n<p>Capabilities kept: ")
        .append(escape(report.kept().toString()))
        .append(".</p>\n");
  }

  /** Writes how many modules there are of each colour: what is seen from across the room. */
  private static void writeCounts(StringBuilder page, List<ModuleStatus> modules) {
    Map<String, Integer> counts = new TreeMap<>();
    Map<String, String> colours = new HashMap<>();
    for (ModuleStatus module : modules) {
      boolean unwell = module.health().state() == HealthState.UNHEALTHY;
      String state = unwell ? HealthState.UNHEALTHY.id() : module.plan().state().id();
      counts.merge(state, 1, Integer::sum);
      colours.merge(state, colour(module), (one, other) -> one.equals(other) ? one : "fair");
    }
    counts.forEach((state, count) ->
        page.append(" · <span class=\"")
            .append(colours.get(state))
            .append("\">")
            .append(count)
            .append(' ')
            .append(state)
            .append("</span>"));
  }

  private static void writeModule(StringBuilder page, ModuleStatus module, Instant now) {
    ModulePlan plan = module.plan();
    ModuleHealth health = module.health();
    page.append("<tr><td><strong>").append(escape(plan.id())).append("</strong></td>");
    page.append("<td class=\"")
        .append(colour(module))
        .append("\">")
        .append(escape(plan.state().id()));
    if (health.state() != HealthState.DISABLED) {
      page.append(", ").append(escape(health.state().id()));
    }
    page.append("</td>");
    writeCell(page, "Source", plan.source());
    writeCell(page, "Last seen", lastSeen(health, now));
    writeCell(page, "Last error", lastError(health));
    writeCell(page, "Cannot see", plan.effect());
    page.append("<td data-label=\"Remedy\">");
    if (plan.remedy() != null) {
      page.append("<pre>").append(escape(plan.remedy())).append("</pre>");
    }
    page.append("</td></tr>\n");
  }

  private static String colour(ModuleStatus module) {
    return switch (module.health().state()) {
      case DISABLED, STOPPED -> "dim";
      case UNHEALTHY -> "bad";
      case STARTING -> "fair";
      case HEALTHY ->
          switch (module.plan().state()) {
            case ENABLED -> "good";
            case DEGRADED, DISABLED -> "fair";
          };
    };
  }

  private static @Nullable String lastSeen(ModuleHealth health, Instant now) {
    Instant at = health.observedAt();
    return health.observed() == null || at == null
        ? null
        : health.observed() + " (" + age(at, now) + " ago)";
  }

  private static @Nullable String lastError(ModuleHealth health) {
    return health.restarts() == 0
        ? health.lastError()
        : health.lastError() + " (restarts: " + health.restarts() + ")";
  }

  /** An empty cell is left without a label, so that a narrow screen does not show it at all. */
  private static void writeCell(StringBuilder page, String label, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      page.append("<td></td>");
    } else {
      page.append("<td data-label=\"").append(label).append("\">").append(escape(text));
      page.append("</td>");
    }
  }

  private static void writeAttestation(
      StringBuilder page, @Nullable AttestationReport attestation) {
    if (attestation == null) {
      return;
    }
    page.append("<h2>Attestation</h2>\n<table>\n<tbody>\n");
    for (AttestationReport.Check check : attestation.checks()) {
      page.append("<tr><td><strong>")
          .append(escape(check.name()))
          .append("</strong></td><td class=\"")
          .append(check.passed() ? "good\">passed" : "bad\">failed")
          .append("</td><td>")
          .append(escape(check.detail()))
          .append("</td></tr>\n");
    }
    page.append("</tbody>\n</table>\n");
  }

  /** What the launch was given is shown by {@code plan}; here is what has changed since. */
  private static void writeConfiguration(
      StringBuilder page, ConfigurationReport configuration, Instant now) {
    if (configuration.state() == ConfigurationReport.State.NONE
        && configuration.appliedAt() == null) {
      return;
    }
    Instant at = configuration.appliedAt();
    page.append("<h2>Configuration</h2>\n<p>")
        .append(escape(configuration.source()))
        .append(": <span class=\"")
        .append(configuration.isValid() ? "good" : "bad")
        .append("\">")
        .append(escape(configuration.state().id()));
    if (configuration.version() != null) {
      page.append(", version ").append(escape(configuration.version()));
    }
    page.append("</span>");
    if (at != null) {
      page.append("; what holds does so for ").append(age(at, now));
    }
    page.append(".</p>\n");
    writeList(page, configuration.problems());
    List<String> changed =
        configuration.changed().stream()
            .map(setting -> setting.name() + ": " + setting.value())
            .toList();
    writeList(page, changed);
  }

  private static void writeList(StringBuilder page, List<String> items) {
    if (!items.isEmpty()) {
      page.append("<ul>\n");
      for (String item : items) {
        page.append("<li>").append(escape(item)).append("</li>\n");
      }
      page.append("</ul>\n");
    }
  }

  private static void writeWarnings(StringBuilder page, List<String> warnings) {
    if (!warnings.isEmpty()) {
      page.append("<h2>Warnings of the launch</h2>\n");
      writeList(page, warnings);
    }
  }

  /** Returns how long ago {@code then} was, in its largest two units. */
  static String age(Instant then, Instant now) {
    long seconds = Math.max(0, then.until(now, ChronoUnit.SECONDS));
    Duration age = Duration.ofSeconds(seconds);
    if (age.toDays() > 0) {
      return age.toDays() + " d " + age.toHoursPart() + " h";
    }
    if (age.toHours() > 0) {
      return age.toHours() + " h " + age.toMinutesPart() + " min";
    }
    return age.toMinutes() > 0
        ? age.toMinutes() + " min " + age.toSecondsPart() + " s"
        : seconds + " s";
  }

  /** Returns {@code text} with nothing in it that HTML could take for markup. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
