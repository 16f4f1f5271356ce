package io.smartagent.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Standard output and standard error, in UTF-8 whatever the locale says. Results go to the one, the
 * story and everything that is wrong to the other.
 */
public final class Terminal {

  private final OutputStream out;
  private final OutputStream err;
  private final boolean colours;

  /** Returns the process's own. */
  public Terminal() {
    this(
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        System.getenv("NO_COLOR") == null && isTerminal("/proc/self/fd/2"));
  }

  /**
   * Returns one that writes elsewhere.
   *
   * @param colours whether what goes to {@code err} may be coloured
   */
  public Terminal(OutputStream out, OutputStream err, boolean colours) {
    this.out = out;
    this.err = err;
    this.colours = colours;
  }

  private static boolean isTerminal(String link) {
    try {
      String target = Files.readSymbolicLink(Path.of(link)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException noProc) {
      return false;
    }
  }

  /** Writes a result. */
  public void print(String text) {
    print(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a result. */
  public void print(byte[] text) {
    write(out, text);
  }

  /** Writes a line of the story. */
  public void line(String text) {
    write(err, (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a line about what is wrong. */
  public void error(String text) {
    line(paint(Colour.RED, "smartagent: ") + text);
  }

  /** Returns {@code text} in a colour where the terminal has any. */
  public String paint(Colour colour, String text) {
    return colours ? colour.start + text + "\u001b[0m" : text;
  }

  /** Makes sure that all is written. */
  public void flush() {
    try {
      out.flush();
      err.flush();
    } catch (IOException nobodyReads) {
      // There is nobody left to tell.
    }
  }

  private static void write(OutputStream stream, byte[] text) {
    try {
      stream.write(text);
    } catch (IOException nobodyReads) {
      // The reader has gone; the launch goes on without.
    }
  }

  /** Colours of a terminal: console_codes(4). */
  public enum Colour {
    RED("\u001b[31m"),
    GREEN("\u001b[32m"),
    YELLOW("\u001b[33m"),
    BOLD("\u001b[1m");

    private final String start;

    Colour(String start) {
      this.start = start;
    }
  }
}
