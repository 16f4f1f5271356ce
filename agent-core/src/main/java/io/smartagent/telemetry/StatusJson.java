package io.smartagent.telemetry;

import com.fasterxml.jackson.core.JsonGenerator;
import io.smartagent.config.SettingValue;
import io.smartagent.json.JsonText;
import io.smartagent.json.ModuleJson;
import io.smartagent.module.ModuleHealth;
import io.smartagent.module.ModuleStatus;
import io.smartagent.results.Result;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** The answer of {@code /status}: a contract, so names change only with the schema's version. */
final class StatusJson {

  private StatusJson() {}

  /** Returns the report as an object in UTF-8, in one line. */
  static byte[] toJson(StatusReport report, List<Result> results) {
    return JsonText.line(generator -> {
      write(generator, report);
      writeResults(generator, results);
    });
  }

  private static void writeResults(JsonGenerator generator, List<Result> results)
      throws IOException {
    generator.writeArrayFieldStart("results");
    for (Result result : results) {
      generator.writeStartObject();
      generator.writeStringField("name", result.name());
      generator.writeStringField("mediaType", result.mediaType());
      generator.writeNumberField("bytes", result.bytes());
      generator.writeStringField("writtenAt", result.writtenAt().toString());
      generator.writeEndObject();
    }
    generator.writeEndArray();
  }

  private static void write(JsonGenerator generator, StatusReport report) throws IOException {
    generator.writeStringField("version", report.version());
    generator.writeStringField("nodeName", report.nodeName());
    generator.writeStringField("startedAt", report.startedAt().toString());
    generator.writeStringField("mode", report.mode());
    generator.writeStringField("seal", report.seal());
    writeUser(generator, report.user());
    generator.writeObjectFieldStart("capabilities");
    JsonText.names(generator, "kept", report.kept());
    JsonText.names(generator, "dropped", report.dropped());
    generator.writeEndObject();
    writeAttestation(generator, report);
    writeModules(generator, report.modules());
    JsonText.texts(generator, "warnings", report.warnings());
    writeConfiguration(generator, report.configuration());
  }

  private static void writeConfiguration(JsonGenerator generator, ConfigurationReport configuration)
      throws IOException {
    Instant at = configuration.appliedAt();
    generator.writeObjectFieldStart("configuration");
    generator.writeStringField("source", configuration.source());
    generator.writeStringField("state", configuration.state().id());
    generator.writeStringField("version", configuration.version());
    generator.writeStringField("appliedVersion", configuration.appliedVersion());
    generator.writeStringField("appliedAt", at == null ? null : at.toString());
    JsonText.texts(generator, "problems", configuration.problems());
    generator.writeEndObject();
    generator.writeArrayFieldStart("settings");
    for (SettingValue setting : configuration.settings()) {
      generator.writeStartObject();
      generator.writeStringField("name", setting.name());
      generator.writeStringField("value", setting.value());
      generator.writeStringField("source", setting.source());
      generator.writeEndObject();
    }
    generator.writeEndArray();
  }

  private static void writeUser(JsonGenerator generator, StatusReport.User user)
      throws IOException {
    generator.writeObjectFieldStart("user");
    generator.writeStringField("name", user.name());
    generator.writeNumberField("uid", Integer.toUnsignedLong(user.uid()));
    generator.writeNumberField("gid", Integer.toUnsignedLong(user.gid()));
    JsonText.ids(generator, "groups", user.groups());
    generator.writeBooleanField("root", user.root());
    generator.writeEndObject();
  }

  /** Until the checks are made, nothing has passed. */
  private static void writeAttestation(JsonGenerator generator, StatusReport report)
      throws IOException {
    AttestationReport attestation = report.attestation();
    generator.writeObjectFieldStart("attestation");
    generator.writeBooleanField("passed", attestation != null && attestation.passed());
    generator.writeArrayFieldStart("checks");
    if (attestation != null) {
      for (AttestationReport.Check check : attestation.checks()) {
        generator.writeStartObject();
        generator.writeStringField("name", check.name());
        generator.writeBooleanField("passed", check.passed());
        generator.writeStringField("detail", check.detail());
        generator.writeEndObject();
      }
    }
    generator.writeEndArray();
    generator.writeEndObject();
  }

  private static void writeModules(JsonGenerator generator, List<ModuleStatus> modules)
      throws IOException {
    generator.writeArrayFieldStart("modules");
    List<ModuleStatus> sorted =
        modules.stream().sorted(Comparator.comparing(module -> module.plan().id())).toList();
    for (ModuleStatus module : sorted) {
      generator.writeStartObject();
      ModuleJson.fields(generator, module.plan());
      ModuleHealth health = module.health();
      generator.writeObjectFieldStart("health");
      generator.writeStringField("state", health.state().id());
      generator.writeStringField("lastError", health.lastError());
      generator.writeStringField("observed", health.observed());
      Instant at = health.observedAt();
      generator.writeStringField("observedAt", at == null ? null : at.toString());
      generator.writeEndObject();
      generator.writeEndObject();
    }
    generator.writeEndArray();
  }
}
