/**
 * Reads manifests of Kubernetes, YAML and JSON, one object at a time and with their line numbers,
 * and writes them with comments. The only room that knows the YAML library.
 */
@NullMarked
package io.smartagent.kubernetes.yaml;

import org.jspecify.annotations.NullMarked;
