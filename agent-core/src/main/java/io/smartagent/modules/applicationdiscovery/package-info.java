/** Which applications run on the host: application-discovery. */
@NullMarked
package io.smartagent.modules.applicationdiscovery;

import org.jspecify.annotations.NullMarked;
