package io.smartagent.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.smartagent.text.TextLines;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line for each message, whatever is in it: time, level, sentence. Between events as text it
 * looks as they do, and what is wider than the terminal is continued below. An exception's stack
 * follows only where the message itself is one for debugging.
 */
final class LogLineEncoder extends EncoderBase<ILoggingEvent> {

  private static final byte[] NOTHING = {};

  private final @Nullable DateTimeFormatter localTime;

  LogLineEncoder() {
    this.localTime = null;
  }

  /**
   * Makes one for people.
   *
   * @param zone whose time is shown
   */
  LogLineEncoder(ZoneId zone) {
    this.localTime = DateTimeFormatter.ofPattern("HH:mm:ss").withZone(zone);
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    DateTimeFormatter local = localTime;
    if (local == null) {
      String level = event.getLevel().toString();
      line.append(event.getInstant().truncatedTo(ChronoUnit.MILLIS)).append(' ');
      line.append(level).repeat(' ', 6 - level.length());
      appendOnOneLine(line, event.getFormattedMessage());
    } else {
      String start = local.format(event.getInstant()) + "  ";
      line.append(event.getLevel() == Level.INFO ? "" : event.getLevel() + "  ");
      appendOnOneLine(line, event.getFormattedMessage());
      List<String> lines = new ArrayList<>();
      TextLines.wrap(lines, start, start.length(), line.toString());
      line = new StringBuilder(String.join("\n", lines));
    }
    line.append('\n');
    IThrowableProxy exception = event.getThrowableProxy();
    if (exception != null && !event.getLevel().isGreaterOrEqual(Level.INFO)) {
      line.append(ThrowableProxyUtil.asString(exception));
    }
    return line.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** What others control, such as a process's name, must not look like a line of this log. */
  private static void appendOnOneLine(StringBuilder line, String message) {
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      switch (c) {
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        default -> line.append(Character.isISOControl(c) && c != '\t' ? '\uFFFD' : c);
      }
    }
  }
}
