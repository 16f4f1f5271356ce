package io.smartagent.kubernetes.event;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.smartagent.kubernetes.ApiPermission;
import io.smartagent.kubernetes.client.ApiClient;
import io.smartagent.kubernetes.client.ApiRequestException;
import java.util.function.Function;

/** Events in the cluster. */
final class ClusterEventStore implements EventStore {

  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  private final ApiClient api;
  private final String node;

  /**
   * @param node that reports them; empty if its name is unknown
   */
  ClusterEventStore(ApiClient api, String node) {
    this.api = api;
    this.node = node;
  }

  @Override
  public void create(EventSeries series) throws ApiRequestException {
    try {
      call(EventObject.of(series, node), Resource::create);
    } catch (ApiRequestException e) {
      // The response to an earlier attempt was lost.
      if (!e.isObjectPresent()) {
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
    call(EventObject.change(series), event -> event.patch(MERGE));
  }

  private void call(Event event, Function<Resource<Event>, Event> request)
      throws ApiRequestException {
    api.call(
        ApiPermission.EVENTS,
        client -> request.apply(client.resources(Event.class).resource(event)));
  }
}
