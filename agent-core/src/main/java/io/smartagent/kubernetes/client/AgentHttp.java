package io.smartagent.kubernetes.client;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.okhttp.OkHttpClientFactory;
import java.io.IOException;
import java.net.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManager;
import okhttp3.OkHttpClient;

/**
 * Connections of an agent. It trusts the cluster's own authorities only, follows no redirect, which
 * would take the token along, and uses no proxy.
 */
final class AgentHttp implements HttpClient.Factory {

  private final HttpClient.Factory connections = new Connections();
  private final AccountFiles account;
  private final Map<String, Interceptor> interceptors;
  private final TrustManager[] authorities;

  /**
   * @param interceptors of all requests, by any name
   * @throws IOException if the authorities cannot be read
   */
  AgentHttp(AccountFiles account, Map<String, Interceptor> interceptors) throws IOException {
    this.account = account;
    this.interceptors = interceptors;
    this.authorities = account.authorities();
  }

  @Override
  public HttpClient.Builder newBuilder() {
    return connections.newBuilder();
  }

  @Override
  public HttpClient.Builder newBuilder(Config config) {
    HttpClient.Builder builder = newBuilder();
    builder.tag(config.getRequestConfig());
    builder.connectTimeout(config.getConnectionTimeout(), TimeUnit.MILLISECONDS);
    // Watches are WebSockets, which need a connection each, of this version.
    builder.preferHttp11();
    builder.sslContext(null, authorities);
    builder.addOrReplaceInterceptor("account", new AgentHeaders(account));
    interceptors.forEach(builder::addOrReplaceInterceptor);
    return builder;
  }

  private static final class Connections extends OkHttpClientFactory {

    /** How long until a connection is given up whose server has vanished. */
    private static final Duration PING = Duration.ofSeconds(15);

    @Override
    protected OkHttpClient.Builder newOkHttpClientBuilder() {
      // A watch is silent while nothing changes; a request has its own limit.
      return super.newOkHttpClientBuilder()
          .readTimeout(Duration.ZERO)
          .writeTimeout(Duration.ZERO)
          .pingInterval(PING)
          .proxy(Proxy.NO_PROXY)
          .followRedirects(false)
          .followSslRedirects(false);
    }
  }
}
