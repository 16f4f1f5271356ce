package io.smartagent.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;

/**
 * One line for each message, whatever is in it: time, level, sentence. An exception's stack follows
 * only where the message itself is one for debugging.
 */
final class LogLineEncoder extends EncoderBase<ILoggingEvent> {

  private static final byte[] NOTHING = {};

  LogLineEncoder() {}

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
    line.append(event.getInstant().truncatedTo(ChronoUnit.MILLIS)).append(' ');
    String level = event.getLevel().toString();
    line.append(level).repeat(' ', 6 - level.length());
    appendOnOneLine(line, event.getFormattedMessage());
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
