package io.smartagent.kubernetes.audit;

import io.smartagent.kubernetes.yaml.ManifestProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what was named on the command line: files, directories, {@code -} for standard input. */
public final class ManifestFiles {

  private static final String STANDARD_INPUT = "standard input";
  private static final String NOTHING = "There is nothing in it.";

  private final Audit audit;
  private final InputStream standardInput;
  private int unreadable;

  /** Reads into {@code audit}. */
  public ManifestFiles(Audit audit, InputStream standardInput) {
    this.audit = audit;
    this.standardInput = standardInput;
  }

  /** Reads all of them; one that cannot be read is a problem of the audit. */
  public void read(List<String> names) {
    names.forEach(this::read);
  }

  private void read(String name) {
    if (name.equals("-")) {
      readStandardInput();
      return;
    }
    try {
      Path path = Path.of(name);
      if (Files.isDirectory(path)) {
        directory(path);
      } else if (!file(path)) {
        problem(name, NOTHING, "Name files with objects of Kubernetes.");
      }
    } catch (InvalidPathException e) {
      problem(name, "It is no name of a file.", "Name files and directories that are there.");
    }
  }

  private void readStandardInput() {
    try {
      if (!audit.read(STANDARD_INPUT, standardInput)) {
        problem(STANDARD_INPUT, NOTHING, "Did the program before the pipe fail?");
      }
    } catch (IOException e) {
      unreadable(STANDARD_INPUT, e);
    }
  }

  /** Returns whether it holds anything, or that was reported. */
  private boolean file(Path file) {
    try (InputStream input = Files.newInputStream(file)) {
      return audit.read(file.toString(), input);
    } catch (IOException e) {
      unreadable(file.toString(), e);
      return true;
    }
  }

  private void directory(Path directory) {
    List<Path> files = new ArrayList<>();
    int before = unreadable;
    try {
      Files.walkFileTree(directory, new Collector(directory, files));
    } catch (IOException e) {
      unreadable(directory.toString(), e);
    }
    if (files.isEmpty() && unreadable == before) {
      problem(
          directory.toString(),
          "There is no file in it that is called *.yaml, *.yml or *.json.",
          "Name the files themselves.");
    }
    files.stream().sorted().forEach(this::file);
  }

  /** Collects manifests; whatever cannot be read is reported, and the rest is read. */
  private final class Collector extends SimpleFileVisitor<Path> {

    private final Path top;
    private final List<Path> files;

    Collector(Path top, List<Path> files) {
      this.top = top;
      this.files = files;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      boolean hidden = !directory.equals(top) && isHidden(top.relativize(directory));
      return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      // A link that leads nowhere is opened too, and reported.
      boolean nowhere = attributes.isSymbolicLink() && !Files.exists(file);
      if ((Files.isRegularFile(file) || nowhere)
          && isManifest(file)
          && !isHidden(top.relativize(file))) {
        files.add(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      unreadable(file.toString(), e);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
      if (e != null) {
        unreadable(directory.toString(), e);
      }
      return FileVisitResult.CONTINUE;
    }
  }

  private static boolean isManifest(Path path) {
    String name = String.valueOf(path.getFileName());
    return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
  }

  /** The volume of a ConfigMap has all its files a second time, in a directory that is hidden. */
  private static boolean isHidden(Path path) {
    for (Path name : path) {
      if (name.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private void unreadable(String name, IOException e) {
    unreadable++;
    String why =
        switch (e) {
          case NoSuchFileException missing -> "There is no such file.";
          case AccessDeniedException denied -> "It may not be read.";
          default -> "It cannot be read: " + e.getMessage() + ".";
        };
    problem(name, why, "Name files that are there, and mount them into the container readably.");
  }

  private void problem(String name, String fault, String remedy) {
    audit.add(new ManifestProblem(name, 0, fault, remedy));
  }
}
