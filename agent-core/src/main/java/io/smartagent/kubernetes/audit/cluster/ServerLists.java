package io.smartagent.kubernetes.audit.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.smartagent.kubernetes.ApiPermission;
import io.smartagent.kubernetes.audit.ApiLists;
import io.smartagent.kubernetes.audit.ListFailure;
import io.smartagent.kubernetes.client.ApiClient;
import io.smartagent.kubernetes.client.ApiFailure;
import io.smartagent.kubernetes.client.ApiRequestException;
import io.smartagent.kubernetes.client.ClusterClient;
import io.smartagent.kubernetes.client.UnknownClusterException;
import io.smartagent.kubernetes.yaml.ManifestNode;
import io.smartagent.kubernetes.yaml.ManifestNode.Mapping;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lists of a user's cluster. Memory holds one page, without managed fields, status and data. */
public final class ServerLists implements ApiLists, AutoCloseable {

  /** That of kubectl. */
  private static final long PAGE_SIZE = 500;

  private static final int ATTEMPTS = 4;
  private static final long FIRST_PAUSE_MILLIS = 500;
  private static final String LIST = "List";

  private final ApiClient api;

  private ServerLists(ApiClient api) {
    this.api = api;
  }

  /**
   * Returns the lists of a cluster, to be closed.
   *
   * @param kubeconfig the file that names it; empty for KUBECONFIG, the file of the user's home, or
   *     the ServiceAccount of the pod that this runs in
   * @param context of that file; empty for its current one
   * @throws UnknownClusterException if no cluster is configured, or the file cannot be read
   */
  public static ServerLists open(String kubeconfig, String context) throws UnknownClusterException {
    return new ServerLists(
        ApiClient.ofUser(
            kubeconfig.isEmpty() ? null : kubeconfig, context.isEmpty() ? null : context));
  }

  @Override
  public Page page(Query query) throws ListFailure {
    long pause = FIRST_PAUSE_MILLIS;
    for (int attempt = 1; ; attempt++) {
      try {
        return pageOf(api.call(query.permission(), client -> list(client, query)));
      } catch (ApiRequestException e) {
        if (attempt == ATTEMPTS || !isTemporary(e.failure()) || !pause(pause)) {
          throw failed(e);
        }
      }
      pause *= 2;
    }
  }

  private static GenericKubernetesResourceList list(KubernetesClient client, Query query) {
    var resources =
        client.genericKubernetesResources(
            new ResourceDefinitionContext.Builder()
                .withGroup(query.permission().group())
                .withVersion("v1")
                .withPlural(query.resource())
                .withNamespaced(query.permission() != ApiPermission.AUDIT_VOLUMES)
                .build());
    ListOptions options =
        new ListOptionsBuilder()
            .withLimit(PAGE_SIZE)
            .withFieldSelector(orNull(query.fieldSelector()))
            .withContinue(orNull(query.continueToken()))
            .build();
    return query.namespace().isEmpty()
        ? resources.inAnyNamespace().list(options)
        // The client takes it for a part of the address as it is.
        : resources.inNamespace(URLEncoder.encode(query.namespace(), UTF_8)).list(options);
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static Page pageOf(@Nullable GenericKubernetesResourceList list) throws ListFailure {
    String kind = list == null ? null : list.getKind();
    if (list == null || kind == null || !kind.endsWith(LIST) || list.getMetadata() == null) {
      throw noList();
    }
    List<GenericKubernetesResource> items = list.getItems() == null ? List.of() : list.getItems();
    String next = list.getMetadata().getContinue();
    return new Page(
        kind.substring(0, kind.length() - LIST.length()),
        items.stream().map(ServerLists::object),
        next == null ? "" : next);
  }

  private static Mapping object(GenericKubernetesResource item) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    if (item.getMetadata() != null) {
      fields.put("metadata", ClusterClient.map(item.getMetadata()));
    }
    fields.putAll(item.getAdditionalProperties());
    return (Mapping) ManifestNode.of(fields);
  }

  private static boolean isTemporary(ApiFailure failure) {
    return failure.kind() == ApiFailure.Kind.TOO_MANY_REQUESTS
        || failure.kind() == ApiFailure.Kind.SERVER_ERROR;
  }

  /** Returns whether the time has passed: an interrupt ends the attempts. */
  private static boolean pause(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static ListFailure failed(ApiRequestException e) {
    ApiFailure failure = e.failure();
    ListFailure.Kind kind =
        switch (failure.kind()) {
          case FORBIDDEN -> ListFailure.Kind.FORBIDDEN;
          case UNAUTHORIZED -> ListFailure.Kind.UNAUTHORIZED;
          case GONE -> ListFailure.Kind.EXPIRED;
          case NOT_FOUND, CONFLICT, INVALID, TOO_MANY_REQUESTS, SERVER_ERROR, OTHER ->
              ListFailure.Kind.OTHER;
          case UNREACHABLE, TIMEOUT, UNTRUSTED, NO_ACCOUNT -> ListFailure.Kind.NO_SERVER;
        };
    return failure.kind() == ApiFailure.Kind.OTHER && e.code() == 0
        ? noList()
        : new ListFailure(kind, failure.fault(), failure.remedy(), e.continueToken());
  }

  private static ListFailure noList() {
    return new ListFailure(
        ListFailure.Kind.OTHER,
        "The answer broke off, or is no list in JSON.",
        "Run it again, and look at what is between this program and the API server.",
        "");
  }

  @Override
  public void close() {
    api.close();
  }
}
