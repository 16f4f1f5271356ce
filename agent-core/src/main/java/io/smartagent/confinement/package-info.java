/**
 * What container engines and Kubernetes give a container by default, each with its source and
 * version, and the securityContext that changes it. Pure.
 */
@NullMarked
package io.smartagent.confinement;

import org.jspecify.annotations.NullMarked;
