/** What the AgentNodes of all nodes say together. */
@NullMarked
package io.smartagent.kubernetes.fleet;

import org.jspecify.annotations.NullMarked;
