/**
 * Reads manifests of Kubernetes, YAML and JSON, one object at a time and with the lines that they
 * stand in.
 */
@NullMarked
package io.smartagent.kubernetes.manifest;

import org.jspecify.annotations.NullMarked;
