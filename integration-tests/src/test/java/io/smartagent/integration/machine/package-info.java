/** The machine that the tests run on: its programs, its Docker, host roots, containers. */
@NullMarked
package io.smartagent.integration.machine;

import org.jspecify.annotations.NullMarked;
