package io.smartagent.kernel.file;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Paths of Linux as text. A path is any bytes but NUL; those that are not UTF-8 become lone
 * surrogates, U+DC80 to U+DCFF, and the same bytes again on their way to the kernel, as in Python's
 * PEP 383: a path that was read can be used, whatever is in it.
 */
public final class PathText {

  private static final int ESCAPE = 0xdc00;
  private static final int FIRST_ESCAPED = 0xdc80;
  private static final int LAST_ESCAPED = 0xdcff;

  private PathText() {}

  /** Returns {@code bytes}, which the kernel has written, as text. */
  public static String of(byte[] bytes) {
    if (isAscii(bytes)) {
      return new String(bytes, StandardCharsets.US_ASCII);
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    while (result.isMalformed()) {
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (ESCAPE | (in.get() & 0xff)));
      }
      result = decoder.decode(in, out, true);
    }
    return out.flip().toString();
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte one : bytes) {
      if (one < 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns the bytes that {@code path} stands for. */
  public static byte[] bytes(String path) {
    int escaped = nextEscaped(path, 0);
    if (escaped < 0) {
      return path.getBytes(StandardCharsets.UTF_8);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(path.length() + 16);
    int from = 0;
    while (escaped >= 0) {
      bytes.writeBytes(path.substring(from, escaped).getBytes(StandardCharsets.UTF_8));
      bytes.write(path.charAt(escaped));
      from = escaped + 1;
      escaped = nextEscaped(path, from);
    }
    bytes.writeBytes(path.substring(from).getBytes(StandardCharsets.UTF_8));
    return bytes.toByteArray();
  }

  private static int nextEscaped(String path, int from) {
    for (int i = from; i < path.length(); i++) {
      if (isEscaped(path, i)) {
        return i;
      }
    }
    return -1;
  }

  /** The second half of a pair is none, though it may be in the same range. */
  private static boolean isEscaped(String path, int index) {
    char here = path.charAt(index);
    return here >= FIRST_ESCAPED
        && here <= LAST_ESCAPED
        && (index == 0 || !Character.isHighSurrogate(path.charAt(index - 1)));
  }

  /**
   * Returns {@code path} in quotes, for people and for logs: in one line, of characters that every
   * reader can have. What is none of these stands there as in C; a byte as {@code \xHH}.
   */
  public static String quote(String path) {
    return quote(path, Integer.MAX_VALUE);
  }

  /**
   * As {@link #quote(String)}, but cut.
   *
   * @param limit about the most characters between the quotes; three dots stand for the rest
   */
  public static String quote(String path, int limit) {
    return '"' + printable(path, limit) + '"';
  }

  /** As {@link #quote(String, int)}, without the quotes: for a reader that has its own. */
  public static String printable(String path, int limit) {
    if (path.length() <= limit && isPlain(path)) {
      return path;
    }
    StringBuilder text = new StringBuilder();
    int index = 0;
    while (index < path.length() && text.length() < limit) {
      int character = path.codePointAt(index);
      if (isEscaped(path, index)) {
        appendHex(text, character & 0xff);
      } else {
        append(text, character);
      }
      index += Character.charCount(character);
    }
    return text.append(index < path.length() ? "..." : "").toString();
  }

  private static boolean isPlain(String path) {
    for (int i = 0; i < path.length(); i++) {
      char here = path.charAt(i);
      if (here < ' ' || here > '~' || here == '"' || here == '\\') {
        return false;
      }
    }
    return true;
  }

  private static void append(StringBuilder text, int character) {
    if (character == '\n') {
      text.append("\\n");
    } else if (character == '\t') {
      text.append("\\t");
    } else if (character == 0) {
      text.append("\\0");
    } else if (character == '"' || character == '\\') {
      text.append('\\').append((char) character);
    } else if (isPrintable(character)) {
      text.appendCodePoint(character);
    } else {
      for (byte one : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
        appendHex(text, one & 0xff);
      }
    }
  }

  /** Text that changes the direction of writing makes a log say what it does not. */
  private static boolean isPrintable(int character) {
    int type = Character.getType(character);
    return type != Character.CONTROL
        && type != Character.FORMAT
        && type != Character.SURROGATE
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR
        && type != Character.UNASSIGNED;
  }

  private static void appendHex(StringBuilder text, int value) {
    text.append("\\x");
    text.append(Character.forDigit(value >> 4, 16)).append(Character.forDigit(value & 15, 16));
  }
}
