package io.smartagent.kubernetes.yaml;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads the objects of a stream: documents of YAML and JSON, one after the other, and lists of
 * objects. A document that cannot be parsed is reported, and those behind it are read. Memory holds
 * one object, however long the stream is.
 */
public final class ManifestReader {

  private ManifestReader() {}

  /**
   * Reads to the end of {@code input}.
   *
   * @param source what to call it
   * @throws IOException where it cannot be read
   */
  public static void read(String source, InputStream input, ManifestSink sink) throws IOException {
    DocumentSplitter splitter = new DocumentSplitter(input, sink);
    boolean first = true;
    while (splitter.next()) {
      String binary = splitter.binaryKind();
      if (!binary.isEmpty()) {
        sink.problem(
            new ManifestProblem(
                source,
                splitter.linesBefore() + 1,
                first ? "It is " + binary + ", and no manifest." : "From here it is no text.",
                binary.equals("UTF-16")
                    ? "Save it as UTF-8."
                    : "Name files of YAML or JSON only, unpacked."));
        return;
      }
      first = false;
      document(source, splitter, sink);
    }
  }

  private static void document(String source, DocumentSplitter splitter, ManifestSink sink)
      throws IOException {
    boolean json = splitter.skipToJson();
    int before = splitter.linesBefore();
    try {
      Events events =
          json
              ? new JsonEvents(splitter.document(), before)
              : new YamlEvents(splitter.document(), before);
      new ObjectReader(source, events, splitter, sink).readAll();
    } catch (InvalidManifest e) {
      int template = splitter.templateLine();
      sink.problem(
          new ManifestProblem(
              source,
              e.line(),
              e.fault(),
              template > 0 && template <= e.line() ? templateRemedy(template) : e.remedy()));
    }
  }

  /** Returns what to do where a template was not rendered. */
  static String templateRemedy(int line) {
    return "Line "
        + line
        + " has \"{{\": it looks like a template of Helm that was not rendered. Render it: helm"
        + " template CHART | smartagent audit -";
  }
}
