package io.smartagent.cli;

import io.smartagent.config.ExitStatus;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Standard output and standard error, in UTF-8 regardless of the locale. Results go to the one, the
 * story and everything that is wrong to the other.
 */
public final class Terminal {

  private static final int BUFFER = 65_536;

  private final OutputStream out;
  private final OutputStream err;
  private final boolean colours;
  private @Nullable String lost;

  /** Returns the process's own. */
  public Terminal() {
    this(
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        System.getenv("NO_COLOR") == null
            && !"dumb".equals(System.getenv("TERM"))
            && isTerminal("/proc/self/fd/2"));
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
    try {
      out.write(text);
    } catch (IOException e) {
      lose(e);
    }
  }

  /** A result that is written piece by piece. */
  @FunctionalInterface
  public interface Result {

    /**
     * Writes it.
     *
     * @throws IOException if it cannot be written
     */
    void write(OutputStream out) throws IOException;
  }

  /** Writes a result as it is made. */
  public void print(Result result) {
    BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER);
    try {
      result.write(buffered);
      buffered.flush();
    } catch (IOException e) {
      lose(e);
    }
  }

  /** Writes a line of the story. */
  public void line(String text) {
    write((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a line about what is wrong. */
  public void error(String text) {
    line(paint(Colour.RED, "smartagent: ") + text);
  }

  /** Returns whether a person may be waiting in front of it. */
  public boolean showsProgress() {
    return isTerminal("/proc/self/fd/2");
  }

  /** Shows how far it is, in the place of what was shown so before; nothing takes that away. */
  public void progress(String text) {
    write(("\r\u001b[K" + text).getBytes(StandardCharsets.UTF_8));
  }

  /** Returns {@code text} in a colour where the terminal has any. */
  public String paint(Colour colour, String text) {
    return colours ? colour.start + text + "\u001b[0m" : text;
  }

  /**
   * Makes sure that all is written.
   *
   * @param status that the program would end with
   * @return the status that it ends with: a result that is not there was not found out
   */
  public ExitStatus end(ExitStatus status) {
    flush();
    String fault = lost;
    if (fault == null) {
      return status;
    }
    error("The result could not be written: " + fault + ".");
    return status == ExitStatus.OK || status == ExitStatus.FOUND ? ExitStatus.IO_ERROR : status;
  }

  /** Makes sure that all is written. */
  public void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      lose(e);
    }
    try {
      err.flush();
    } catch (IOException outputClosed) {
      // No stream is left to report it on.
    }
  }

  /** Writes to standard error; the launch continues if that fails. */
  private void write(byte[] text) {
    try {
      err.write(text);
    } catch (IOException outputClosed) {
      // No stream is left to report it on.
    }
  }

  /** A reader that goes away has seen what it wanted: head(1) does. */
  private void lose(IOException e) {
    if (lost == null && !String.valueOf(e.getMessage()).contains("Broken pipe")) {
      lost = String.valueOf(e.getMessage());
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
