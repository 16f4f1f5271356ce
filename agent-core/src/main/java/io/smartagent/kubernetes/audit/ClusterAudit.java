package io.smartagent.kubernetes.audit;

import io.smartagent.config.ExitStatus;
import io.smartagent.kubernetes.ApiPermission;
import io.smartagent.kubernetes.ClusterFeature;
import io.smartagent.kubernetes.manifest.ManifestNode;
import io.smartagent.kubernetes.manifest.ManifestNode.Mapping;
import io.smartagent.kubernetes.manifest.ManifestNode.Scalar;
import io.smartagent.kubernetes.manifest.ManifestObject;
import io.smartagent.kubernetes.manifest.ManifestProblem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the workloads of a cluster into an audit, list by list, in chunks: memory holds one object
 * and what is to be told of. A list that cannot be had is told of at the end, and makes the result
 * one that does not pass for a clean one; the others are read.
 */
public final class ClusterAudit {

  /** As many as kubectl asks for at a time. */
  private static final int CHUNK = 500;

  /** Pods that have ended have nothing any more. */
  private static final String LIVING =
      "&fieldSelector=status.phase%21%3DSucceeded%2Cstatus.phase%21%3DFailed";

  /** What a problem of all lists is one of. */
  private static final String CLUSTER = "The cluster";

  private final Audit audit;
  private final ApiLists lists;
  private final String namespace;
  private final Map<ApiPermission, Denial> denials = new EnumMap<>(ApiPermission.class);
  private ExitStatus status = ExitStatus.OK;
  private boolean anyRead;

  /** What one missing rule keeps from being read. */
  private record Denial(List<String> paths, ListFailure failure) {}

  /**
   * Reads into {@code audit}.
   *
   * @param namespace that is read, empty for all
   */
  public ClusterAudit(Audit audit, ApiLists lists, String namespace) {
    this.audit = audit;
    this.lists = lists;
    this.namespace = namespace;
  }

  /**
   * Reads all lists.
   *
   * @return OK where they are complete, NOT_PERMITTED where one is refused, else UNAVAILABLE
   */
  public ExitStatus read() {
    List<String> unread = new ArrayList<>();
    boolean goesOn = true;
    for (ApiPermission permission : ClusterFeature.AUDIT.permissions()) {
      for (String resource : permission.resources()) {
        if (goesOn) {
          goesOn = read(permission, path(permission, resource));
        } else {
          unread.add(path(permission, resource));
        }
      }
      if (permission == ApiPermission.AUDIT_VOLUMES) {
        audit.volumesAreComplete();
      }
    }
    denials.forEach(this::denied);
    if (!unread.isEmpty() && anyRead) {
      audit.note("So these were not asked for: " + String.join(", ", unread) + ".");
    }
    return status;
  }

  /** Returns whether it is of any use to ask for another list. */
  private boolean read(ApiPermission permission, String path) {
    try {
      audit.sourceRead();
      new Chunks(permission, path).read();
      anyRead = true;
      return true;
    } catch (ListFailure e) {
      return goesOn(permission, path, e);
    } catch (IOException e) {
      unavailable(
          path,
          "The answer broke off: " + e.getMessage() + ".",
          "Run it again; what was read before is told of.");
      return true;
    }
  }

  private boolean goesOn(ApiPermission permission, String path, ListFailure failure) {
    return switch (failure.kind()) {
      case FORBIDDEN -> {
        denials
            .computeIfAbsent(permission, key -> new Denial(new ArrayList<>(), failure))
            .paths()
            .add(path);
        yield true;
      }
      case EXPIRED, OTHER -> {
        unavailable(path, failure.fault(), failure.remedy());
        yield true;
      }
      case NO_SERVER -> {
        unavailable(CLUSTER, failure.fault(), failure.remedy());
        yield false;
      }
      case UNAUTHORIZED -> {
        audit.add(new ManifestProblem(CLUSTER, 0, failure.fault(), failure.remedy()));
        status = ExitStatus.NOT_PERMITTED;
        yield false;
      }
    };
  }

