/** The custom resource that reports what a node's agent does, and what blocks the rest. */
@NullMarked
package io.smartagent.kubernetes.node;

import org.jspecify.annotations.NullMarked;
