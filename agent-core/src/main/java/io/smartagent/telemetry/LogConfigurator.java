package io.smartagent.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.ZoneId;
import org.slf4j.LoggerFactory;

/**
 * Sends the log to stderr: stdout belongs to the events. In code, because reading XML costs a start
 * more than a hundred milliseconds.
 */
public final class LogConfigurator extends ContextAwareBase implements Configurator {

  /** Names the least level that is logged: {@code debug} shows exceptions with their stack. */
  public static final String LEVEL_VARIABLE = "SMARTAGENT_LOG_LEVEL";

  private static final String STDERR = "stderr";

  /** For {@link java.util.ServiceLoader}. */
  public LogConfigurator() {}

  /** Sets the least level that is logged from now on: {@code info} or {@code debug}. */
  public static void setLevel(String level) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context
          .getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
          .setLevel(Level.toLevel(level, Level.INFO));
    }
  }

  /** Writes from now on in the format of events as text: both are on the same terminal. */
  public static void writeForPeople() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        && context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender(STDERR)
            instanceof OutputStreamAppender<ILoggingEvent> appender) {
      appender.setEncoder(started(new LogLineEncoder(ZoneId.systemDefault()), context));
    }
  }

  private static LogLineEncoder started(LogLineEncoder encoder, LoggerContext context) {
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    LogLineEncoder encoder = started(new LogLineEncoder(), context);
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setName(STDERR);
    appender.setEncoder(encoder);
    appender.setOutputStream(new FileOutputStream(FileDescriptor.err));
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(System.getenv(LEVEL_VARIABLE), Level.INFO));
    root.addAppender(appender);
    // It logs requests with their tokens; what went wrong with one is said by who has asked.
    context.getLogger("io.fabric8").setLevel(Level.OFF);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
