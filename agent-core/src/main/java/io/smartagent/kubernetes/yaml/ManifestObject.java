package io.smartagent.kubernetes.yaml;

import io.smartagent.kubernetes.yaml.ManifestNode.Mapping;

/**
 * An object of Kubernetes, as in a manifest. Of its fields there are apiVersion, kind, metadata,
 * spec and template; no status and no data, which may be large and irrelevant to how it runs.
 *
 * @param source that contains it
 * @param kind of the object; that of its list where the object itself names none; may be empty
 * @param fields of the object
 * @param isList whether it is a list, whose items are objects of their own
 */
public record ManifestObject(String source, String kind, Mapping fields, boolean isList) {}
