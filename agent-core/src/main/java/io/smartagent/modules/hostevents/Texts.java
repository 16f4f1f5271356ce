package io.smartagent.modules.hostevents;

/** Cuts what the host may make as long as it likes. */
final class Texts {

  private static final int PATH = 512;
  private static final int MESSAGE = 500;
  private static final String ELLIPSIS = "…";

  private Texts() {}

  /** Returns a path as an event shows it. */
  static String path(String text) {
    return cut(text, PATH);
  }

  /** Returns a line of the kernel's log as an event shows it. */
  static String message(String text) {
    return cut(text, MESSAGE);
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most) + ELLIPSIS;
  }
}
