/** Reads the lists of an audit from an API server. */
@NullMarked
package io.smartagent.kubernetes.audit.cluster;

import org.jspecify.annotations.NullMarked;
