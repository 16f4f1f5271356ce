package io.smartagent.kubernetes.node;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an AgentNode says of its node. Nothing in it changes by itself: two are equal as long as
 * there is nothing new to tell, but for the time in {@link #ready}.
 *
 * @param version of the agent
 * @param mode of the virtual root
 * @param seal what keeps the agent from writing to the host
 * @param user whom the agent runs as
 * @param capabilities that were kept, sorted
 * @param attestation what was found out of the launcher's promises
 * @param modules sorted by id
 * @param warnings of the launcher, and problems of settings
 * @param ready whether the agent does its work
 */
public record AgentNodeStatus(
    String version,
    String mode,
    String seal,
    User user,
    List<String> capabilities,
    Attestation attestation,
    List<Module> modules,
    List<String> warnings,
    Ready ready) {

  /** What stands behind a text that was cut off. */
  private static final String CUT = "...";

  /** Copies the lists. */
  public AgentNodeStatus {
    capabilities = List.copyOf(capabilities);
    modules = List.copyOf(modules);
    warnings = List.copyOf(warnings);
  }

  /**
   * Whom an agent runs as.
   *
   * @param name in the host's passwd
   * @param uid unsigned
   * @param gid unsigned
   * @param root whether that is root
   */
  public record User(String name, long uid, long gid, boolean root) {}

  /**
   * What was found when the agent tried what it must not be able to do.
   *
   * @param passed whether every promise holds
   * @param failures the others
   */
  public record Attestation(boolean passed, List<Check> failures) {

    /** Copies the list. */
    public Attestation {
      failures = List.copyOf(failures);
    }
  }

  /**
   * A promise that does not hold.
   *
   * @param name of it
   * @param detail what was found
   */
  public record Check(String name, String detail) {}

  /**
   * What became of a module; the fields are those of {@code status}.
   *
   * @param id of the module
   * @param state {@code enabled}, {@code degraded} or {@code disabled}
   * @param source that it runs from; null where it is disabled
   * @param missing what the best source lacks; null where nothing is missing
   * @param blockedBy what stands between; null where nothing does
   * @param effect what cannot be seen; null where all can
   * @param remedy the YAML that would enable it; null where none would
   * @param health how it is doing
   * @param lastError what went wrong last; null where nothing did, or it is well again
   */
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
    /** The agent has ended and says nothing any more. */
    UNKNOWN;

    /** Returns it as Kubernetes writes it. */
    public String id() {
      return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
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
  public record Ready(Truth status, String reason, String message, Instant since) {}

  /** Returns how many modules have a state. */
  public long count(String state) {
    return modules.stream().filter(module -> module.state().equals(state)).count();
  }

  /** Returns the same with another condition. */
  public AgentNodeStatus with(Ready now) {
    return new AgentNodeStatus(
        version, mode, seal, user, capabilities, attestation, modules, warnings, now);
  }

  /** Returns the same with texts of that many characters at most, cut at their ends. */
  AgentNodeStatus cut(int longest) {
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
