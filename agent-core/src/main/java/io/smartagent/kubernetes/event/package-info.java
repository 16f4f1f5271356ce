/** What the agent tells as Events of Kubernetes. */
@NullMarked
package io.smartagent.kubernetes.event;

import org.jspecify.annotations.NullMarked;
