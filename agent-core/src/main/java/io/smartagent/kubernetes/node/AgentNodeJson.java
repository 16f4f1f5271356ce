package io.smartagent.kubernetes.node;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.smartagent.json.JsonTree;
import io.smartagent.kubernetes.node.AgentNodeStatus.Attestation;
import io.smartagent.kubernetes.node.AgentNodeStatus.Check;
import io.smartagent.kubernetes.node.AgentNodeStatus.Module;
import io.smartagent.kubernetes.node.AgentNodeStatus.Ready;
import io.smartagent.kubernetes.node.AgentNodeStatus.Truth;
import io.smartagent.kubernetes.node.AgentNodeStatus.User;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An AgentNode as the API server has it: agentnodes.yaml says what each field means. */
public final class AgentNodeJson {

  /** The API version of the objects. */
  static final String API_VERSION = "smartagent.io/v1";

  /** The kind of the objects. */
  static final String KIND = "AgentNode";

  private static final String READY = "Ready";

  /** What a change has beside texts is a few kilobytes, so the object stays below 16 kilobytes. */
  private static final int LARGEST = 12_000;

  private static final List<Integer> TEXT_LENGTHS = List.of(1024, 512, 256, 128, 64, 32);
  private static final int MOST_WARNINGS = 10;
  private static final int MOST_FAILURES = 20;

  private AgentNodeJson() {}

  @FunctionalInterface
  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  /**
   * Returns an object without a status.
   *
   * @param node its name, which is the Node's
   * @param owner uid of the Node; null where it is not known
   */
  static byte[] object(String node, @Nullable String owner) {
    return write(
        node,
        json -> {
          if (owner != null) {
            json.writeArrayFieldStart("ownerReferences");
            json.writeStartObject();
            json.writeStringField("apiVersion", "v1");
            json.writeStringField("kind", "Node");
            json.writeStringField("name", node);
            json.writeStringField("uid", owner);
            json.writeEndObject();
            json.writeEndArray();
          }
        },
        json -> {});
  }

  /** Returns what server-side apply makes the status of. */
  static byte[] status(String node, AgentNodeStatus status) {
    return write(node, json -> {}, json -> writeStatus(json, status));
  }

  /** Returns the status with texts that are as short as its size in JSON demands. */
  static AgentNodeStatus bounded(AgentNodeStatus status) {
    AgentNodeStatus few =
        new AgentNodeStatus(
            status.version(),
            status.mode(),
            status.seal(),
            status.user(),
            status.capabilities(),
            new Attestation(
                status.attestation().passed(),
                first(status.attestation().failures(), MOST_FAILURES)),
            status.modules(),
            first(status.warnings(), MOST_WARNINGS),
            status.ready());
    AgentNodeStatus cut = few;
    for (int longest : TEXT_LENGTHS) {
      cut = few.cut(longest);
      if (status("", cut).length <= LARGEST) {
        return cut;
      }
    }
    return cut;
  }

  private static <T> List<T> first(List<T> all, int most) {
    return all.subList(0, Math.min(most, all.size()));
  }

