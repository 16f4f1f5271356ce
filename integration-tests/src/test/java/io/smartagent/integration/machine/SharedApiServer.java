package io.smartagent.integration.machine;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One server for all tests of a class, started by the first that asks for it: starting one takes
 * longer than most tests. Register it as a static extension.
 */
public final class SharedApiServer implements AfterAllCallback {

  private @Nullable ApiServer server;

  /**
   * Returns the server.
   *
   * @throws org.opentest4j.TestAbortedException where this machine cannot have one
   */
  public synchronized ApiServer get() {
    if (server == null) {
      server = ApiServer.start();
    }
    return server;
  }

  @Override
  public synchronized void afterAll(ExtensionContext context) {
    if (server != null) {
      server.close();
      server = null;
    }
  }
}
