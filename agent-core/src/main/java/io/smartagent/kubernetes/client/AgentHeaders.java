package io.smartagent.kubernetes.client;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.smartagent.Version;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Authenticates each request with the token that is valid then: kubelet rotates it. Of an object
 * that is written, only the metadata is returned: the agent knows the rest.
 */
final class AgentHeaders implements Interceptor {

  private static final String METADATA =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json;q=0.5";

  private final AccountFiles account;
  private final String userAgent = "smartagent/" + Version.current();

  AgentHeaders(AccountFiles account) {
    this.account = account;
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    try {
      builder.setHeader("Authorization", "Bearer " + account.token());
      builder.setHeader("User-Agent", userAgent);
      if (!"GET".equals(request.method())) {
        builder.setHeader("Accept", METADATA);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
