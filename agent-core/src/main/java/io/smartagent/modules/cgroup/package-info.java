/** The container and pod that a control group belongs to, from its path. */
@NullMarked
package io.smartagent.modules.cgroup;

import org.jspecify.annotations.NullMarked;
