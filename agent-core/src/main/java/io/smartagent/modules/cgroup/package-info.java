/** What a control group's path tells of the container and pod that it was made for. */
@NullMarked
package io.smartagent.modules.cgroup;

import org.jspecify.annotations.NullMarked;
