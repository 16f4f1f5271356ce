/** Makes the objects that deploy the agent in a cluster: from wishes to a plan to YAML. */
@NullMarked
package io.smartagent.kubernetes.deploy;

import org.jspecify.annotations.NullMarked;
