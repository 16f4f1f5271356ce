package io.smartagent.integration.machine;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Closes what a test has started, the last thing first, whatever became of the test. */
public final class Afterwards implements AfterEachCallback {

  private final List<AutoCloseable> things = new ArrayList<>();

  /** Has {@code thing} closed after the test, and returns it. */
  public <T extends AutoCloseable> T close(T thing) {
    things.addFirst(thing);
    return thing;
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    Exception failure = null;
    for (AutoCloseable thing : things) {
      try {
        thing.close();
      } catch (Exception e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
