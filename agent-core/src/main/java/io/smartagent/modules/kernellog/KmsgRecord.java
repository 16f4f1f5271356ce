package io.smartagent.modules.kernellog;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The format of /dev/kmsg: {@code priority,sequence,microseconds,flags[,...];text}, then lines of a
 * dictionary that start with a blank. Documentation/ABI/testing/dev-kmsg of Linux.
 */
public final class KmsgRecord {

  private static final Pattern HEADER =
      Pattern.compile("(\\d{1,9}),(\\d{1,18}),(\\d{1,18})(?:,.*)?");

  private KmsgRecord() {}

  /** Returns the record's line; null where it is none. */
  public static @Nullable KernelLogLine parse(byte[] record) {
    String text = new String(record, StandardCharsets.ISO_8859_1);
    int semicolon = text.indexOf(';');
    if (semicolon < 0) {
      return null;
    }
    Matcher header = HEADER.matcher(text.substring(0, semicolon));
    if (!header.matches()) {
      return null;
    }
    int end = text.indexOf('\n', semicolon);
    return new KernelLogLine(
        Integer.parseInt(header.group(1)),
        Long.parseLong(header.group(3)),
        Long.parseLong(header.group(2)),
        unescape(text.substring(semicolon + 1, end < 0 ? text.length() : end)));
  }

  /** The kernel writes what is not printable ASCII, and the backslash, as {@code \xNN}. */
  private static String unescape(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 3 < text.length() && text.charAt(i + 1) == 'x') {
        int high = Character.digit(text.charAt(i + 2), 16);
        int low = Character.digit(text.charAt(i + 3), 16);
        if (high >= 0 && low >= 0) {
          bytes.write(high << 4 | low);
          i += 3;
          continue;
        }
      }
      bytes.write(c);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
