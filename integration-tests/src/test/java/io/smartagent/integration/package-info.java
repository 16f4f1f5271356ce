/**
 * What is promised, asked of the real image on a real kernel by programs that are not part of this
 * project.
 */
@NullMarked
package io.smartagent.integration;

import org.jspecify.annotations.NullMarked;
