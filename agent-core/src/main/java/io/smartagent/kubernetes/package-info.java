/** What the agent and its command line have to do with Kubernetes, as values. */
@NullMarked
package io.smartagent.kubernetes;

import org.jspecify.annotations.NullMarked;
