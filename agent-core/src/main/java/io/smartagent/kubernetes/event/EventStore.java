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
   * Writes to the Event of a series how often it has happened.
   *
   * @throws ApiRequestException if the server does not, or no longer has such an Event
   */
  void update(EventSeries series) throws ApiRequestException;
}
