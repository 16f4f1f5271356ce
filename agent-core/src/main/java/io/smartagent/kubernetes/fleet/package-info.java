/** Summarizes the AgentNodes of all nodes. */
@NullMarked
package io.smartagent.kubernetes.fleet;

import org.jspecify.annotations.NullMarked;
