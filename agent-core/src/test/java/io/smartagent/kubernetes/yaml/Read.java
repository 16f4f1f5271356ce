package io.smartagent.kubernetes.yaml;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Remembers all that was found in a source. */
final class Read implements ManifestSink {

  final List<ManifestObject> objects = new ArrayList<>();
  final List<ManifestProblem> problems = new ArrayList<>();
  long bytes;

  static Read of(String manifest) {
    return of(manifest.getBytes(StandardCharsets.UTF_8));
  }

  static Read of(byte[] manifest) {
    return of(new ByteArrayInputStream(manifest));
  }

  static Read of(InputStream manifest) {
    Read read = new Read();
    try {
      ManifestReader.read("m.yaml", manifest, read);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return read;
  }

  List<String> kinds() {
    return objects.stream().map(ManifestObject::kind).toList();
  }

  List<Integer> lines() {
    return objects.stream().map(object -> object.fields().line()).toList();
  }

  List<String> texts() {
    return problems.stream().map(ManifestProblem::text).toList();
  }

  @Override
  public void object(ManifestObject object) {
    objects.add(object);
  }

  @Override
  public void problem(ManifestProblem problem) {
    problems.add(problem);
  }

  @Override
  public void progress(long more) {
    bytes += more;
  }
}
