package io.smartagent.modules.applicationdiscovery;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the lines of a text that may be of any length, as may each of its lines. */
final class BoundedLines implements AutoCloseable {

  private static final int BUFFER = 65_536;

  private final InputStream stream;
  private final int longest;
  private final byte[] buffer = new byte[BUFFER];
  private long left;
  private int at;
  private int end;

  /**
   * @param most bytes to read
   * @param longest line; the rest of a longer one is left out
   */
  BoundedLines(InputStream stream, long most, int longest) {
    this.stream = stream;
    this.left = most;
    this.longest = longest;
  }

  /** Returns the next line, without what ends it; null at the end. */
  @Nullable String next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    boolean something = false;
    while (at < end || fill()) {
      something = true;
      byte next = buffer[at++];
      if (next == '\n') {
        return line.toString(StandardCharsets.UTF_8);
      }
      if (line.size() < longest) {
        line.write(next);
      }
    }
    return something ? line.toString(StandardCharsets.UTF_8) : null;
  }

  /** Returns whether it has ended before the text did. */
  boolean isCut() {
    return left <= 0;
  }

  private boolean fill() throws IOException {
    int count = left <= 0 ? -1 : stream.read(buffer, 0, (int) Math.min(BUFFER, left));
    at = 0;
    end = Math.max(0, count);
    left -= end;
    return end > 0;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
