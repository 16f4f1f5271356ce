package io.smartagent.plan;

/** What the operator can change where a step fails, for steps that have it in common. */
final class StepRemedies {

  private StepRemedies() {}

  static String ofMounts() {
    return "Set appArmorProfile and seccompProfile to Unconfined, or"
        + " SMARTAGENT_NO_REMOUNT_ROOT=true to keep the mounts of the YAML.";
  }

  static String ofDirectory(String path) {
    return "Look at the owner and the mount of \"" + path + "\" on the host.";
  }

  static String probe(String call) {
    return "Run probe in the same container: it names what blocks " + call + ".";
  }
}
