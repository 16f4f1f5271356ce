package io.smartagent;

/** The version of this program. */
public final class Version {

  private Version() {}

  /** Returns the version that the jar was built as, {@code development} outside a jar. */
  public static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
