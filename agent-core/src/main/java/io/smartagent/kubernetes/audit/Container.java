package io.smartagent.kubernetes.audit;

import io.smartagent.kernel.capability.CapabilitySet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A container of a pod, as far as isolation goes. What is set for the pod as a whole is resolved.
 *
 * @param field of the container
 * @param type of it
 * @param name of it
 * @param image that it runs
 * @param security its own securityContext
 * @param privileged as it is set
 * @param added capabilities beside the default ones
 * @param addsAll whether those are all there are
 * @param allowPrivilegeEscalation where it is set
 * @param runAsUser where it is set; the image decides where not
 * @param userField the field that sets it
 * @param runAsNonRoot whether the kubelet starts it as user 0
 * @param seccomp type of its profile
 * @param appArmor type of its profile
 * @param seLinuxType of its processes
 * @param mounts of volumes
 * @param environment variables with the value in the manifest, empty without one
 * @param indirect names of variables whose value does not, and {@code envFrom} where there is one
 * @param command the words of command and args
 * @param arguments the words of args
 * @param lowPorts whether it names a port below 1024
 */
record Container(
    Field field,
    ContainerType type,
    String name,
    String image,
    Field security,
    boolean privileged,
    CapabilitySet added,
    boolean addsAll,
    Optional<Boolean> allowPrivilegeEscalation,
    OptionalLong runAsUser,
    Field userField,
    boolean runAsNonRoot,
    Effective seccomp,
    Effective appArmor,
    Effective seLinuxType,
    List<Mount> mounts,
    Map<String, String> environment,
    List<String> indirect,
    List<String> command,
    List<String> arguments,
    boolean lowPorts) {

  /**
   * Returns whether it runs as another user than 0 and can not become user 0. The capabilities that
   * are added are of no use to it then: Kubernetes raises no ambient ones, and no_new_privs keeps
   * file capabilities from working.
   */
  boolean isConfinedByUser() {
    boolean otherUser = runAsUser.isPresent() ? runAsUser.getAsLong() != 0 : runAsNonRoot;
    return otherUser && !privileged && !allowPrivilegeEscalation.orElse(true);
  }
}
