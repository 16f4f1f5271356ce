package io.smartagent.kubernetes.node;

import io.smartagent.kubernetes.client.ApiRequestException;
import org.jspecify.annotations.Nullable;

/** The AgentNode of one node, as the API server keeps it. */
interface AgentNodes {

  /**
   * Returns what it says; null where it says nothing yet.
   *
   * @throws ApiRequestException if there is none, or the server does not say
   */
  @Nullable AgentNodeStatus read() throws ApiRequestException;

  /**
   * Creates it without a status. That somebody else has done so is no failure.
   *
   * @throws ApiRequestException if the server does not
   */
  void create() throws ApiRequestException;

  /**
   * Has it say {@code status}.
   *
   * @throws ApiRequestException if there is none, or the server does not take it
   */
  void write(AgentNodeStatus status) throws ApiRequestException;
}
