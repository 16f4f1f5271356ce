/** What the kernel reports by netlink(7): processes that start and end, and network interfaces. */
@NullMarked
package io.smartagent.kernel.net;

import org.jspecify.annotations.NullMarked;
