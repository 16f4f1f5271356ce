/**
 * {@code plan --assume}: a kernel that answers as that of a described container would. Planning
 * itself is the same. Nothing of this is loaded on the path to exec.
 */
@NullMarked
package io.smartagent.simulation;

import org.jspecify.annotations.NullMarked;
