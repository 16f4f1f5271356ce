package io.smartagent.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.Completed;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.assertj.core.api.AbstractStringAssert;

/** What is asserted of every launch. */
final class Launches {

  /** Exit codes of the contract. */
  static final int USAGE = 64;

  static final int UNAVAILABLE = 69;
  static final int NOT_PERMITTED = 77;
  static final int CONFIGURATION = 78;

  private Launches() {}

  /** Returns {@code completed} where it ended well. */
  static Completed succeeded(Completed completed) {
    assertThat(completed.exitCode()).as("%s", completed).isZero();
    assertNoStackTrace(completed);
    return completed;
  }

  /** Asserts that nothing was launched, and returns what the user reads. */
  static AbstractStringAssert<?> refused(Completed completed, int exitCode) {
    assertThat(completed.exitCode()).as("%s", completed).isEqualTo(exitCode);
    assertThat(completed.out()).as("standard output of %s", completed).isEmpty();
    assertNoStackTrace(completed);
    return assertThat(completed.error()).contains("smartagent: ");
  }

  static void assertNoStackTrace(Completed completed) {
    assertThat(completed.everything())
        .doesNotContain("\tat ")
        .doesNotContain("Exception in thread")
        .doesNotContain("java.lang.")
        .doesNotContain("io.smartagent.");
  }

  /** Returns the names in a list of JSON. */
  static Set<String> names(JsonNode list) {
    Set<String> names = new TreeSet<>();
    list.forEach(name -> names.add(name.asText()));
    return names;
  }

  /** Returns the modules of a plan or a status as {@code state source}, by their ids. */
  static Map<String, String> modules(JsonNode document) {
    Map<String, String> modules = new TreeMap<>();
    document
        .get("modules")
        .forEach(module ->
            modules.put(
                module.get("id").asText(),
                module.get("state").asText() + " " + module.get("source").asText()));
    return modules;
  }

  /** Returns the module of a plan or a status. */
  static JsonNode module(JsonNode document, String id) {
    for (JsonNode module : document.get("modules")) {
      if (module.get("id").asText().equals(id)) {
        return module;
      }
    }
    throw new AssertionError("no module " + id + " in " + document);
  }

  /** Returns the subject of the plan's step with this action; empty where there is none. */
  static String step(JsonNode plan, String action) {
    for (JsonNode step : plan.get("steps")) {
      if (step.get("action").asText().equals(action)) {
        return step.get("subject").asText();
      }
    }
    return "";
  }
}
