package io.smartagent.results;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A result that a module has written.
 *
 * @param name lower-case letters, digits, dots, dashes and underscores; a maximum of 100
 * @param mediaType such as {@code application/octet-stream}
 * @param bytes its size
 * @param writtenAt when it was complete
 */
public record Result(String name, String mediaType, long bytes, Instant writtenAt) {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,99}");
  private static final Pattern MEDIA_TYPE =
      Pattern.compile("[a-z]{1,20}/[a-z0-9][a-z0-9.+-]{0,79}");

  /** Returns whether a result can have this name: it is a file name too, and never hidden. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** Returns whether a result can have this media type, which has no parameters. */
  public static boolean isMediaType(String mediaType) {
    return MEDIA_TYPE.matcher(mediaType).matches();
  }
}
