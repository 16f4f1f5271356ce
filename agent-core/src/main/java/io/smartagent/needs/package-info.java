/** What a module needs of its container and of the host, as data. Pure. */
@NullMarked
package io.smartagent.needs;

import org.jspecify.annotations.NullMarked;
