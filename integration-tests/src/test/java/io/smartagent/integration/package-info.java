/**
 * What is promised, asked of the real image on a real kernel by programs that nobody here wrote.
 */
@NullMarked
package io.smartagent.integration;

import org.jspecify.annotations.NullMarked;
