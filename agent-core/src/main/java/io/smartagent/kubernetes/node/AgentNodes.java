package io.smartagent.kubernetes.node;

import io.smartagent.kubernetes.client.ApiRequestException;
import org.jspecify.annotations.Nullable;

/** The AgentNode of one node, as the API server keeps it. */
interface AgentNodes {

  /**
   * Returns its status; null before the first one is written.
   *
   * @throws ApiRequestException if it does not exist, or the server does not return it
   */
  @Nullable AgentNodeStatus read() throws ApiRequestException;

  /**
   * Creates it without a status. That it exists already is no failure.
   *
   * @throws ApiRequestException if the server does not
   */
  void create() throws ApiRequestException;

  /**
   * Writes its status.
   *
   * @throws ApiRequestException if it does not exist, or the server does not accept it
   */
  void write(AgentNodeStatus status) throws ApiRequestException;
}
