package io.smartagent.kubernetes.fleet;

import com.fasterxml.jackson.core.JsonGenerator;
import io.smartagent.json.JsonText;
import io.smartagent.kubernetes.fleet.FleetReport.Block;
import io.smartagent.kubernetes.fleet.FleetReport.ModuleCounts;
import io.smartagent.kubernetes.fleet.FleetReport.ModuleFailure;
import io.smartagent.kubernetes.fleet.FleetReport.NotReady;
import java.io.IOException;
import java.util.Map;

/** {@code fleet --format json}: a contract. */
public final class FleetJson {

  private FleetJson() {}

  /** Returns the report as JSON in UTF-8, indented, with a newline at its end. */
  public static byte[] toJson(FleetReport report) {
    return JsonText.document(json -> write(json, report));
  }

  private static void write(JsonGenerator json, FleetReport report) throws IOException {
    json.writeNumberField("nodes", report.nodes());
    json.writeObjectFieldStart("ready");
    json.writeNumberField("yes", report.ready().yes());
    json.writeNumberField("no", report.ready().no());
    json.writeNumberField("ended", report.ready().ended());
    json.writeEndObject();
    JsonText.texts(json, "silent", report.silent());
    counts(json, "modes", report.modes());
    counts(json, "versions", report.versions());
    counts(json, "users", report.users());
    json.writeArrayFieldStart("notReady");
    for (NotReady group : report.notReady()) {
      json.writeStartObject();
      json.writeStringField("reason", group.reason());
      json.writeStringField("message", group.message());
      JsonText.texts(json, "nodes", group.nodes());
      json.writeEndObject();
    }
    json.writeEndArray();
    modules(json, report);
    json.writeArrayFieldStart("blocks");
    for (Block block : report.blocks()) {
      block(json, block);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("troubles");
    for (ModuleFailure failure : report.failures()) {
      json.writeStartObject();
      json.writeStringField("module", failure.module());
      json.writeStringField("error", failure.error());
      JsonText.texts(json, "nodes", failure.nodes());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void counts(JsonGenerator json, String name, Map<String, Integer> counts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Map.Entry<String, Integer> entry : counts.entrySet()) {
      json.writeStartObject();
      json.writeStringField("name", entry.getKey());
      json.writeNumberField("nodes", entry.getValue());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void modules(JsonGenerator json, FleetReport report) throws IOException {
    json.writeArrayFieldStart("modules");
    for (Map.Entry<String, ModuleCounts> entry : report.modules().entrySet()) {
      json.writeStartObject();
      json.writeStringField("id", entry.getKey());
      json.writeNumberField("enabled", entry.getValue().enabled());
      json.writeNumberField("degraded", entry.getValue().degraded());
      json.writeNumberField("disabled", entry.getValue().disabled());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void block(JsonGenerator json, Block block) throws IOException {
    json.writeStartObject();
    json.writeStringField("module", block.module());
    json.writeStringField("state", block.state());
    json.writeStringField("missing", block.missing());
    json.writeStringField("blockedBy", block.blockedBy());
    json.writeStringField("effect", block.effect());
    json.writeStringField("remedy", block.remedy());
    JsonText.texts(json, "nodes", block.nodes());
    json.writeEndObject();
  }
}
