package io.smartagent.kubernetes.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.smartagent.Version;
import io.smartagent.kubernetes.yaml.ManifestProblem;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;

/**
 * {@code audit --format sarif}: Static Analysis Results Interchange Format 2.1.0 of OASIS, which
 * code-scanning services read.
 */
public final class AuditSarif {

  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  private AuditSarif() {}

  /**
   * Writes the report as a SARIF log in UTF-8, indented, with a newline at its end.
   *
   * @throws IOException if it cannot be written
   */
  public static void write(AuditReport report, OutputStream out) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("$schema", SCHEMA);
      json.writeStringField("version", "2.1.0");
      json.writeArrayFieldStart("runs");
      json.writeStartObject();
      tool(json);
      invocation(json, report);
      json.writeStringField("columnKind", "utf16CodeUnits");
      json.writeArrayFieldStart("results");
      for (Map.Entry<Owner, List<ContainerReport>> entry : report.entries()) {
        for (ContainerReport container : entry.getValue()) {
          for (Finding finding : container.findings()) {
            result(json, entry.getKey(), container, finding);
          }
        }
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
    }
    out.write('\n');
  }

  private static void tool(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("tool");
    json.writeObjectFieldStart("driver");
    json.writeStringField("name", "smartagent");
    json.writeStringField("version", Version.current());
    json.writeArrayFieldStart("rules");
    for (Rule rule : Rule.values()) {
      json.writeStartObject();
      json.writeStringField("id", rule.id());
      message(json, "shortDescription", rule.title() + ".");
      message(json, "fullDescription", rule.reason());
      message(json, "help", rule.remedy());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void message(JsonGenerator json, String name, String text) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("text", text);
    json.writeEndObject();
  }

  /** What could not be read is no result, but makes the run one that did not succeed. */
  private static void invocation(JsonGenerator json, AuditReport report) throws IOException {
    json.writeArrayFieldStart("invocations");
    json.writeStartObject();
    json.writeBooleanField("executionSuccessful", report.problems().isEmpty());
    json.writeArrayFieldStart("toolExecutionNotifications");
    for (ManifestProblem problem : report.problems()) {
      json.writeStartObject();
      json.writeStringField("level", "error");
      message(json, "message", problem.fault() + " " + problem.remedy());
      json.writeArrayFieldStart("locations");
      json.writeStartObject();
      physicalLocation(json, problem.source(), problem.line());
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndArray();
  }

  private static void result(
      JsonGenerator json, Owner owner, ContainerReport container, Finding finding)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("ruleId", finding.rule().id());
    json.writeNumberField("ruleIndex", List.of(Rule.values()).indexOf(finding.rule()));
    json.writeStringField("level", level(finding.level()));
    message(json, "message", text(owner, container, finding));
    json.writeArrayFieldStart("locations");
    json.writeStartObject();
    if (container.location().line() > 0) {
      physicalLocation(json, container.location().source(), finding.line());
    }
    json.writeArrayFieldStart("logicalLocations");
    json.writeStartObject();
    json.writeStringField("name", container.name());
    json.writeStringField("fullyQualifiedName", owner + "/" + container.name());
    json.writeStringField("kind", "resource");
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndArray();
    json.writeObjectFieldStart("partialFingerprints");
    json.writeStringField(
        "workloadContainerRule/v1",
        owner + "/" + container.name() + "/" + finding.rule().id() + "/" + finding.words());
    json.writeEndObject();
    json.writeEndObject();
  }

  private static String level(Level level) {
    return switch (level) {
      case PRIVILEGED -> "error";
      case EQUIVALENT -> "warning";
      case WEAKENED -> "note";
    };
  }

  private static String text(Owner owner, ContainerReport container, Finding finding) {
    StringBuilder text = new StringBuilder();
    text.append("Container ").append(container.name()).append(" of ").append(owner);
    text.append(": ").append(finding.words()).append(". ").append(finding.reason());
    text.append(' ');
    Demotion demotion = container.demotion();
    text.append(
        finding.rule() == Rule.PRIVILEGED && demotion != null
            ? outcome(demotion)
            : finding.rule().remedy());
    return text.toString();
  }

  private static String outcome(Demotion demotion) {
    if (demotion.isPossible()) {
      return "It can be demoted. " + demotion.nextStep();
    }
    StringBuilder text = new StringBuilder("It cannot be demoted as it is.");
    for (FoundBlocker blocker : demotion.blockers()) {
      text.append(' ').append(blocker.blocker().reason());
      text.append(" (").append(blocker.words()).append(") ");
      text.append(blocker.blocker().remedy());
    }
    return text.toString();
  }

  private static void physicalLocation(JsonGenerator json, String source, int line)
      throws IOException {
    json.writeObjectFieldStart("physicalLocation");
    json.writeObjectFieldStart("artifactLocation");
    json.writeStringField("uri", uri(source));
    json.writeEndObject();
    if (line > 0) {
      json.writeObjectFieldStart("region");
      json.writeNumberField("startLine", line);
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  /** A relative path stays one, for it is meant within a repository. */
  private static String uri(String source) {
    String scheme = source.startsWith("/") ? "file" : null;
    String path = source.indexOf(':') >= 0 && scheme == null ? "./" + source : source;
    try {
      return new URI(scheme, scheme == null ? null : "", path, null, null).toASCIIString();
    } catch (URISyntaxException noPath) {
      return "unknown";
    }
  }
}
