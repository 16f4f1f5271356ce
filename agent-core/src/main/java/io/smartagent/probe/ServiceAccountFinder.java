package io.smartagent.probe;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileType;
import io.smartagent.kernel.file.Filesystem;
import java.nio.charset.StandardCharsets;

/**
 * Finds the token of the pod's ServiceAccount: where a projected volume is mounted below the host's
 * root, else where kubelet mounts it by itself.
 */
final class ServiceAccountFinder {

  private static final String NAMESPACE = "/namespace";
  private static final int MAX_NAME_LENGTH = 253;
  private static final int READABLE_BY_OTHERS = 04;

  private final Filesystem files;
  private final String hostRoot;

  ServiceAccountFinder(Filesystem files, String hostRoot) {
    this.files = files;
    this.hostRoot = hostRoot;
  }

  ClusterFacts find(ClusterQuestion question) {
    if (question.server().isEmpty()) {
      return ClusterFacts.NONE;
    }
    try (Descriptor root = files.openDirectory(hostRoot)) {
      if (isRoots(root, question.directory()) && hasToken(root, question.directory())) {
        return facts(root, question.server(), question.directory(), true);
      }
    } catch (ErrnoException noHost) {
      // What the container itself has may do.
    }
    try (Descriptor own = files.openDirectory("/")) {
      if (hasToken(own, ClusterQuestion.AUTOMOUNTED)) {
        return facts(own, question.server(), ClusterQuestion.AUTOMOUNTED, false);
      }
    } catch (ErrnoException unreadable) {
      // As if there were none.
    }
    return new ClusterFacts(question.server(), "", false, "", false);
  }

  private ClusterFacts facts(Descriptor root, String server, String directory, boolean onHost) {
    return new ClusterFacts(
        server, directory, onHost, namespace(root, directory), isOpen(root, directory));
  }

  /** The data directory is the agent's: what its user has put there is no volume of kubelet's. */
  private boolean isRoots(Descriptor root, String path) {
    try (Descriptor directory = files.locateInRoot(root, path)) {
      return files.status(directory).uid() == 0;
    } catch (ErrnoException none) {
      return false;
    }
  }

  private boolean isOpen(Descriptor root, String directory) {
    try (Descriptor token = files.locateInRoot(root, directory + ClusterQuestion.TOKEN)) {
      return (files.status(token).permissions() & READABLE_BY_OTHERS) != 0;
    } catch (ErrnoException gone) {
      return false;
    }
  }

  /** It is a link to a link: kubelet exchanges all files of a volume at once by one of them. */
  private boolean hasToken(Descriptor root, String directory) {
    try (Descriptor token = files.locateInRoot(root, directory + ClusterQuestion.TOKEN)) {
      return files.status(token).type() == FileType.REGULAR;
    } catch (ErrnoException none) {
      return false;
    }
  }

  private String namespace(Descriptor root, String directory) {
    try (Descriptor file = files.openInRoot(root, directory + NAMESPACE)) {
      return new String(files.readStart(file, MAX_NAME_LENGTH), StandardCharsets.UTF_8).strip();
    } catch (ErrnoException none) {
      return "";
    }
  }
}
