package io.smartagent;

import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The launcher's manager of java.util.logging, whose only user is JNA, which logs its search for
 * libraries. The JDK's own reads a file and searches every jar for another logger finder, which
 * takes a tenth of the time to exec.
 *
 * <p>Named to the JVM by {@code java.util.logging.manager}, so it has to be public.
 */
public final class SilentLogManager extends LogManager {

  /** Returns a manager that has no loggers, and makes those that are asked for silent. */
  public SilentLogManager() {}

  /**
   * Fails, because after it the JDK would look for another logger finder. The failure is ignored.
   */
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
