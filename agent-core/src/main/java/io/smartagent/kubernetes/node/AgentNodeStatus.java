package io.smartagent.kubernetes.node;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The status of an AgentNode. It contains nothing that changes all the time: two are equal while
 * there is nothing new to report. A field that is missing in JSON is empty, for others may have
 * written the object.
 *
 * @param version of the agent
 * @param mode of the virtual root
 * @param seal what keeps the agent from writing to the host
 * @param user that the agent runs as
 * @param capabilities that were kept, sorted
 * @param attestation what was found out of the launcher's promises
 * @param modules sorted by id
 * @param warnings of the launcher, and problems of settings
 * @param ready whether the agent works; as JSON the list of conditions
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonPropertyOrder({
  "version",
  "mode",
  "seal",
  "user",
  "capabilities",
  "attestation",
  "summary",
  "modules",
  "warnings"
})
public record AgentNodeStatus(
    String version,
    String mode,
    String seal,
    User user,
    List<String> capabilities,
    Attestation attestation,
    List<Module> modules,
    List<String> warnings,
    @JsonProperty("conditions") Ready ready) {

  private static final String READY = "Ready";
  private static final List<String> STATES = List.of("enabled", "degraded", "disabled");

  /** A request has a few kilobytes beside texts, so the object stays below 16 kilobytes. */
  private static final int MAX_BYTES = 12_000;

  private static final List<Integer> TEXT_LENGTHS = List.of(1024, 512, 256, 128, 64, 32);
  private static final int MAX_WARNINGS = 10;
  private static final int MAX_FAILURES = 20;

  /** Appended to a truncated text. */
  private static final String CUT = "...";

  /** Copies the lists. */
  public AgentNodeStatus {
    version = orEmpty(version);
    mode = orEmpty(mode);
    seal = orEmpty(seal);
    user = user == null ? new User("", 0, 0, false) : user;
    capabilities = orEmpty(capabilities);
    attestation = attestation == null ? new Attestation(false, List.of()) : attestation;
    modules = orEmpty(modules);
    warnings = orEmpty(warnings);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  /**
   * The user that an agent runs as.
   *
   * @param name in the host's passwd
   * @param uid unsigned
   * @param gid unsigned
   * @param root whether that is root
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record User(String name, long uid, long gid, boolean root) {

    /** A missing name is empty. */
    public User {
      name = orEmpty(name);
    }
  }

  /**
   * What was found when the agent tried what it must not be able to do.
   *
   * @param passed whether every promise holds
   * @param failures the others
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Attestation(boolean passed, List<Check> failures) {

    /** Copies the list. */
    public Attestation {
      failures = orEmpty(failures);
    }
  }

  /**
   * A promise that does not hold.
   *
   * @param name of it
   * @param detail what was found
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Check(String name, String detail) {

    /** Missing texts are empty. */
    public Check {
      name = orEmpty(name);
      detail = orEmpty(detail);
    }
  }

  /**
   * What became of a module; the fields are those of {@code status}.
   *
   * @param id of the module
   * @param state {@code enabled}, {@code degraded} or {@code disabled}
   * @param source that it runs from; null where it is disabled
   * @param missing what the best source lacks; null where nothing is missing
   * @param blockedBy what denies it; null if nothing does
   * @param effect what cannot be seen; null where all can
   * @param remedy the YAML that would enable it; null where none would
   * @param health how it is doing
   * @param lastError what went wrong last; null where nothing did, or it is well again
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Module(
      String id,
      String state,
      @Nullable String source,
      @Nullable String missing,
      @Nullable String blockedBy,
      @Nullable String effect,
      @Nullable String remedy,
      String health,
      @Nullable String lastError) {

    /** Missing texts that every module has are empty. */
    public Module {
      id = orEmpty(id);
      state = orEmpty(state);
      health = orEmpty(health);
    }

    /** Returns the same with another health. */
    Module with(String itsHealth, @Nullable String itsLastError) {
      return new Module(
          id, state, source, missing, blockedBy, effect, remedy, itsHealth, itsLastError);
    }

    private Module cut(int longest) {
      return new Module(
          id,
          state,
          source,
          cutOrNull(missing, longest),
          blockedBy,
          cutOrNull(effect, longest),
          cutOrNull(remedy, longest),
          health,
          cutOrNull(lastError, longest));
    }
  }

  /** What a condition's status can be. */
  public enum Truth {
    TRUE,
    FALSE,
    /** The agent has ended and reports nothing. */
    UNKNOWN;

    /** Returns it as Kubernetes writes it. */
    public String id() {
      return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }

    private static Truth of(@Nullable String id) {
      for (Truth truth : values()) {
        if (truth.id().equals(id)) {
          return truth;
        }
      }
      return UNKNOWN;
    }
  }

  /**
   * The condition Ready.
   *
   * @param status of it
   * @param reason in one word
   * @param message for people
   * @param since when the status became that, in whole seconds
   */
  public record Ready(Truth status, String reason, String message, Instant since) {

    /** Returns it as the only condition. */
    @JsonValue
    List<Condition> conditions() {
      return List.of(new Condition(since.toString(), message, null, reason, status.id(), READY));
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static @Nullable Ready of(List<Condition> conditions) {
      return conditions.stream()
          .filter(condition -> READY.equals(condition.getType()))
          .findFirst()
          .map(condition ->
              new Ready(
                  Truth.of(condition.getStatus()),
                  orEmpty(condition.getReason()),
                  orEmpty(condition.getMessage()),
                  time(condition.getLastTransitionTime())))
          .orElse(null);
    }

    private static Instant time(@Nullable String text) {
      try {
        return Instant.parse(orEmpty(text));
      } catch (DateTimeParseException invalid) {
        return Instant.EPOCH;
      }
    }
  }

  /** Returns how many modules have which state, for the columns of kubectl. */
  @JsonProperty(value = "summary", access = JsonProperty.Access.READ_ONLY)
  Map<String, Long> summary() {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (String state : STATES) {
      counts.put(state, modules.stream().filter(module -> module.state().equals(state)).count());
    }
    return counts;
  }

  /** Returns the same with another condition. */
  public AgentNodeStatus with(Ready now) {
    return new AgentNodeStatus(
        version, mode, seal, user, capabilities, attestation, modules, warnings, now);
  }

  /**
   * Returns the status with as many texts, and of each as much, as its size permits.
   *
   * @param size of one in JSON
   */
  AgentNodeStatus bounded(ToIntFunction<AgentNodeStatus> size) {
    AgentNodeStatus few =
        new AgentNodeStatus(
            version,
            mode,
            seal,
            user,
            capabilities,
            new Attestation(attestation.passed(), first(attestation.failures(), MAX_FAILURES)),
            modules,
            first(warnings, MAX_WARNINGS),
            ready);
    AgentNodeStatus cut = few;
    for (int length : TEXT_LENGTHS) {
      cut = few.cut(length);
      if (size.applyAsInt(cut) <= MAX_BYTES) {
        break;
      }
    }
    return cut;
  }

  private static <T> List<T> first(List<T> all, int limit) {
    return all.subList(0, Math.min(limit, all.size()));
  }

  /** Returns the status with texts of that many characters at most, cut at their ends. */
  private AgentNodeStatus cut(int longest) {
    return new AgentNodeStatus(
        version,
        mode,
        seal,
        user,
        capabilities,
        new Attestation(
            attestation.passed(),
            attestation.failures().stream()
                .map(check -> new Check(check.name(), cut(check.detail(), longest)))
                .toList()),
        modules.stream().map(module -> module.cut(longest)).toList(),
        warnings.stream().map(warning -> cut(warning, longest)).toList(),
        new Ready(ready.status(), ready.reason(), cut(ready.message(), longest), ready.since()));
  }

  private static @Nullable String cutOrNull(@Nullable String text, int longest) {
    return text == null ? null : cut(text, longest);
  }

  private static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = longest - CUT.length();
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + CUT;
  }
}
