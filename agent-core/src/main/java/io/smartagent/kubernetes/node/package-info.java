/** The custom resource that says of a node what its agent does, and what blocks the rest. */
@NullMarked
package io.smartagent.kubernetes.node;

import org.jspecify.annotations.NullMarked;
