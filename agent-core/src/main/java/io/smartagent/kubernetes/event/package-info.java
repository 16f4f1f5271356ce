/** Events of Kubernetes that the agent writes. */
@NullMarked
package io.smartagent.kubernetes.event;

import org.jspecify.annotations.NullMarked;
