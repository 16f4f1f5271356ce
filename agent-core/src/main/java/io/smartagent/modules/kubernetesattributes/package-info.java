/** {@code kubernetes-attributes}: tells all modules what Kubernetes says of this node's pods. */
@NullMarked
package io.smartagent.modules.kubernetesattributes;

import org.jspecify.annotations.NullMarked;
