/** log-discovery: finds the log files on the host: path, process, container, format, rotation. */
@NullMarked
package io.smartagent.modules.logdiscovery;

import org.jspecify.annotations.NullMarked;
