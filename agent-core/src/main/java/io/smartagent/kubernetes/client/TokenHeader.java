package io.smartagent.kubernetes.client;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.smartagent.Version;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Says whose a request is, with the token as it is then: kubelet renews it. */
final class TokenHeader implements Interceptor {

  private final AccountFiles account;
  private final String userAgent = "smartagent/" + Version.current();

  TokenHeader(AccountFiles account) {
    this.account = account;
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    try {
      builder.setHeader("Authorization", "Bearer " + account.token());
      builder.setHeader("User-Agent", userAgent);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
