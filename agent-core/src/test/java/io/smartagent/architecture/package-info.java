/** The arrows between the rooms of this house hold. */
@NullMarked
package io.smartagent.architecture;

import org.jspecify.annotations.NullMarked;
