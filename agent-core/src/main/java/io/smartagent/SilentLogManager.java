package io.smartagent;

import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The launcher's manager of java.util.logging, whose only user is JNA: for what it would tell of
 * its search for libraries. The one that the JDK brings reads a file and looks into every jar for
 * another kind of logger, which is a tenth of the way to exec.
 *
 * <p>Named to the JVM by {@code java.util.logging.manager}, so it has to be public.
 */
public final class SilentLogManager extends LogManager {

  /** Returns a manager that has no loggers, and makes those that are asked for silent. */
  public SilentLogManager() {}

  /** Fails, for after it the JDK would look for another kind of logger. Nobody hears of it. */
  @Override
  public void readConfiguration() {
    throw new UnsupportedOperationException("nothing is logged");
  }

  /** Keeps nothing: a logger without a parent has no handler. */
  @Override
  public boolean addLogger(Logger logger) {
    return true;
  }

  @Override
  public @Nullable Logger getLogger(String name) {
    return null;
  }
}
