package io.smartagent.kubernetes.event;

import io.smartagent.kubernetes.client.ApiRequestException;

/** Where Events are kept. */
interface EventStore {

  /**
   * Creates the Event of a series.
   *
   * @throws ApiRequestException if the server does not; not where it is there already
   */
  void create(EventSeries series) throws ApiRequestException;

  /**
   * Has the Event of a series say how often it has happened.
   *
   * @throws ApiRequestException if the server does not, or has no such Event any more
   */
  void update(EventSeries series) throws ApiRequestException;
}
