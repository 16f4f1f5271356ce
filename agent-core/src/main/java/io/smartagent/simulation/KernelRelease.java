package io.smartagent.simulation;

import io.smartagent.config.Numbers;
import java.util.Optional;

/**
 * The version of a kernel.
 *
 * @param text as uname -r prints it
 * @param major its first number
 * @param minor its second number
 */
record KernelRelease(String text, int major, int minor) {

  private static final int MAX_NUMBER = 9999;

  /** Returns the release in {@code text}, where that starts with MAJOR.MINOR. */
  static Optional<KernelRelease> parse(String text) {
    int dot = text.indexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    int end = dot + 1;
    while (end < text.length() && Character.isDigit(text.charAt(end))) {
      end++;
    }
    Optional<Long> major = Numbers.parse(text.substring(0, dot), MAX_NUMBER);
    Optional<Long> minor = Numbers.parse(text.substring(dot + 1, end), MAX_NUMBER);
    return major.isPresent() && minor.isPresent()
        ? Optional.of(new KernelRelease(text, major.get().intValue(), minor.get().intValue()))
        : Optional.empty();
  }

  /** Returns its first two numbers. */
  String version() {
    return major + "." + minor;
  }

  /** Returns whether it is {@code major.minor} or newer. */
  boolean isAtLeast(int otherMajor, int otherMinor) {
    return major > otherMajor || (major == otherMajor && minor >= otherMinor);
  }
}
