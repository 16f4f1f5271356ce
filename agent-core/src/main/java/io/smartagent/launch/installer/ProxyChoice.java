package io.smartagent.launch.installer;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The proxy that HTTPS_PROXY names, but for hosts that NO_PROXY names; in small letters too, as
 * curl(1) has them. Only proxies that are spoken to in plain HTTP, and without a password: through
 * the tunnel that they open nothing is readable.
 */
final class ProxyChoice {

  private final Map<String, String> environment;

  ProxyChoice(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Returns the way to a server.
   *
   * @throws IllegalArgumentException where the variable names no proxy that can be used, with a
   *     sentence that says so
   */
  Proxy to(URI server) {
    Optional<String> proxy = variable("HTTPS_PROXY");
    if (proxy.isEmpty() || isExempt(server)) {
      return Proxy.NO_PROXY;
    }
    return new Proxy(Proxy.Type.HTTP, address(proxy.get()));
  }

  private Optional<String> variable(String name) {
    for (String spelling : new String[] {name.toLowerCase(Locale.ROOT), name}) {
      String value = environment.getOrDefault(spelling, "").strip();
      if (!value.isEmpty()) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  private static InetSocketAddress address(String proxy) {
    String fault = "HTTPS_PROXY is no address of the form http://HOST:PORT.";
    URI uri;
    try {
      uri = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
    } catch (IllegalArgumentException e) {
      // Its text may hold a password.
      throw new IllegalArgumentException(fault);
    }
    boolean usable =
        "http".equalsIgnoreCase(uri.getScheme())
            && uri.getHost() != null
            && uri.getRawUserInfo() == null
            && uri.getPort() > 0
            && uri.getPort() <= 65_535;
    if (!usable) {
      throw new IllegalArgumentException(
          fault + " A proxy that asks for a name and password cannot be used.");
    }
    return new InetSocketAddress(bare(uri.getHost()), uri.getPort());
  }

  private boolean isExempt(URI server) {
    String host = bare(server.getHost()).toLowerCase(Locale.ROOT);
    String rest = variable("NO_PROXY").orElse("").toLowerCase(Locale.ROOT);
    for (String entry : rest.split(",", -1)) {
      String name = entry.strip();
      if (name.equals("*")) {
        return true;
      }
      String domain = name.startsWith(".") ? name.substring(1) : name;
      if (!domain.isEmpty() && (host.equals(domain) || host.endsWith("." + domain))) {
        return true;
      }
    }
    return false;
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
