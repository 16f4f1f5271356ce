/** Finds privileged containers in manifests, and plans what they could become. */
@NullMarked
package io.smartagent.kubernetes.audit;

import org.jspecify.annotations.NullMarked;
