/** The kernel's log, line by line, from its device or by syslog(2). */
@NullMarked
package io.smartagent.modules.kernellog;

import org.jspecify.annotations.NullMarked;