  private void unavailable(String path, String fault, String remedy) {
    audit.add(new ManifestProblem(path, 0, fault, remedy));
    status = status == ExitStatus.OK ? ExitStatus.UNAVAILABLE : status;
  }

  /** Volumes are of use, but no container is overlooked without them. */
  private void denied(ApiPermission permission, Denial denial) {
    ListFailure failure = denial.failure();
    String paths = String.join(", ", denial.paths());
    if (permission == ApiPermission.AUDIT_VOLUMES) {
      audit.note(
          "Paths of the host behind PersistentVolumeClaims are not known. "
              + failure.fault()
              + " "
              + failure.remedy());
    } else {
      audit.add(new ManifestProblem(paths, 0, failure.fault(), failure.remedy()));
      status = ExitStatus.NOT_PERMITTED;
    }
  }

  private String path(ApiPermission permission, String resource) {
    String base = permission.group().isEmpty() ? "/api/v1" : "/apis/" + permission.group() + "/v1";
    boolean all = namespace.isEmpty() || permission == ApiPermission.AUDIT_VOLUMES;
    return base + (all ? "" : "/namespaces/" + encoded(namespace)) + "/" + resource;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** One list, as far as it was read. */
  private final class Chunks implements Consumer<ManifestObject> {

    private final ApiPermission permission;
    private final String path;
    private final String query;
    private @Nullable String next;
    private long objects;

    Chunks(ApiPermission permission, String path) {
      this.permission = permission;
      this.path = path;
      this.query = "?limit=" + CHUNK + (path.endsWith("/pods") ? LIVING : "");
    }

    void read() throws ListFailure, IOException {
      String token = "";
      do {
        next = null;
        try (InputStream answer = chunk(token)) {
          audit.readAnswer(path.substring(path.lastIndexOf('/') + 1), answer, this);
        }
        if (next == null || (!next.isEmpty() && next.equals(token))) {
          throw new IOException("it is no list, or one without an end");
        }
        token = next;
      } while (!token.isEmpty());
    }

    /** A list that has expired goes on with what is there by now: kubernetes.io, API concepts. */
    private InputStream chunk(String token) throws ListFailure {
      try {
        return get(token);
      } catch (ListFailure e) {
        if (e.kind() != ListFailure.Kind.EXPIRED || e.continueToken().isEmpty()) {
          throw e;
        }
        audit.note(
            "The list "
                + path
                + " expired after "
                + objects
                + " objects. The others are as they are by now, so one that was made or deleted"
                + " meanwhile may be missing.");
        return get(e.continueToken());
      }
    }

    private InputStream get(String token) throws ListFailure {
      return lists.get(
          path + query + (token.isEmpty() ? "" : "&continue=" + encoded(token)), permission);
    }

    @Override
    public void accept(ManifestObject object) {
      if (object.isList()) {
        next = text(object.fields(), "metadata", "continue");
        return;
      }
      objects++;
      audit.add(new ManifestObject(link(object), object.kind(), object.fields(), false));
    }

    private String link(ManifestObject object) {
      String of = text(object.fields(), "metadata", "namespace");
      int name = path.lastIndexOf('/');
      String base =
          of.isEmpty() || !namespace.isEmpty()
              ? path
              : path.substring(0, name) + "/namespaces/" + of + path.substring(name);
      return base + "/" + text(object.fields(), "metadata", "name");
    }
  }

  /** Returns the text at the end of these names, empty where there is none. */
  private static String text(Mapping from, String... names) {
    @Nullable ManifestNode node = from;
    for (String name : names) {
      node = node instanceof Mapping mapping ? mapping.fields().get(name) : null;
    }
    return node instanceof Scalar scalar ? scalar.text() : "";
  }
}
