package io.smartagent.launch;

import com.fasterxml.jackson.core.JsonGenerator;
import io.smartagent.Version;
import io.smartagent.config.Problem;
import io.smartagent.config.SettingValue;
import io.smartagent.host.HostMounts.WritableMount;
import io.smartagent.host.HostUser;
import io.smartagent.json.JsonText;
import io.smartagent.json.ModuleJson;
import io.smartagent.kubernetes.ClusterAccess;
import io.smartagent.module.ModulePlan;
import io.smartagent.plan.CapabilityDecision;
import io.smartagent.plan.HostSeal;
import io.smartagent.plan.LaunchPlan;
import io.smartagent.plan.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A plan as JSON: the output of {@code plan --format json}, and what the launcher leaves as
 * launch.json.
 */
public final class PlanJson {

  private PlanJson() {}

  /** Returns {@code plan} as JSON in UTF-8, indented, with a newline at its end. */
  public static byte[] toJson(LaunchPlan plan) {
    return JsonText.document(json -> write(json, plan));
  }

  /** As {@link #toJson(LaunchPlan)}, with what the plan's container was assumed to be. */
  public static byte[] toJson(LaunchPlan plan, List<SettingValue> assumptions) {
    return JsonText.document(json -> {
      write(json, plan);
      json.writeArrayFieldStart("assumptions");
      for (SettingValue assumption : assumptions) {
        writeSetting(json, assumption);
      }
      json.writeEndArray();
    });
  }

  private static void write(JsonGenerator json, LaunchPlan plan) throws IOException {
    json.writeStringField("version", Version.current());
    // The next start looks for it, and reads no more than the first few kilobytes.
    json.writeStringField("installPath", plan.settings().root().installPath());
    json.writeStringField("decision", plan.isRefused() ? "refuse" : "launch");
    json.writeStringField("mode", plan.mode().id());
    json.writeStringField("modeReason", plan.modeReason());
    writeUser(json, plan);
    json.writeBooleanField("sealed", plan.sealed());
    JsonText.texts(json, "writable", new TreeSet<>(plan.writable()));
    json.writeBooleanField("noNewPrivileges", plan.identity().locks().noNewPrivileges());
    writeSeal(json, plan.seal());
    json.writeStringField("statusAddress", plan.settings().node().statusAddress().toString());
    json.writeStringField("runtimeDirectory", plan.settings().runtimeDirectory());
    json.writeStringField("nodeName", plan.settings().node().name());
    writeCluster(json, plan.cluster());
    json.writeArrayFieldStart("steps");
    for (Step step : plan.steps()) {
      json.writeStartObject();
      json.writeStringField("action", step.action());
      json.writeStringField("subject", step.subject());
      json.writeStringField("reason", step.reason());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("modules");
    for (ModulePlan module : plan.modules()) {
      writeModule(json, module);
    }
    json.writeEndArray();
    writeCapabilities(json, plan.capabilities());
    json.writeArrayFieldStart("problems");
    for (Problem problem : plan.problems()) {
      json.writeStartObject();
      json.writeStringField("fault", problem.fault());
      json.writeStringField("remedy", problem.remedy());
      json.writeNumberField("exitCode", problem.status().code());
      json.writeEndObject();
    }
    json.writeEndArray();
    JsonText.texts(json, "warnings", plan.warnings());
    json.writeArrayFieldStart("settings");
    List<SettingValue> settings = new ArrayList<>(plan.settings().values());
    // Comparator.comparing would spin a class: its lambda is serializable, and no cache holds
    // those.
    settings.sort((one, other) -> one.name().compareTo(other.name()));
    for (SettingValue setting : settings) {
      writeSetting(json, setting);
    }
    json.writeEndArray();
  }

  private static void writeSeal(JsonGenerator json, HostSeal seal) throws IOException {
    json.writeStringField("seal", seal.kind().id());
    json.writeArrayFieldStart("openMounts");
    for (WritableMount mount : seal.openMounts()) {
      json.writeStartObject();
      json.writeStringField("path", mount.path());
      json.writeStringField("type", mount.type());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("openMountsUnlisted", seal.unlisted());
  }

  private static void writeSetting(JsonGenerator json, SettingValue setting) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", setting.name());
    json.writeStringField("value", setting.value());
    json.writeStringField("source", setting.source());
    json.writeEndObject();
  }

  private static void writeCluster(JsonGenerator json, @Nullable ClusterAccess cluster)
      throws IOException {
    if (cluster != null) {
      json.writeObjectFieldStart("cluster");
      json.writeStringField("server", cluster.server());
      json.writeStringField("directory", cluster.directory());
      json.writeStringField("namespace", cluster.namespace());
      json.writeStringField("nodeName", cluster.nodeName());
      json.writeEndObject();
    }
  }

  private static void writeUser(JsonGenerator json, LaunchPlan plan) throws IOException {
    HostUser user = plan.user().user();
    json.writeObjectFieldStart("user");
    json.writeStringField("name", user.name());
    json.writeNumberField("uid", Integer.toUnsignedLong(user.uid()));
    json.writeNumberField("gid", Integer.toUnsignedLong(user.gid()));
    JsonText.ids(json, "groups", user.groups());
    json.writeBooleanField("root", plan.user().isRoot());
    json.writeStringField("reason", plan.user().reason());
    json.writeEndObject();
  }

  private static void writeModule(JsonGenerator json, ModulePlan module) throws IOException {
    json.writeStartObject();
    ModuleJson.fields(json, module);
    JsonText.names(json, "capabilities", module.capabilities());
    json.writeEndObject();
  }

  private static void writeCapabilities(JsonGenerator json, CapabilityDecision capabilities)
      throws IOException {
    json.writeObjectFieldStart("capabilities");
    JsonText.names(json, "kept", capabilities.kept());
    JsonText.names(json, "dropped", capabilities.dropped());
    JsonText.names(json, "surplus", capabilities.surplus());
    JsonText.names(json, "bounding", capabilities.bounding());
    json.writeEndObject();
  }
}
