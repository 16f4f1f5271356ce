/** What the kernel says has gone wrong on the host: host-events. */
@NullMarked
package io.smartagent.modules.hostevents;

import org.jspecify.annotations.NullMarked;
