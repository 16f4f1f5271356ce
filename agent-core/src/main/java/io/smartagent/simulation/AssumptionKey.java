package io.smartagent.simulation;

import io.smartagent.confinement.SeccompProfile;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What can be assumed of a container, in the order in which it is listed. */
enum AssumptionKey {
  CAPS("caps", "all, none, docker, privileged or names of capabilities(7), joined by \"+\""),
  NNP("nnp", "true or false"),
  KERNEL("kernel", "a release that starts with MAJOR.MINOR, such as 5.10 or 4.18.0-348.el8"),
  SECCOMP("seccomp", "one of " + String.join(", ", SeccompProfile.ids())),
  LSM("lsm", "one of " + String.join(", ", AssumptionParser.LSM_PROFILES)),
  USERNS("userns", "initial or mapped"),
  UID("uid", "a number from 0 to 4294967294"),
  HOST_PID("hostPID", "true or false"),
  HOST_NETWORK("hostNetwork", "true or false"),
  DEVICES("devices", "default or all, as a privileged container may open them"),
  SERVICE_ACCOUNT("serviceAccount", "none, automounted or projected"),
  MOUNTS("mounts", "the path of a file with the container's /proc/self/mountinfo"),
  USERS("users", "the path of the host's passwd; its group is looked for beside it");

  private final String id;
  private final String accepted;

  AssumptionKey(String id, String accepted) {
    this.id = id;
    this.accepted = accepted;
  }

  /** Returns the name in {@code --assume}. */
  String id() {
    return id;
  }

  /** Returns which values it takes, for people. */
  String accepted() {
    return accepted;
  }

  static Optional<AssumptionKey> of(String id) {
    return Arrays.stream(values()).filter(key -> key.id.equals(id)).findFirst();
  }

  static List<String> ids() {
    return Arrays.stream(values()).map(AssumptionKey::id).toList();
  }
}
