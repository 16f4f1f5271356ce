/** Makes the objects that deploy the agent in a cluster: from options to a plan to YAML. */
@NullMarked
package io.smartagent.kubernetes.manifest;

import org.jspecify.annotations.NullMarked;
