package io.smartagent.kubernetes.audit;

import io.smartagent.kubernetes.ApiPermission;
import java.io.InputStream;

/** Gets lists of objects from an API server. */
@FunctionalInterface
public interface ApiLists {

  /**
   * Returns the answer to a GET, JSON that is to be read to its end and closed.
   *
   * @param path with its query
   * @param asked what has to be allowed for it
   * @throws ListFailure where there is none, or not the one that was asked for
   */
  InputStream get(String path, ApiPermission asked) throws ListFailure;
}
