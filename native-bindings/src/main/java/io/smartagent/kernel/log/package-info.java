/** The kernel's log: syslog(2) and /dev/kmsg. */
@NullMarked
package io.smartagent.kernel.log;

import org.jspecify.annotations.NullMarked;
