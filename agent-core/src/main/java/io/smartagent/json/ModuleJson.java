package io.smartagent.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.smartagent.module.ModulePlan;
import java.io.IOException;

/** The fields of a module that every document of the contract has. */
public final class ModuleJson {

  private ModuleJson() {}

  /** Writes them into the object that is open; other fields of a document follow. */
  public static void fields(JsonGenerator json, ModulePlan module) throws IOException {
    json.writeStringField("id", module.id());
    json.writeStringField("state", module.state().id());
    json.writeStringField("source", module.source());
    json.writeStringField("missing", module.missing());
    json.writeStringField("blockedBy", module.blockedBy() == null ? null : module.blockedBy().id());
    json.writeStringField("effect", module.effect());
    json.writeStringField("remedy", module.remedy());
  }
}
