package io.smartagent.kubernetes.audit;

import io.smartagent.config.ExitStatus;
import io.smartagent.kubernetes.ApiPermission;
import io.smartagent.kubernetes.ClusterFeature;
import io.smartagent.kubernetes.audit.ApiLists.Page;
import io.smartagent.kubernetes.audit.ApiLists.Query;
import io.smartagent.kubernetes.yaml.ManifestNode;
import io.smartagent.kubernetes.yaml.ManifestNode.Mapping;
import io.smartagent.kubernetes.yaml.ManifestNode.Scalar;
import io.smartagent.kubernetes.yaml.ManifestObject;
import io.smartagent.kubernetes.yaml.ManifestProblem;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the workloads of a cluster into an audit, list by list and page by page: memory holds one
 * page, and what is reported. A list that is not available is reported at the end, and the result
 * does not pass for a clean one; the others are read.
 */
public final class ClusterAudit {

  /** Pods that have ended hold nothing. */
  private static final String LIVING = "status.phase!=Succeeded,status.phase!=Failed";

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
          goesOn = read(query(permission, resource));
        } else {
          unread.add(query(permission, resource).path());
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
  private boolean read(Query query) {
    try {
      audit.sourceRead();
      new Pages(query).read();
      anyRead = true;
      return true;
    } catch (ListFailure e) {
      return goesOn(query.permission(), query.path(), e);
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

  private Query query(ApiPermission permission, String resource) {
    boolean all = permission == ApiPermission.AUDIT_VOLUMES;
    return new Query(
        permission, resource, all ? "" : namespace, resource.equals("pods") ? LIVING : "", "");
  }

  /** One list, as far as it was read. */
  private final class Pages {

    private final Query first;
    private long objects;

    Pages(Query first) {
      this.first = first;
    }

    void read() throws ListFailure {
      Query query = first;
      while (true) {
        Page page = page(query);
        page.objects().forEach(object -> add(page.kind(), object));
        audit.pageRead(query.resource());
        if (page.next().isEmpty()) {
          return;
        }
        if (page.next().equals(query.continueToken())) {
          throw new ListFailure(
              ListFailure.Kind.OTHER,
              "The list has no end.",
              "Look at what is between this program and the API server.",
              "");
        }
        query = query.from(page.next());
      }
    }

    /** A list that has expired continues with the current objects: kubernetes.io, API concepts. */
    private Page page(Query query) throws ListFailure {
      try {
        return lists.page(query);
      } catch (ListFailure e) {
        if (e.kind() != ListFailure.Kind.EXPIRED || e.continueToken().isEmpty()) {
          throw e;
        }
        audit.note(
            "The list "
                + query.path()
                + " expired after "
                + objects
                + " objects. The others are as they are by now, so one that was made or deleted"
                + " meanwhile may be missing.");
        return lists.page(query.from(e.continueToken()));
      }
    }

    private void add(String kind, Mapping object) {
      objects++;
      audit.add(new ManifestObject(link(object), kind, object, false));
    }

    private String link(Mapping object) {
      String of = text(object, "metadata", "namespace");
      Query query =
          of.isEmpty()
              ? first
              : new Query(first.permission(), first.resource(), of, first.fieldSelector(), "");
      return query.path() + "/" + text(object, "metadata", "name");
    }
  }

  /** Returns the text at the end of these names, empty if it does not exist. */
  private static String text(Mapping from, String... names) {
    @Nullable ManifestNode node = from;
    for (String name : names) {
      node = node instanceof Mapping mapping ? mapping.fields().get(name) : null;
    }
    return node instanceof Scalar scalar ? scalar.text() : "";
  }
}
