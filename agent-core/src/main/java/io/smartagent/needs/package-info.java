/** What the launch and each module need of the container and of the host, as data. Pure. */
@NullMarked
package io.smartagent.needs;

import org.jspecify.annotations.NullMarked;
