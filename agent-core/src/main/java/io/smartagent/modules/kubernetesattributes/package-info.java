/**
 * {@code kubernetes-attributes}: provides the pods of this node, from Kubernetes, to all modules.
 */
@NullMarked
package io.smartagent.modules.kubernetesattributes;

import org.jspecify.annotations.NullMarked;
