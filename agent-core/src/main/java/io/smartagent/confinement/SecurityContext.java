package io.smartagent.confinement;

import io.smartagent.kernel.capability.CapabilitySet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The securityContext of a container, or a part of one: core/v1 SecurityContext of the Kubernetes
 * API. A field that is null is not set.
 *
 * @param runAsUser the uid of the first process
 * @param privileged whether the container has every capability and device
 * @param allowPrivilegeEscalation whether an execve may gain privileges; false sets no_new_privs
 * @param capabilities what is taken from the engine's defaults and added to them
 * @param appArmorProfile its type, Kubernetes 1.30
 * @param seccompProfile its type
 * @param readOnlyRootFilesystem whether the image's files can be changed
 */
public record SecurityContext(
    @Nullable Integer runAsUser,
    @Nullable Boolean privileged,
    @Nullable Boolean allowPrivilegeEscalation,
    CapabilityChange capabilities,
    @Nullable Profile appArmorProfile,
    @Nullable Profile seccompProfile,
    @Nullable Boolean readOnlyRootFilesystem) {

  /** A securityContext that sets nothing. */
  public static final SecurityContext NONE =
      new SecurityContext(
          null, null, null, new CapabilityChange(false, CapabilitySet.NONE), null, null, null);

  /** The type of a seccomp or AppArmor profile. */
  public enum Profile {
    RUNTIME_DEFAULT("RuntimeDefault"),
    UNCONFINED("Unconfined");

    private final String type;

    Profile(String type) {
      this.type = type;
    }
  }

  /**
   * What becomes of the engine's default capabilities.
   *
   * @param dropAll whether all are dropped
   * @param add the capabilities that are added
   */
  public record CapabilityChange(boolean dropAll, CapabilitySet add) {}

  /** Returns what a container that only has {@code capabilities} starts from. */
  public static SecurityContext unprivileged(CapabilitySet capabilities) {
    return new SecurityContext(
        null,
        false,
        false,
        new CapabilityChange(true, capabilities),
        null,
        Profile.RUNTIME_DEFAULT,
        null);
  }

  /** Returns a part that adds capabilities. */
  public static SecurityContext adding(CapabilitySet capabilities) {
    return new SecurityContext(
        null, null, null, new CapabilityChange(false, capabilities), null, null, null);
  }

  /** Returns a part that sets the user of the first process. */
  public static SecurityContext runningAs(int uid) {
    return new SecurityContext(uid, null, null, NONE.capabilities, null, null, null);
  }

  /** Returns a part that lets an execve gain privileges. */
  public static SecurityContext allowingEscalation() {
    return new SecurityContext(null, null, true, NONE.capabilities, null, null, null);
  }

  /** Returns this, with an AppArmor profile. */
  public SecurityContext withAppArmor(Profile profile) {
    return new SecurityContext(
        runAsUser,
        privileged,
        allowPrivilegeEscalation,
        capabilities,
        profile,
        seccompProfile,
        readOnlyRootFilesystem);
  }

  /** Returns this, with a seccomp profile. */
  public SecurityContext withSeccomp(Profile profile) {
    return new SecurityContext(
        runAsUser,
        privileged,
        allowPrivilegeEscalation,
        capabilities,
        appArmorProfile,
        profile,
        readOnlyRootFilesystem);
  }

  /** Returns it as YAML below the key {@code securityContext}, without a newline at its end. */
  public String yaml() {
    return yaml(Map.of());
  }

  /**
   * Returns it as YAML below the key {@code securityContext}, without a newline at its end.
   *
   * @param comments by the name of the field or the short name of the capability that each stands
   *     above
   */
  public String yaml(Map<String, String> comments) {
    StringBuilder yaml = new StringBuilder("securityContext:");
    field(yaml, comments, "runAsUser", runAsUser);
    field(yaml, comments, "privileged", privileged);
    field(yaml, comments, "allowPrivilegeEscalation", allowPrivilegeEscalation);
    capabilities(yaml, comments);
    profile(yaml, comments, "appArmorProfile", appArmorProfile);
    profile(yaml, comments, "seccompProfile", seccompProfile);
    field(yaml, comments, "readOnlyRootFilesystem", readOnlyRootFilesystem);
    return yaml.toString();
  }

  private static void field(
      StringBuilder yaml, Map<String, String> comments, String name, @Nullable Object value) {
    if (value != null) {
      comment(yaml, comments, "  ", name);
      yaml.append("\n  ").append(name).append(": ").append(value);
    }
  }

  private static void profile(
      StringBuilder yaml, Map<String, String> comments, String name, @Nullable Profile profile) {
    if (profile != null) {
      comment(yaml, comments, "  ", name);
      yaml.append("\n  ").append(name).append(":\n    type: ").append(profile.type);
    }
  }

  private void capabilities(StringBuilder yaml, Map<String, String> comments) {
    if (!capabilities.dropAll && capabilities.add.isEmpty()) {
      return;
    }
    yaml.append("\n  capabilities:");
    if (capabilities.dropAll) {
      yaml.append("\n    drop: [ALL]");
    }
    if (capabilities.add.isEmpty()) {
      return;
    }
    // Without CAP_: the API server refuses "CAP_SYS_ADMIN" with allowPrivilegeEscalation: false.
    if (!comments.keySet().containsAll(capabilities.add.shortNames())) {
      yaml.append("\n    add: [")
          .append(String.join(", ", capabilities.add.shortNames()))
          .append(']');
      return;
    }
    yaml.append("\n    add:");
    for (String name : capabilities.add.shortNames()) {
      comment(yaml, comments, "    ", name);
      yaml.append("\n    - ").append(name);
    }
  }

  private static void comment(
      StringBuilder yaml, Map<String, String> comments, String indent, String name) {
    String comment = comments.get(name);
    if (comment != null) {
      yaml.append('\n').append(indent).append("# ").append(comment);
    }
  }
}