  private static byte[] write(String node, Fields metadata, Fields status) {
    // Not straight to bytes: there, half a surrogate pair in a text is an error.
    StringWriter text = new StringWriter(8192);
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("apiVersion", API_VERSION);
      json.writeStringField("kind", KIND);
      json.writeObjectFieldStart("metadata");
      json.writeStringField("name", node);
      metadata.write(json);
      json.writeEndObject();
      status.write(json);
      json.writeEndObject();
    } catch (IOException memoryCannotFail) {
      throw new UncheckedIOException(memoryCannotFail);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void writeStatus(JsonGenerator json, AgentNodeStatus status) throws IOException {
    json.writeObjectFieldStart("status");
    json.writeStringField("version", status.version());
    json.writeStringField("mode", status.mode());
    json.writeStringField("seal", status.seal());
    json.writeObjectFieldStart("user");
    json.writeStringField("name", status.user().name());
    json.writeNumberField("uid", status.user().uid());
    json.writeNumberField("gid", status.user().gid());
    json.writeBooleanField("root", status.user().root());
    json.writeEndObject();
    writeTexts(json, "capabilities", status.capabilities());
    writeAttestation(json, status.attestation());
    json.writeObjectFieldStart("summary");
    for (String state : List.of("enabled", "degraded", "disabled")) {
      json.writeNumberField(state, status.count(state));
    }
    json.writeEndObject();
    json.writeArrayFieldStart("modules");
    for (Module module : status.modules()) {
      writeModule(json, module);
    }
    json.writeEndArray();
    writeTexts(json, "warnings", status.warnings());
    writeReady(json, status.ready());
    json.writeEndObject();
  }

  private static void writeTexts(JsonGenerator json, String name, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private static void writeAttestation(JsonGenerator json, Attestation attestation)
      throws IOException {
    json.writeObjectFieldStart("attestation");
    json.writeBooleanField("passed", attestation.passed());
    json.writeArrayFieldStart("failures");
    for (Check check : attestation.failures()) {
      json.writeStartObject();
      json.writeStringField("name", check.name());
      json.writeStringField("detail", check.detail());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeModule(JsonGenerator json, Module module) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", module.id());
    json.writeStringField("state", module.state());
    writeIfKnown(json, "source", module.source());
    writeIfKnown(json, "missing", module.missing());
    writeIfKnown(json, "blockedBy", module.blockedBy());
    writeIfKnown(json, "effect", module.effect());
    writeIfKnown(json, "remedy", module.remedy());
    json.writeStringField("health", module.health());
    writeIfKnown(json, "lastError", module.lastError());
    json.writeEndObject();
  }

  private static void writeIfKnown(JsonGenerator json, String name, @Nullable String text)
      throws IOException {
    if (text != null) {
      json.writeStringField(name, text);
    }
  }

  private static void writeReady(JsonGenerator json, Ready ready) throws IOException {
    json.writeArrayFieldStart("conditions");
    json.writeStartObject();
    json.writeStringField("type", READY);
    json.writeStringField("status", ready.status().id());
    json.writeStringField("reason", ready.reason());
    json.writeStringField("message", ready.message());
    json.writeStringField("lastTransitionTime", ready.since().toString());
    json.writeEndObject();
    json.writeEndArray();
  }

  /** Returns the status of an object; null where it has none, or none with a condition Ready. */
  public static @Nullable AgentNodeStatus parse(JsonTree object) {
    JsonTree status = object.get("status");
    Ready ready = ready(status.get("conditions"));
    if (ready == null) {
      return null;
    }
    JsonTree user = status.get("user");
    JsonTree attestation = status.get("attestation");
    return new AgentNodeStatus(
        status.get("version").text(),
        status.get("mode").text(),
        status.get("seal").text(),
        new User(
            user.get("name").text(),
            user.get("uid").number(),
            user.get("gid").number(),
            user.get("root").isTrue()),
        status.get("capabilities").texts(),
        new Attestation(
            attestation.get("passed").isTrue(),
            attestation.get("failures").items().stream()
                .map(check -> new Check(check.get("name").text(), check.get("detail").text()))
                .toList()),
        status.get("modules").items().stream().map(AgentNodeJson::module).toList(),
        status.get("warnings").texts(),
        ready);
  }

  private static @Nullable Ready ready(JsonTree conditions) {
    for (JsonTree condition : conditions.items()) {
      if (condition.get("type").text().equals(READY)) {
        return new Ready(
            truth(condition.get("status").text()),
            condition.get("reason").text(),
            condition.get("message").text(),
            time(condition.get("lastTransitionTime").text()));
      }
    }
    return null;
  }

  private static Truth truth(String status) {
    for (Truth truth : Truth.values()) {
      if (truth.id().equals(status)) {
        return truth;
      }
    }
    return Truth.UNKNOWN;
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException notOurs) {
      return Instant.EPOCH;
    }
  }

  private static Module module(JsonTree module) {
    return new Module(
        module.get("id").text(),
        module.get("state").text(),
        module.get("source").textOrNull(),
        module.get("missing").textOrNull(),
        module.get("blockedBy").textOrNull(),
        module.get("effect").textOrNull(),
        module.get("remedy").textOrNull(),
        module.get("health").text(),
        module.get("lastError").textOrNull());
  }
}
