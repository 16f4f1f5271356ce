package io.smartagent.kubernetes.yaml;

/** Takes what is found in a source, as it comes. */
public interface ManifestSink {

  /** Takes an object. */
  void object(ManifestObject object);

  /** Takes a problem; whatever it is about gives no object. */
  void problem(ManifestProblem problem);

  /** Takes how many more bytes have been read. */
  void progress(long bytes);
}
