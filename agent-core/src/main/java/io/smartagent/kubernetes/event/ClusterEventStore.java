package io.smartagent.kubernetes.event;

import io.smartagent.kubernetes.ApiPermission;
import io.smartagent.kubernetes.client.ApiRequestException;
import io.smartagent.kubernetes.client.ApiRequests;
import io.smartagent.kubernetes.client.ApiRequests.Body;

/** Events in the cluster. */
final class ClusterEventStore implements EventStore {

  private final ApiRequests requests;
  private final String node;

  /**
   * @param node that tells them; empty where its name is not known
   */
  ClusterEventStore(ApiRequests requests, String node) {
    this.requests = requests;
    this.node = node;
  }

  @Override
  public void create(EventSeries series) throws ApiRequestException {
    try {
      requests.post(path(series), EventObjectJson.object(series, node), ApiPermission.EVENTS);
    } catch (ApiRequestException e) {
      // The answer to an attempt before this one was lost.
      if (!e.isObjectThere()) {
        throw e;
      }
      // Since that attempt it may have happened again.
      if (series.count() > 1) {
        update(series);
      }
    }
  }

  @Override
  public void update(EventSeries series) throws ApiRequestException {
    requests.patch(
        path(series) + "/" + series.name(),
        Body.MERGE,
        EventObjectJson.change(series),
        ApiPermission.EVENTS);
  }

  private static String path(EventSeries series) {
    return "/apis/events.k8s.io/v1/namespaces/"
        + series.first().regarding().eventNamespace()
        + "/events";
  }
}
