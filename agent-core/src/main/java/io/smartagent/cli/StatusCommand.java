package io.smartagent.cli;

import io.smartagent.cli.Terminal.Colour;
import io.smartagent.config.CommandLine;
import io.smartagent.config.ExitStatus;
import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.config.StatusAddress;
import io.smartagent.json.JsonTree;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** {@code status}: asks the running agent. */
final class StatusCommand {

  private static final int TIMEOUT_MILLISECONDS = 5000;
  private static final int ANSWER_LIMIT = 16 << 20;

  private final Terminal terminal;

  StatusCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  ExitStatus run(CommandLine line) {
    String setting =
        System.getenv()
            .getOrDefault(
                Option.STATUS_ADDRESS.variable(),
                String.valueOf(Option.STATUS_ADDRESS.defaultText()));
    Optional<StatusAddress> address = StatusAddress.parse(setting);
    if (address.isEmpty()) {
      return refuse(
          Problem.configuration(
              "SMARTAGENT_STATUS_ADDRESS is \"" + setting + "\".",
              "It must be IPV4:PORT or [IPV6]:PORT, with a port from 1 to 65535."));
    }
    try {
      byte[] answer = ask(address.get());
      if (line.format().equals("json")) {
        terminal.print(answer);
      } else {
        print(JsonTree.parse(answer));
      }
      return ExitStatus.OK;
    } catch (IOException e) {
      return refuse(
          Problem.unavailable(
              "No agent answers on " + address.get() + ": " + e.getMessage() + ".",
              "Start one with config, in the same network namespace, or name its address with"
                  + " SMARTAGENT_STATUS_ADDRESS."));
    }
  }

  private ExitStatus refuse(Problem problem) {
    terminal.error(problem.text());
    return problem.status();
  }

  private static byte[] ask(StatusAddress address) throws IOException {
    URI uri = URI.create("http://" + reachable(address) + "/status");
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout(TIMEOUT_MILLISECONDS);
    connection.setReadTimeout(TIMEOUT_MILLISECONDS);
    try (InputStream answer = connection.getInputStream()) {
      byte[] bytes = answer.readNBytes(ANSWER_LIMIT);
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        throw new IOException("HTTP status " + connection.getResponseCode());
      }
      return bytes;
    } finally {
      connection.disconnect();
    }
  }

  /** Who listens on any address is asked on the loopback one. */
  private static StatusAddress reachable(StatusAddress address) {
    return switch (address.host()) {
      case "0.0.0.0" -> new StatusAddress("127.0.0.1", address.port());
      case "::" -> new StatusAddress("::1", address.port());
      default -> address;
    };
  }

  private void print(JsonTree status) {
    terminal.print(
        "smartagent "
            + status.get("version").text()
            + ", mode "
            + status.get("mode").text()
            + ", user "
            + status.get("user").get("name").text()
            + "\n");
    JsonTree attestation = status.get("attestation");
    terminal.print(
        "attestation " + (attestation.get("passed").isTrue() ? "passed" : "FAILED") + "\n");
    for (JsonTree check : attestation.get("checks").items()) {
      if (!check.get("passed").isTrue()) {
        terminal.print("  " + check.get("name").text() + ": " + check.get("detail").text() + "\n");
      }
    }
    printConfiguration(status.get("configuration"));
    status.get("modules").items().forEach(this::printModule);
  }

  private void printConfiguration(JsonTree configuration) {
    String state = configuration.get("state").text();
    String version = configuration.get("version").text();
    if (state.isEmpty() || state.equals("none")) {
      return;
    }
    terminal.print(
        "configuration "
            + terminal.paint(state.equals("applied") ? Colour.GREEN : Colour.RED, state)
            + (version.isEmpty() ? "" : ", version " + version)
            + ", from "
            + configuration.get("source").text()
            + "\n");
    for (JsonTree problem : configuration.get("problems").items()) {
      terminal.print("  " + problem.text() + "\n");
    }
  }

  private void printModule(JsonTree module) {
    JsonTree health = module.get("health");
    String state = module.get("state").text();
    Colour colour =
        switch (state) {
          case "enabled" -> Colour.GREEN;
          case "degraded" -> Colour.YELLOW;
          default -> Colour.RED;
        };
    terminal.print(
        (Columns.left(module.get("id").text(), 22)
                    + " "
                    + terminal.paint(colour, Columns.left(state, 9))
                    + " "
                    + Columns.left(health.get("state").text(), 10)
                    + " "
                    + Columns.left(module.get("source").text(), 12)
                    + " "
                    + health.get("observed").text())
                .stripTrailing()
            + "\n");
    for (String detail : List.of(health.get("lastError").text(), module.get("effect").text())) {
      if (!detail.isEmpty()) {
        terminal.print("    " + detail + "\n");
      }
    }
    module.get("remedy").text().lines().forEach(yaml -> terminal.print("      " + yaml + "\n"));
  }
}
