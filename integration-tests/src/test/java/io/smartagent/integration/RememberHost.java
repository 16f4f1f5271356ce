package io.smartagent.integration;

import io.smartagent.integration.machine.HostState;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Writes down what the machine is like before the first test, for {@link HostAfterwardsIT}. */
public final class RememberHost implements BeforeAllCallback {

  private static final Namespace ONCE = Namespace.create(RememberHost.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    if (!context.getRequiredTestClass().equals(HostAfterwardsIT.class)) {
      var _ =
          context
              .getRoot()
              .getStore(ONCE)
              .getOrComputeIfAbsent(
                  "remembered",
                  key -> {
                    HostState.remember();
                    return true;
                  });
    }
  }
}
