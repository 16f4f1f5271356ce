/** The one place that makes clients of Kubernetes' API, and says what went wrong with one. */
@NullMarked
package io.smartagent.kubernetes.client;

import org.jspecify.annotations.NullMarked;
