package io.smartagent.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.smartagent.json.JsonText;
import io.smartagent.probe.AbilityFact;
import io.smartagent.probe.ContainerFacts;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** {@code probe --format json}. */
final class ProbeJson {

  private ProbeJson() {}

  /** Returns the facts as JSON in UTF-8, indented, with a newline at the end. */
  static byte[] toJson(ContainerFacts facts) {
    return JsonText.document(json -> write(json, facts));
  }

  private static void write(JsonGenerator json, ContainerFacts facts) throws IOException {
    json.writeObjectFieldStart("kernel");
    json.writeStringField("release", facts.kernelRelease());
    json.writeStringField("machine", facts.machine());
    json.writeEndObject();
    json.writeNumberField("uid", Integer.toUnsignedLong(facts.uid()));
    json.writeObjectFieldStart("capabilities");
    JsonText.names(json, "effective", facts.capabilities().effective());
    JsonText.names(json, "permitted", facts.capabilities().permitted());
    JsonText.names(json, "inheritable", facts.capabilities().inheritable());
    JsonText.names(json, "bounding", facts.capabilities().bounding());
    JsonText.names(json, "ambient", facts.capabilities().ambient());
    json.writeEndObject();
    JsonText.texts(json, "securebits", facts.securebits().names().stream().sorted().toList());
    json.writeBooleanField("noNewPrivileges", facts.noNewPrivileges());
    json.writeStringField("seccomp", facts.seccomp().name().toLowerCase(Locale.ROOT));
    json.writeStringField("lsm", facts.lsmLabel().orElse(null));
    json.writeStringField("userNamespace", facts.initialUserNamespace() ? "initial" : "mapped");
    json.writeArrayFieldStart("abilities");
    List<AbilityFact> sorted =
        facts.abilities().stream()
            .sorted(Comparator.comparing(fact -> fact.ability().id()))
            .toList();
    for (AbilityFact fact : sorted) {
      json.writeStartObject();
      json.writeStringField("name", fact.ability().id());
      json.writeBooleanField("available", fact.available());
      json.writeStringField("blockedBy", fact.blockedBy() == null ? null : fact.blockedBy().id());
      json.writeStringField("detail", fact.detail());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
