package io.smartagent.kubernetes.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import io.smartagent.json.JsonText;
import io.smartagent.kubernetes.audit.AuditReport.Counts;
import io.smartagent.kubernetes.yaml.ManifestProblem;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code audit --format json}: a contract. */
public final class AuditJson {

  private AuditJson() {}

  /**
   * Writes the report as JSON in UTF-8, indented, with a newline at its end: a text of all that is
   * found in a large cluster would not fit into memory.
   *
   * @throws IOException if it cannot be written
   */
  public static void write(AuditReport report, OutputStream out) throws IOException {
    JsonText.document(out, json -> write(json, report));
  }

  private static void write(JsonGenerator json, AuditReport report) throws IOException {
    summary(json, report);
    json.writeArrayFieldStart("owners");
    for (Map.Entry<Owner, List<ContainerReport>> entry : report.entries()) {
      json.writeStartObject();
      json.writeStringField("namespace", entry.getKey().namespace());
      json.writeStringField("kind", entry.getKey().kind());
      json.writeStringField("name", entry.getKey().name());
      json.writeArrayFieldStart("containers");
      for (ContainerReport container : entry.getValue()) {
        container(json, container);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    JsonText.texts(json, "notes", report.notes());
    json.writeArrayFieldStart("problems");
    for (ManifestProblem problem : report.problems()) {
      json.writeStartObject();
      json.writeStringField("source", problem.source());
      json.writeNumberField("line", problem.line());
      json.writeStringField("fault", problem.fault());
      json.writeStringField("remedy", problem.remedy());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void summary(JsonGenerator json, AuditReport report) throws IOException {
    Counts counts = report.counts();
    json.writeObjectFieldStart("summary");
    json.writeNumberField("sources", counts.sources());
    json.writeNumberField("bytes", counts.bytes());
    json.writeNumberField("objects", counts.objects());
    json.writeNumberField("workloads", counts.workloads());
    json.writeNumberField("skippedObjects", counts.skipped());
    json.writeNumberField("windowsWorkloads", counts.windows());
    json.writeNumberField("inactiveWorkloads", counts.inactive());
    for (Level level : Level.values()) {
      json.writeNumberField(level.id(), report.count(level));
    }
    json.writeNumberField("cannotBeDemoted", report.blocked());
    json.writeNumberField("problems", report.problems().size() + report.moreProblems());
    json.writeEndObject();
  }

  private static void container(JsonGenerator json, ContainerReport container) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", container.name());
    json.writeStringField("type", container.type().id());
    json.writeStringField("image", container.image());
    json.writeStringField("level", container.level().id());
    json.writeNumberField("pods", container.pods());
    json.writeObjectFieldStart("location");
    json.writeStringField("source", container.location().source());
    json.writeNumberField("line", container.location().line());
    json.writeEndObject();
    json.writeArrayFieldStart("findings");
    for (Finding finding : container.findings()) {
      json.writeStartObject();
      json.writeStringField("rule", finding.rule().id());
      json.writeStringField("level", finding.level().id());
      json.writeStringField("field", finding.field());
      json.writeNumberField("line", finding.line());
      json.writeStringField("found", finding.words());
      json.writeStringField("reason", finding.reason());
      json.writeStringField("remedy", finding.rule().remedy());
      json.writeEndObject();
    }
    json.writeEndArray();
    demotion(json, container.demotion());
    json.writeEndObject();
  }

  private static void demotion(JsonGenerator json, @Nullable Demotion demotion) throws IOException {
    if (demotion == null) {
      json.writeNullField("demotion");
      return;
    }
    json.writeObjectFieldStart("demotion");
    json.writeBooleanField("possible", demotion.isPossible());
    json.writeBooleanField("exact", demotion.exact());
    json.writeArrayFieldStart("obstacles");
    for (FoundBlocker blocker : demotion.blockers()) {
      json.writeStartObject();
      json.writeStringField("id", blocker.blocker().id());
      json.writeStringField("field", blocker.field());
      json.writeNumberField("line", blocker.line());
      json.writeStringField("found", blocker.words());
      json.writeStringField("reason", blocker.blocker().reason());
      json.writeStringField("remedy", blocker.blocker().remedy());
      json.writeEndObject();
    }
    json.writeEndArray();
    JsonText.names(json, "capabilities", demotion.capabilities());
    JsonText.texts(json, "reasons", demotion.reasons());
    json.writeStringField(
        "securityContext",
        demotion.securityContext().isEmpty()
            ? null
            : String.join("\n", demotion.securityContext()) + "\n");
    json.writeStringField("nextStep", demotion.nextStep());
    json.writeEndObject();
  }
}
