/**
 * What container engines and Kubernetes give a container by default, each with its source and
 * version, and the securityContext that asks for something else. Pure.
 */
@NullMarked
package io.smartagent.confinement;

import org.jspecify.annotations.NullMarked;
