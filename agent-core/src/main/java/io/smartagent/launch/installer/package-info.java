/** Getting the installer of another agent, and installing with it so that nothing is half-done. */
@NullMarked
package io.smartagent.launch.installer;

import org.jspecify.annotations.NullMarked;
