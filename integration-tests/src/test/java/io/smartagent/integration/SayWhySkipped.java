package io.smartagent.integration;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Prints why a test was skipped, which the summary only counts. */
public final class SayWhySkipped implements TestWatcher {

  @Override
  public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
    System.out.println(
        "Skipped "
            + context.getRequiredTestClass().getSimpleName()
            + "."
            + context.getRequiredTestMethod().getName()
            + " "
            + context.getDisplayName()
            + ": "
            + (cause == null ? "no reason is known" : cause.getMessage()));
  }
}
