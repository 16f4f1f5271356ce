package io.smartagent.kubernetes.audit;

import io.smartagent.kubernetes.ApiPermission;
import io.smartagent.kubernetes.yaml.ManifestNode.Mapping;
import java.util.stream.Stream;

/** Lists objects of an API server, page by page. */
@FunctionalInterface
public interface ApiLists {

  /**
   * Returns a page.
   *
   * @throws ListFailure if the server does not list the objects
   */
  Page page(Query query) throws ListFailure;

  /**
   * Which page of which list.
   *
   * @param permission that it takes
   * @param resource by its plural name
   * @param namespace of the objects; empty for all
   * @param fieldSelector of the objects; empty for all
   * @param continueToken of the page before; empty for the first one
   */
  record Query(
      ApiPermission permission,
      String resource,
      String namespace,
      String fieldSelector,
      String continueToken) {

    Query from(String token) {
      return new Query(permission, resource, namespace, fieldSelector, token);
    }

    /** Returns the path of the list on the server. */
    String path() {
      String group = permission.group();
      return (group.isEmpty() ? "/api/v1" : "/apis/" + group + "/v1")
          + (namespace.isEmpty() ? "" : "/namespaces/" + namespace)
          + "/"
          + resource;
    }
  }

  /**
   * A page of a list.
   *
   * @param kind of the objects
   * @param objects apiVersion, kind, metadata, spec and template of each
   * @param next token that the next page continues from; empty at the end
   */
  record Page(String kind, Stream<Mapping> objects, String next) {}
}
