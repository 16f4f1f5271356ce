/** Makes clients of Kubernetes' API, and explains their failures. */
@NullMarked
package io.smartagent.kubernetes.client;

import org.jspecify.annotations.NullMarked;
