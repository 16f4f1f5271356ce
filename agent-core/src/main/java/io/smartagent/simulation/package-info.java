/**
 * {@code plan --assume}: predicts the facts about a container that is not here from a description
 * of it. Planning itself is the same. Nothing of this is loaded on the path to exec.
 */
@NullMarked
package io.smartagent.simulation;

import org.jspecify.annotations.NullMarked;
